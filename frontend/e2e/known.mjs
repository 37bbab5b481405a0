// Browser tests of what was known: a link keeps its figures when more becomes known.
import assert from 'node:assert/strict';
import { eventually, open, violations } from './browser.mjs';
import { present } from './program.mjs';

const heading = { role: 'heading', name: 'Executive overview' };

/** env gives the browser, the program and its address. */
export function knownTests(test, env) {
  const counted = async (page) => {
    const text = await page.getByRole('article', { name: 'Deployment frequency' }).innerText();
    return Number(/([\d\s\u00a0\u202f,.]+) deployments on/.exec(text)?.[1].replaceAll(/\D/g, ''));
  };

  test.alone('known: a copied link shows the same figures after new facts, and leads back to the present', async () => {
    const options = { ready: heading, permissions: ['clipboard-read', 'clipboard-write'] };
    const sender = await open(env.browser, env.base, '/w/demo/overview?range=90d', options);
    await sender.page.clock.setFixedTime(new Date(Date.parse(present) + 30_000));
    const before = await counted(sender.page);
    // It says so for three seconds.
    await Promise.all([sender.page.getByText('Link copied').waitFor({ state: 'attached' }), sender.page.getByRole('button', { name: 'Copy link to this view' }).click()]);
    const link = await sender.page.evaluate(() => navigator.clipboard.readText());
    assert.match(link, /as_of=2026-11-22T12:00Z/);
    await sender.close();

    for (const [id, finished] of [['late-1', '2026-11-18T09:00:00Z'], ['late-2', '2026-11-19T09:00:00Z']]) {
      env.program.run('event', 'deploy', '--workspace', 'demo', '--id', id, '--application', 'payments-api', '--environment', 'production', '--status', 'success', '--finished-at', finished);
    }

    const live = await open(env.browser, env.base, '/w/demo/overview?range=90d', { ready: heading });
    assert.equal(await counted(live.page), before + 2);
    await live.close();

    const { page, complaints, close } = await open(env.browser, env.base, link.slice(env.base.length), { ready: heading });
    await page.getByText('As known on 22 Nov 2026, 12:00 (UTC)').waitFor();
    assert.equal(await counted(page), before);
    assert.deepEqual(await violations(page), []);
    await page.getByRole('link', { name: 'Applications' }).first().click();
    await page.waitForURL(/applications\?as_of=2026-11-22T12:00Z/);
    await page.goBack();
    await page.getByRole('heading', { name: heading.name }).waitFor();
    await page.getByRole('button', { name: 'Back to the present' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.search.includes('as_of'));
    await page.getByText('As known on').waitFor({ state: 'detached' });
    await page.waitForFunction((n) => document.body.innerText.replaceAll(/[\s\u00a0\u202f]/g, '').includes(`${n}deploymentson`), before + 2);
    assert.deepEqual(complaints, []);
    await close();
  });

  test.alone('known: a list and an incident of then keep what they showed', async () => {
    const asOf = 'as_of=2026-11-22T12:00Z';
    const event = (kind, id, ...flags) => env.program.run('event', kind, '--workspace', 'demo', '--id', id, '--application', 'payments-api', ...flags);
    const total = async (page) => {
      const text = await page.getByText(/[\d,]+ events/).first().innerText();
      return Number(/([\d,]+) events/.exec(text)[1].replaceAll(',', ''));
    };
    const events = { ready: { role: 'table', name: 'Events' } };
    const before = await open(env.browser, env.base, `/w/demo/events?app=payments-api&range=7d&${asOf}`, events);
    const counted = await total(before.page);
    await before.close();

    event('incident', 'late-incident', '--opened-at', '2026-11-20T09:30:00Z');
    event('deploy', 'late-3', '--environment', 'production', '--status', 'success', '--finished-at', '2026-11-20T09:00:00Z');

    const list = await open(env.browser, env.base, `/w/demo/events?app=payments-api&range=7d&${asOf}`, events);
    assert.equal(await total(list.page), counted);
    assert.equal(await list.page.getByText('Live', { exact: true }).count(), 0);
    assert.deepEqual(await violations(list.page), []);
    assert.deepEqual(list.complaints, []);
    await list.page.getByRole('button', { name: 'Back to the present' }).click();
    await list.page.getByText('Live', { exact: true }).waitFor();
    await eventually(async () => assert.ok((await total(list.page)) >= counted + 2, 'the present counts what came since'));
    await list.close();

    const found = await (await fetch(`${env.base}/api/v1/incidents?workspace=demo&application=payments-api&from=2026-11-20&to=2026-11-21`)).json();
    const { id } = found.items.find((item) => item.external_id === 'late-incident');
    const now = await open(env.browser, env.base, `/w/demo/incidents/${id}`, { ready: { role: 'heading', name: /late-incident/ } });
    await now.close();
    const { page, close } = await open(env.browser, env.base, `/w/demo/incidents/${id}?${asOf}`);
    await page.getByText('As known on 22 Nov 2026, 12:00 (UTC)').waitFor();
    await page.getByText('There is no such incident in this workspace').waitFor();
    assert.equal(await page.getByText('late-incident').count(), 0);
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Back to the present' }).click();
    await page.getByRole('heading', { name: /late-incident/ }).first().waitFor();
    await close();
  });
}
