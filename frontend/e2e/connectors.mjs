// Browser tests of the page of connections.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { open, settled, violations } from './browser.mjs';
import { demoSecret } from './program.mjs';

const heading = { role: 'heading', name: 'Connectors & data quality' };

const path = (id) => `/w/demo/connectors/${id}`;

/** The pages, with what must be named on them; pathOf makes a path from an answer of the API. */
export const connectorPages = (pathOf) => {
  const one = (name) => () => pathOf('connections?', (list) => path(list.items.find((c) => c.name === name).id));
  return {
    connectors: {
      path: '/w/demo/connectors',
      ready: heading,
      named: [['tab', 'Connections'], ['table', /Connections/], ['link', 'larkmoor-github'], ['button', 'Pause']],
    },
    'a connection that is asked': {
      path: one('larkmoor-github'),
      ready: { role: 'heading', name: 'larkmoor-github' },
      named: [['table', /Permissions/], ['table', 'Lists that are read'], ['button', /^Read all dead letters/], ['region', 'Settings']],
    },
    'a connection that is refused': { path: one('larkmoor-enterprise'), ready: { role: 'heading', name: 'larkmoor-enterprise' }, named: [['table', /Permissions/]] },
    'a connection that waits': { path: one('larkmoor-pagerduty'), ready: { role: 'heading', name: 'larkmoor-pagerduty' }, named: [['button', 'Copy command']] },
    'a connection of alerts': { path: one('larkmoor-alertmanager'), ready: { role: 'heading', name: 'larkmoor-alertmanager' }, named: [['button', /^Preview/]] },
    'no connections': { path: '/w/default/connectors', ready: heading, named: [] },
    'a connection that is gone': { path: path('unknown'), ready: { role: 'heading', name: 'Connection' }, named: [], absent: true },
  };
};

/** What the page does; env gives the browser, the program and its address. */
export function connectorTests(test, env) {
  const connections = async () => (await (await fetch(`${env.base}/api/v1/connections?workspace=demo`)).json()).items;
  const named = async (name) => (await connections()).find((one) => one.name === name);
  const visit = async (name, query = '', options = {}) =>
    open(env.browser, env.base, `${path((await named(name)).id)}${query}`, { ready: { role: 'heading', name }, ...options });

  /** Signs a browser in as a role and opens a connection. */
  const visitAs = async (role, name, query = '') => {
    const link = /(\/signin\S+)/.exec(env.program.run('signin', '--role', role, '--url', env.base))[1];
    const session = await open(env.browser, env.base, link, {});
    await session.page.goto(`${env.base}${path((await named(name)).id)}${query}`);
    await session.page.getByRole('heading', { level: 1, name }).waitFor();
    await settled(session.page);
    return session;
  };

  test('connectors: the worst come first, and filters stay in the address', async () => {
    const { page, close } = await open(env.browser, env.base, '/w/demo/connectors', { ready: heading });
    const names = page.getByRole('table').getByRole('rowheader').getByRole('link');
    await names.first().waitFor();
    assert.deepEqual(await names.allInnerTexts(), ['larkmoor-enterprise', 'larkmoor-probes', 'larkmoor-pagerduty', 'larkmoor-github', 'larkmoor-alertmanager']);
    await page.getByRole('combobox', { name: 'State' }).selectOption('late');
    await page.waitForURL(/status=late/);
    await page.reload();
    await page.getByText('1 row', { exact: true }).waitFor();
    await settled(page);
    assert.deepEqual(await names.allInnerTexts(), ['larkmoor-probes']);
    await close();
  });

  test.alone('connectors: a connection that waits hears the shown command', async () => {
    const { page, complaints, close } = await visit('larkmoor-pagerduty');
    await page.getByText('Waiting for the first event …').waitFor();
    const command = await page.locator('pre').first().innerText();
    const sent = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, LARKMOOR_PAGERDUTY_SECRET: 'guessed' } });
    assert.match(sent, /"status":401/);
    await page.getByText(/1 request was turned away, the last .*: key or signature is missing or wrong/).waitFor();
    const taken = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { ...process.env, LARKMOOR_PAGERDUTY_SECRET: demoSecret } });
    assert.match(taken, /"outcome":"ignored"/);
    const said = page.locator('output[aria-live="polite"]', { hasText: /^First event received at / });
    await said.waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
    await close();
  });

  test.alone('connectors: dead letters are found by keyboard, looked at, and read again', async () => {
    const { page, close } = await visitAs('operator', 'larkmoor-github');
    await page.getByRole('button', { name: 'Show dead letters' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/outcome=rejected/);
    const table = page.getByRole('table', { name: 'Deliveries' });
    await page.getByText('3 deliveries', { exact: true }).waitFor();
    await settled(page);
    await table.getByRole('link').first().focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: /^Delivery: / });
    await drawer.getByText('Persons and secrets are taken out.').waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Read all dead letters again/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Read deliveries again' });
    await dialog.getByText('Would change 0 of 3. Nothing has been written.').waitFor();
    assert.deepEqual(await violations(page), []);
    await close();
  });

  test.alone('connectors: a rule is tried, refused by field, and put in force', async () => {
    const { page, close } = await visitAs('admin', 'larkmoor-alertmanager');
    await page.getByText('There is no rule: no alert is an incident.').waitFor();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Minimum duration').fill('soon');
    await page.getByRole('button', { name: /^Preview/ }).click();
    await page.getByRole('alert').filter({ hasText: 'rules[0].minimum' }).waitFor();
    await page.getByLabel('Minimum duration').fill('5m');
    await page.getByRole('button', { name: /^Preview/ }).click();
    const preview = page.getByRole('region', { name: 'Preview', exact: true });
    const sentence = await preview.getByText(/^Of [\d\s]+ alerts in 30 days/).innerText();
    const [, taken, made] = /take ([\d\s]+) and make ([\d\s]+) incidents \(before 0\)/.exec(sentence);
    assert.ok(Number(taken) > 0 && Number(made) > 0, sentence);
    await preview.getByRole('table', { name: /incidents? that result/ }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Put the rules in force' }).click();
    await page.getByText('There is no rule').waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.querySelector('[aria-label="Settings as JSON"]')?.textContent.includes('rule-1'));
    assert.equal((await named('larkmoor-alertmanager')).settings.rules[0].name, 'rule-1');
    await close();
  });

  test('connectors: a viewer may try rules, and is told who puts them in force', async () => {
    const { page, close } = await visit('larkmoor-probes');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByRole('button', { name: /^Preview/ }).click();
    await page.getByText(/^Only an administrator can put rules in force here/).waitFor();
    assert.match(await page.locator('pre').first().innerText(), /^connections:\n {2}- name: "larkmoor-probes"/);
    await close();
  });

  test('connectors: German', async () => {
    const { page, complaints, close } = await open(env.browser, env.base, '/w/demo/connectors', { locale: 'de-DE', ready: { role: 'heading', name: 'Konnektoren & Datenqualität' } });
    await page.getByRole('table').getByText('Abgewiesen oder widerrufen').first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
