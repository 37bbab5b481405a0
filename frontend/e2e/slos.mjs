// Browser tests of service levels: the list, one with its ledger, trying targets,
// and a first one made in the form.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, overflow, settled, violations } from './browser.mjs';
import { shared } from './harness.mjs';
import { serve } from './program.mjs';

const list = { path: '/w/demo/slos', ready: { role: 'table', name: 'SLOs' } };

/** The pages, given how a path is read from an answer of the API. */
export const sloPages = (pathOf) => ({
  slos: { ...list, named: [['searchbox', 'Name'], ['combobox', 'Status'], ['link', 'New SLO']] },
  slo: {
    path: () => pathOf('service-levels?limit=1', ({ items }) => `/w/demo/slos/${items[0].id}`),
    ready: { role: 'application', name: 'Error budget left' },
    named: [['region', 'Who spent the budget'], ['application', 'Burn rate'], ['slider', 'Target'], ['region', 'Definition']],
  },
  'new slo': { path: '/w/demo/slos/new?app=payments-api', ready: { role: 'textbox', name: 'OpenSLO document' }, named: [['button', 'Preview'], ['textbox', 'Target in percent']] },
  'reliability of an application': {
    path: () => pathOf('service-levels?limit=1', ({ items }) => `/w/demo/applications/${items[0].application.slug}?tab=reliability`),
    ready: { role: 'table', name: 'SLOs and their budgets' },
    named: [['tab', 'Reliability'], ['region', 'Who spent the budget']],
  },
});

