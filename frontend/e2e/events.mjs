// Browser tests of the page of events and deliveries.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { eventually, open, settled, violations } from './browser.mjs';

const heading = { role: 'heading', name: 'Events' };

/** The pages, with what must be named on them; pathOf makes a path from an answer of the API. */
export const eventPages = (pathOf) => ({
  events: {
    path: '/w/demo/events',
    ready: heading,
    named: [['tab', 'Deliveries'], ['figure', 'Events over time'], ['table', 'Events'], ['search', 'Filters'], ['button', 'Pause'], ['button', 'Export']],
  },
  'one event': {
    path: () => pathOf('facts?kind=deployment&environment=production&from=30d&limit=1', (list) => `/w/demo/events?sel=${list.items[0].id}`),
    ready: { role: 'heading', name: 'Where it counts' },
    named: [['dialog', /^Deployment: /], ['link', 'Open the deployment'], ['heading', 'What is known'], ['heading', /^Said /]],
  },
  'events, none left': { path: '/w/demo/events?kind=incident&status=nothing', ready: heading, named: [['button', /^Clear “/]] },
  deliveries: { path: '/w/demo/events?tab=deliveries', ready: heading, named: [['tab', 'Deliveries'], ['search', 'Filters'], ['group', 'Outcome']] },
});

/** What the page does; env gives the browser, the program and its address. */
export function eventTests(test, env) {
  const start = (query = '', options = {}) => open(env.browser, env.base, `/w/demo/events${query}`, { ready: heading, ...options });
  const summary = async (page, query = '') => page.evaluate(async (q) => (await fetch(`/api/v1/facts/summary?workspace=demo&from=30d${q}`)).json(), query);
  const spaced = (n) => new RegExp(`^${String(n).replace(/\B(?=(\d{3})+$)/g, '\\D?')} events?\\b`);
  const region = (page) => page.getByRole('region', { name: /^Events, scrollable/ });

  test('events: a choice narrows the list to what the API counts, and stays in the address', async () => {
    const { page, complaints, close } = await start();
    await page.getByRole('checkbox', { name: /^Incident/ }).check();
    await page.waitForURL(/kind=incident/);
    const { total } = await summary(page, '&kind=incident');
    await page.getByText(spaced(total)).waitFor();
    await eventually(async () => {
      const kinds = await region(page).locator('tbody tr:not([style]) td:nth-child(2)').allInnerTexts();
      assert.ok(kinds.length > 0 && kinds.every((kind) => kind === 'Incident'), kinds.join());
    });
    await page.reload();
    await page.getByRole('checkbox', { name: /^Incident/, checked: true }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('events: two fields zoom, so does drawing over the chart, and both end', async () => {
    const { page, close } = await start();
    await page.getByLabel('From (UTC)').fill('2026-11-10T08:00');
    await page.getByLabel('To (UTC)').fill('2026-11-10T14:00');
    await page.getByRole('button', { name: 'Zoom', exact: true }).click();
    await page.waitForURL(/zoom=2026-11-10T08:00Z\.\.2026-11-10T14:00Z/);
    const { total } = await page.evaluate(async () => (await fetch('/api/v1/facts/summary?workspace=demo&from=2026-11-10T08:00:00Z&to=2026-11-10T14:00:00Z')).json());
    await page.getByText(spaced(total)).waitFor();
    await page.getByRole('button', { name: 'Reset zoom' }).click();
    await page.waitForURL((url) => !url.search.includes('zoom'));
    const plot = page.getByRole('application', { name: 'Events over time' });
    await settled(page);
    const { x, y, width } = await plot.boundingBox();
    await page.mouse.move(x + width * 0.4, y + 60);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.6, y + 60, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/zoom=/);
    await close();
  });

  test('events: read by keyboard far down the list, opened, and left at the same row', async () => {
    const { page, close } = await start();
    await region(page).focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.activeElement?.dataset.row === '99');
    await page.waitForFunction(() => document.querySelector('[data-row="101"]') !== null);
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement?.dataset.row === '100');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('heading', { name: 'Where it counts' }).waitFor();
    assert.match(page.url(), /sel=/);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.dataset.row === '100');
    assert.doesNotMatch(page.url(), /sel=/);
    await close();
  });

  test.alone('events: what arrives is counted and shown when asked for; a pause holds', async () => {
    const { page, close } = await start('?source=e2e');
    await page.getByText('Live', { exact: true }).waitFor();
    const post = (id) => env.program.run('event', 'incident', '--workspace', 'demo', '--source', 'e2e', '--id', id, '--application', 'payments-api', '--opened-at', '2026-11-22T11:00:00Z');
    post('E2E-1');
    const show = page.getByRole('button', { name: /^1 new or changed event/ });
    await show.waitFor();
    await show.click();
    await region(page).getByRole('link').first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused', { exact: true }).waitFor();
    post('E2E-2');
    await page.waitForTimeout(2500);
    assert.equal(await page.getByRole('button', { name: /new or changed/ }).count(), 0);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: /^1 new or changed event/ }).waitFor();
    await close();
  });

  test('events: an export holds what matches', async () => {
    const { page, close } = await start('?kind=incident', { acceptDownloads: true });
    const { total } = await summary(page, '&kind=incident');
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('menuitem', { name: /NDJSON/ }).click();
    const file = await coming;
    const rows = readFileSync(await file.path(), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    assert.equal(rows.length, total);
    assert.ok(rows.every((row) => row.kind === 'incident'));
    await page.getByText(`${total} events saved`).waitFor();
    await close();
  });

  test('events: the filters are a sheet on a phone', async () => {
    const { page, close } = await start('', { width: 390 });
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('dialog', { name: 'Filters' }).getByRole('checkbox', { name: /^Deployment/ }).check();
    await page.waitForURL(/kind=deployment/);
    assert.deepEqual(await violations(page), []);
    await close();
  });
}
