// Browser tests of the definitions and of incidents: what a viewer sees, and
// what an admin says.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, violations } from './browser.mjs';
import { serve } from './program.mjs';

const definitions = { path: '/w/demo/definitions', ready: { role: 'heading', name: 'What counts today' } };

/** The pages, given how a path is read from an answer of the API. */
export const policyPages = (pathOf) => ({
  definitions: { ...definitions, named: [['region', 'Try other rules'], ['region', 'Versions'], ['button', 'Preview on the last year']] },
  incident: {
    path: () => pathOf('incidents?application=payments-api&limit=1', (list) => `/w/demo/incidents/${list.items[0].id}`),
    ready: { role: 'heading', name: /^Incident / },
    named: [['region', 'What happened'], ['region', 'Laid to']],
  },
});

export function policyTests(test, site) {
  test('a viewer tries other rules on the last year', async () => {
    const { page, complaints, close } = await open(site.browser, site.base, definitions.path, { ready: definitions.ready });
    await page.getByLabel('An incident is laid to a deployment within').first().fill('1h');
    await page.getByRole('button', { name: 'Preview on the last year' }).click();
    const said = page.getByText(/^These rules find/);
    await said.waitFor();
    const counts = [.../find (.+) deployments, (.+) failures; before (.+) and (.+)\.$/.exec(await said.innerText())].slice(1).map((text) => Number(text.replaceAll(/\D/g, '')));
    assert.equal(counts[0], counts[2], 'the window says nothing of deployments');
    assert.ok(counts[1] < counts[3], `${counts[1]} failures within an hour, ${counts[3]} within the window in force`);
    assert.equal(await page.getByRole('button', { name: 'Save as a new version' }).count(), 0);
    assert.deepEqual(await violations(page), []);
    await page.getByLabel('An incident is laid to a deployment within').first().fill('0h');
    await page.getByRole('button', { name: 'Preview on the last year' }).click();
    await page.getByRole('alert').filter({ hasText: 'failure_window' }).waitFor();
    assert.deepEqual(complaints.filter((text) => !/status of 4\d\d/.test(text)), []);
    await close();
  });

  test('a deployment that failed leads to its incident, which says what it is laid to and why', async () => {
    const list = await (await fetch(`${site.base}/api/v1/incidents?workspace=demo&application=payments-api&limit=1`)).json();
    const { page, complaints, close } = await open(site.browser, site.base, `/w/demo/incidents/${list.items[0].id}`, { ready: { role: 'heading', name: /^Incident / } });
    const laid = page.getByRole('region', { name: 'Laid to', exact: true });
    await laid.getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: /^Deployment / }).waitFor();
    await page.getByRole('region', { name: 'What followed', exact: true }).locator('a[href*="/incidents/"]').first().click();
    await page.getByRole('heading', { level: 1, name: /^Incident / }).waitFor();
    await laid.getByText(/caused_by: |a guess from nearness in time/).first().waitFor();
    assert.deepEqual(await violations(page), []);
    assert.equal(await page.getByRole('checkbox', { name: /caused it$/ }).count(), 0, 'a viewer only looks');
    assert.deepEqual(complaints, []);
    await close();
  });

  test('an admin lays an incident to another deployment', async () => {
    const server = await serve();
    const [, link, address] = server.found;
    const file = join(server.data, 'evenkeel.yaml');
    writeFileSync(file, 'applications:\n  - {slug: shop, name: Shop}\n');
    server.run('apply', '-f', file);
    const say = (kind, id, ...rest) => server.run('event', kind, '--source', 'e2e', '--id', id, '--application', 'shop', ...rest);
    const ago = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();
    for (const [id, hours] of [['1.0', 30], ['1.1', 10]]) {
      say('deployment', id, '--environment', 'production', '--status', 'success', '--version', id, '--finished-at', ago(hours));
    }
    say('incident', 'INC-1', '--opened-at', ago(9));
    const { page, complaints, close } = await open(site.browser, address, link.slice(address.length), { ready: { role: 'heading', name: 'Executive overview' } });
    const { items } = await page.evaluate(async () => (await fetch('/api/v1/incidents?workspace=default&application=shop')).json());
    await page.goto(`${address}/w/default/incidents/${items[0].id}`);
    await page.getByRole('region', { name: 'Laid to', exact: true }).getByText('1.1').first().waitFor();
    await page.getByRole('checkbox', { name: '1.0 caused it' }).check();
    await page.getByRole('textbox', { name: 'Reason' }).fill('seen in the log');
    await page.getByRole('button', { name: 'Lay it to the chosen deployment' }).click();
    await page.getByText('Laid to 1 deployment.').waitFor();
    await page.getByRole('region', { name: 'Laid to', exact: true }).getByText('1.0').first().waitFor();
    await page.getByRole('heading', { name: 'The rules alone say' }).waitFor();
    await page.getByText(/seen in the log/).first().waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
    await close();
    await server.stop();
  });
}