export function sloTests(test, site) {
  test('slos: the list shows what the API answers, the worst budget first', async () => {
    const { items } = await (await fetch(`${site.base}/api/v1/service-levels?workspace=demo`)).json();
    const known = items.map(({ budget }) => budget.remaining).filter((left) => left !== null);
    assert.deepEqual(known, known.toSorted((a, b) => a - b));
    const { page, complaints, close } = await open(site.browser, site.base, list.path, { ready: list.ready });
    const rows = page.getByRole('table', { name: 'SLOs' }).getByRole('row');
    assert.equal(await rows.count(), Math.min(items.length, 50) + 1);
    const percent = items[0].budget.remaining * 100;
    assert.match(await rows.nth(1).innerText(), new RegExp(Math.abs(percent) < 99.95 ? String(Number(percent.toFixed(1))) : Math.round(percent)));
    await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Healthy' });
    await page.waitForURL(/status=healthy/);
    await page.reload();
    assert.equal(await page.getByRole('combobox', { name: 'Status' }).inputValue(), 'healthy');
    assert.deepEqual(complaints, []);
    await close();
  });

  const listAt = (width, opened) => async () => {
    const { page } = await shared(() => open(site.browser, site.base, list.path, { ready: list.ready, width: opened }));
    await page.setViewportSize({ width, height: 900 });
    assert.ok((await overflow(page)) <= 0, `the page is ${await overflow(page)} px too wide`);
    const inside = await page.getByRole('table', { name: 'SLOs' }).evaluate((table) => table.parentElement.scrollWidth - table.parentElement.clientWidth);
    if (width >= 1360) assert.ok(inside <= 0, `the table is ${inside} px too wide`);
  };
  test.group(Object.fromEntries([1440, 1360, 1024, 768].map((width) => [`slos: the list at ${width} px`, listAt(width, 1440)])));
  test.group(Object.fromEntries([390, 320].map((width) => [`slos: the list at ${width} px`, listAt(width, 390)])));

  test('slos: from the list to the burn, what explains it, and its page, by keyboard', async () => {
    const { page, complaints, close } = await open(site.browser, site.base, list.path, { ready: list.ready });
    await page.getByRole('table', { name: 'SLOs' }).getByRole('link').first().press('Enter');
    const chart = page.getByRole('application', { name: 'Error budget left' });
    await chart.waitFor();
    await settled(page);
    await chart.focus();
    await page.keyboard.press('End');
    await chart.getByRole('status').filter({ hasText: /%/ }).waitFor();
    const mark = page.getByRole('list', { name: 'What happened, from left to right' }).getByRole('button').filter({ hasText: 'Deployment' }).first();
    await mark.press('Enter');
    await mark.and(page.locator('[aria-pressed="true"]')).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.locator('figure').first().getByRole('link').first().click();
    await page.getByRole('heading', { level: 1, name: /^(Deployment|Incident) / }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('slos: a composite has a burn-down of its own, by keyboard and on a small screen', async () => {
    const ready = { role: 'application', name: 'Error budget left of all objectives as one' };
    const { composite } = await (await fetch(`${site.base}/api/v1/service-levels/payments-journey?workspace=demo`)).json();
    const { page, complaints, close } = await open(site.browser, site.base, '/w/demo/slos/payments-journey', { ready });
    const chart = page.getByRole(ready.role, { name: ready.name });
    const figure = page.locator('figure').filter({ has: chart });
    const mark = figure.getByRole('list', { name: 'What happened, from left to right' }).getByRole('button').first();
    await mark.press('Enter');
    await mark.and(page.locator('[aria-pressed="true"]')).waitFor();
    await chart.focus();
    await page.keyboard.press('Home');
    await chart.getByRole('status').filter({ hasText: /% of the budget left/ }).waitFor();
    assert.equal(await figure.getByText('even spending').count(), 0);
    const left = Number((composite.budget.remaining * 100).toFixed(1));
    await page.getByRole('region', { name: 'All objectives as one', exact: true }).getByText(new RegExp(`${left}.% of the budget left`)).first().waitFor();
    assert.deepEqual(await violations(page), []);
    await page.setViewportSize({ width: 390, height: 844 });
    assert.ok((await overflow(page)) <= 0, `${await overflow(page)} px too wide`);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('slos: the ledger adds up to what was consumed', async () => {
    const { items } = await (await fetch(`${site.base}/api/v1/service-levels?workspace=demo&limit=5`)).json();
    for (const { id, objective, series, environment, name } of items) {
      const query = new URLSearchParams({ workspace: 'demo', objective, series, environment });
      const spend = await (await fetch(`${site.base}/api/v1/service-levels/${id}/spend?${query}`)).json();
      const sum = spend.entries.reduce((all, { bad }) => all + bad, spend.unattributed);
      assert.ok(Math.abs(sum - spend.bad) < 1e-6 * spend.bad, `${name}: ${sum} of ${spend.bad}`);
    }
  });

  test('slos: what if the target were another', async () => {
    const { items } = await (await fetch(`${site.base}/api/v1/service-levels?workspace=demo&limit=1`)).json();
    const { page, complaints, close } = await open(site.browser, site.base, `/w/demo/slos/${items[0].id}`, { ready: { role: 'slider', name: 'Target' } });
    const field = page.getByRole('textbox', { name: 'Target in percent' });
    await field.fill('99');
    const table = page.getByRole('table', { name: /^With a target of 99.%$/ });
    await table.waitFor();
    assert.deepEqual((await table.getByRole('rowheader').allInnerTexts()).map((text) => text.split('\n')[0]).toSorted(), ['1 month, calendar', '28 days, rolling', '30 days, rolling', '7 days, rolling', '90 days, rolling']);
    await page.getByText('as defined', { exact: true }).waitFor();
    await page.getByRole('slider', { name: 'Target' }).press('ArrowRight');
    await page.getByRole('table', { name: /^With a target of 99.01.%$/ }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test('slos: the matrix of the overview counts every application once, and leads to them', async () => {
    const { page, close } = await open(site.browser, site.base, '/w/demo/overview', { ready: { role: 'heading', name: 'Executive overview' } });
    const matrix = page.getByRole('table', { name: 'Risk and error budgets' });
    await matrix.waitFor();
    await settled(page);
    const { items } = await (await fetch(`${site.base}/api/v1/applications?workspace=demo&limit=500`)).json();
    const counts = await matrix.locator('tbody td').allInnerTexts();
    assert.equal(counts.reduce((all, text) => all + Number(text), 0), items.length);
    await matrix.getByRole('button').first().press('Enter');
    await page.getByRole('list', { name: /: / }).getByRole('link').first().click();
    await page.getByRole('table', { name: 'SLOs and their budgets' }).or(page.getByText('This application promises nothing yet')).first().waitFor();
    await close();
  });

  test('slos: a measured series is chosen, tried at once, and says what is strange and late', async () => {
    const server = await serve();
    const [, link, address] = server.found;
    const bring = (name, text) => {
      const file = join(server.data, name);
      writeFileSync(file, text);
      return file;
    };
    server.run('apply', '-f', bring('evenkeel.yaml', 'applications:\n  - {slug: shop, name: Shop}\n'));
    const minute = 60_000;
    const end = Math.floor(Date.now() / minute) * minute;
    const at = (minutes) => new Date(end - minutes * minute).toISOString();
    const event = (id, source, series, slices) => `${JSON.stringify({ kind: 'measurement', id, source, application: 'shop', environment: 'production', series, slice_seconds: 60, slices })}\n`;
    const good = Array.from({ length: 600 }, (_, i) => ({ at: at(600 - i), good: 99, total: 100 }));
    good[550] = { at: good[550].at, good: 120, total: 100 };
    good[551] = { at: good[551].at, good: 1e19, total: 100 };
    server.run('import', 'events', bring('first.ndjson', event('1', 'probe', 'availability', good) + event('1', 'other', 'availability', good.slice(0, 60)) + event('1', 'probe', 'latency', good.map(({ at }) => ({ at, value: 0.2541 })))));
    server.run('import', 'events', bring('late.ndjson', event('2', 'probe', 'availability', [{ at: at(400), good: 40, total: 100 }, { at: at(399), good: 100, total: 100 }])));
    const { page, complaints, close } = await open(site.browser, address, link.slice(address.length), { ready: { role: 'heading', name: 'Executive overview' } });
    await page.goto(`${address}/w/default/slos/new?app=shop`);
    const picker = page.getByRole('combobox', { name: 'Choose a measured series' });
    await picker.selectOption({ label: 'latency · production · value' });
    await page.getByRole('table', { name: 'Preview on past data' }).getByText(/100.%/).first().waitFor();
    assert.match(await page.getByRole('textbox', { name: 'OpenSLO document' }).inputValue(), /op: lte\n {6}value: 0\.26/);
    await picker.selectOption({ label: 'availability · production · good, total' });
    await page.getByRole('table', { name: 'Preview on past data' }).getByText(/98.9/).first().waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Save', exact: true }).and(page.locator(':enabled')).click();
    await page.getByRole('heading', { level: 1, name: 'Availability' }).waitFor();
    const strange = page.getByRole('region', { name: 'Strange measurements' });
    for (const words of ['More good or bad events than there were at all good', 'Numbers that cannot be good', 'Not counted: other']) await strange.getByText(words).first().waitFor();
    const late = page.getByRole('region', { name: /Known late/ });
    await late.getByText('2 slices altered').waitFor();
    await page.getByText(/filled in: nothing was known/).first().waitFor();
    assert.deepEqual(await violations(page), []);
    await page.goto(`${address}/w/default/slos/new?app=shop`);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('shop-later');
    await page.getByRole('textbox', { name: 'Measured series' }).fill('later');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).and(page.locator(':enabled')).click();
    await page.getByText('Nothing to try it on').waitFor();
    await page.getByRole('region', { name: 'How it is measured' }).getByText('Nothing was measured yet').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    assert.ok((await overflow(page)) <= 0, `${await overflow(page)} px too wide`);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
    await close();
    await server.stop();
  });

  test('slos: an admin makes the first one in the form, and changes its target', async () => {
    const server = await serve();
    const [, link, address] = server.found;
    const file = join(server.data, 'evenkeel.yaml');
    writeFileSync(file, 'applications:\n  - {slug: shop, name: Shop}\n');
    server.run('apply', '-f', file);
    const { page, complaints, close } = await open(site.browser, address, link.slice(address.length), { ready: { role: 'heading', name: 'Executive overview' } });
    await page.goto(`${address}/w/default/slos`);
    await page.getByText('No SLOs yet').waitFor();
    assert.deepEqual(await violations(page), []);
    await page.goto(`${address}/w/default/slos/new?app=shop`);
    const target = page.getByRole('textbox', { name: 'Target in percent' });
    await target.fill('100');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('list', { name: 'What to fix' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled(), true);
    await target.fill('99.5');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).and(page.locator(':enabled')).click();
    await page.getByRole('heading', { level: 1, name: 'Availability' }).waitFor();
    await page.getByText(/No data/).first().waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'OpenSLO document' }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    assert.ok((await overflow(page)) <= 0, `${await overflow(page)} px too wide`);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints.filter((text) => !/status of 4\d\d/.test(text)), []);
    await close();
    await server.stop();
  });
}
