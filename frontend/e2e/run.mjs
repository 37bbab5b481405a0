// Browser tests of every page, in Chromium against the real binary with the
// demo company. Run by 'make test'; alone: node frontend/e2e/run.mjs [part of a name]
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { binary, demo, repository, serve } from './program.mjs';
import { eventually, executablePath, focused, launch, open, overflow, settled, shifts, violations } from './browser.mjs';
import { collect, runAll, shared } from './harness.mjs';
import { connectorPages, connectorTests } from './connectors.mjs';
import { eventPages, eventTests } from './events.mjs';
import { exportTests } from './export.mjs';
import { flowPages, flowTests } from './flow.mjs';
import { judgedTests } from './judged.mjs';
import { knownTests } from './known.mjs';
import { policyPages, policyTests } from './policy.mjs';
import { qualityPages, qualityTests } from './quality.mjs';
import { sloPages, sloTests } from './slos.mjs';
import { sloSuggestionPages, sloSuggestionTests } from './slosuggestions.mjs';
import { suggestionPages, suggestionTests } from './suggestions.mjs';

for (const [file, fix] of [[binary, 'make build'], [executablePath, 'apt-get install chromium']]) {
  if (existsSync(file)) continue;
  console.log(`browser tests ${process.env.EVENKEEL_REQUIRE_ALL ? 'failed' : 'skipped'}: ${file} is missing (${fix})`);
  process.exit(process.env.EVENKEEL_REQUIRE_ALL ? 1 : 0);
}

const { test, groups } = collect(process.argv[2] ?? '');

/** Every page, with what must be named on it. */
const pages = {
  overview: {
    path: '/w/demo/overview',
    ready: { role: 'heading', name: 'Executive overview' },
    named: [['article', 'Change lead time'], ['article', 'Deployment frequency'], ['article', 'Failed deployment recovery time'], ['article', 'Change fail rate'], ['article', 'Rework rate'], ['article', 'Incidents'], ['figure', 'Change lead time'], ['region', 'Needs your attention'], ['table', 'Teams']],
  },
  applications: {
    path: '/w/demo/applications',
    ready: { role: 'heading', name: 'Applications' },
    named: [['table', /pplications/], ['link', 'Payments API']],
  },
  application: {
    path: '/w/demo/applications/payments-api',
    ready: { role: 'heading', name: 'Payments API' },
    named: [['tab', 'Delivery'], ['article', 'Change lead time'], ['figure', 'Change fail rate'], ['figure', /Deployments per/], ['table', /deployments/i]],
  },
  'application without data': { path: '/w/demo/applications/carbon-report', ready: { role: 'heading', name: 'Carbon report' }, named: [] },
  'application with little data': { path: '/w/demo/applications/demand-forecast', ready: { role: 'heading', name: 'Demand forecast' }, named: [] },
  'stale application': { path: '/w/demo/applications/fleet-analytics', ready: { role: 'heading', name: 'Fleet analytics' }, named: [] },
  'application with partial coverage': { path: '/w/demo/applications/document-store', ready: { role: 'heading', name: 'Document store' }, named: [] },
  deployment: {
    path: () => pathOf('deployments?application=payments-api&limit=1', (list) => `/w/demo/deployments/${list.items[0].id}`),
    ready: { role: 'heading', name: /^Deployment / },
    named: [['region', 'What it shipped'], ['region', 'What followed'], ['region', 'Where it is counted'], ['region', 'What was said of it']],
  },
  'what changed': {
    path: '/w/demo/changed?app=payments-api&since=7d',
    ready: { role: 'heading', name: 'What changed?' },
    named: [['combobox', 'Application'], ['list', 'Newest first'], ['button', 'Pause']],
  },
  'what changed, of nothing yet': { path: '/w/demo/changed', ready: { role: 'heading', name: 'What changed?' }, named: [] },
  teams: { path: '/w/demo/groups', ready: { role: 'heading', name: 'Teams' }, named: [['link', 'Storefront']] },
  team: { path: '/w/demo/groups/storefront', ready: { role: 'heading', name: 'Storefront' }, named: [['article', 'Change fail rate']] },
  ...eventPages(pathOf),
  ...connectorPages(pathOf),
  ...flowPages,
  ...qualityPages,
  ...suggestionPages,
  ...sloPages(pathOf),
  ...sloSuggestionPages,
  ...policyPages(pathOf),
  'empty workspace': { path: '/w/default/overview', ready: { role: 'heading', name: 'Executive overview' }, named: [] },
  'missing page': { path: '/w/demo/nothing', ready: { role: 'heading', name: 'There is nothing at this address' }, named: [], absent: true },
  'unknown workspace': { path: '/w/nonexistent/overview', ready: { role: 'heading', name: 'There is no workspace "nonexistent", or you have no access to it' }, named: [['list', 'You have access to:'], ['link', 'Default']], absent: true },
};

let base;
let browser;

/** A path that depends on an answer of the API. */
async function pathOf(question, read) {
  return read(await (await fetch(`${base}/api/v1/${question}&workspace=demo`)).json());
}

for (const [name, { path: given, ready, named, absent }] of Object.entries(pages)) {
  const visit = (options) => shared(async () => open(browser, base, typeof given === 'function' ? await given() : given, { ready, ...options }));
  const whole = (options) => async () => {
    const { page, complaints } = await visit(options);
    for (const [role, label] of named) await page.getByRole(role, { name: label }).first().waitFor({ state: 'attached' });
    assert.deepEqual(await violations(page), []);
    assert.ok((await shifts(page)) <= 0.02, `layout shifted by ${await shifts(page)}`);
    assert.equal(await page.locator('h1').count(), 1);
    assert.match(await page.title(), /Evenkeel/);
    assert.deepEqual(complaints.filter((c) => !(absent && c.includes('404'))), []);
  };
  const fits = (width, options) => async () => {
    const { page } = await visit(options);
    await page.setViewportSize({ width, height: 900 });
    assert.ok((await overflow(page)) <= 0, `${await overflow(page)} px too wide`);
    if (width === 390) assert.deepEqual(await violations(page), []);
  };
  // A page is opened wide, on a phone and in the dark; other widths are those of
  // a window that is drawn smaller.
  test.group({
    [`${name}, light: accessible, quiet, nothing from elsewhere`]: whole({}),
    [`${name}, 1440 px: fits`]: fits(1440, {}),
    [`${name}, 768 px: fits`]: fits(768, {}),
  });
  test.group({
    [`${name}, 390 px: fits`]: fits(390, { width: 390 }),
    [`${name}, 320 px: fits`]: fits(320, { width: 390 }),
  });
  test.group({ [`${name}, dark: accessible, quiet, nothing from elsewhere`]: whole({ scheme: 'dark' }) });
}

test('the tiles show what the API answers', async () => {
  const { page, close } = await open(browser, base, pages.overview.path, { ready: pages.overview.ready });
  const answer = await page.evaluate(async () => (await fetch('/api/v1/overview?workspace=demo&from=180d')).json());
  const frequency = await page.getByRole('article', { name: 'Deployment frequency' }).innerText();
  const spaced = (n) => new RegExp(String(n).replace(/\B(?=(\d{3})+$)/g, '\\D?'));
  assert.match(frequency, spaced(answer.report.deployment_frequency.deployments));
  const lead = await page.getByRole('article', { name: 'Change lead time' }).innerText();
  assert.match(lead, new RegExp((answer.report.change_lead_time.median_seconds / 3600).toFixed(1)));
  const fail = await page.getByRole('article', { name: 'Change fail rate' }).innerText();
  assert.match(fail, new RegExp(`${answer.report.change_fail_rate.failed} of`));
  await close();
});

test('unknown workspace: its heading has the focus, and a workspace that there is comes next, in German too', async () => {
  for (const [locale, title, overview] of [['en-GB', /^There is no workspace "nonexistent"/, 'Executive overview'], ['de-DE', /^Es gibt keinen Arbeitsbereich „nonexistent“/, undefined]]) {
    const { page, close } = await open(browser, base, '/w/nonexistent/slos', { locale, ready: { role: 'heading', name: title } });
    await focused(page.getByRole('heading', { level: 1, name: title }));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/w\/demo\/overview/);
    await page.getByRole('heading', { level: 1, name: overview }).first().waitFor();
    await close();
  }
});

test('keyboard: skip link, explain a figure, read the chart, reach an application', async () => {
  const { page, close } = await open(browser, base, pages.overview.path, { ready: pages.overview.ready });
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  const explain = page.getByRole('button', { name: 'Explain Change fail rate' }).first();
  await explain.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await settled(page);
  assert.match(await dialog.innerText(), /default-1/, 'the policy version is named');
  assert.match(await dialog.innerText(), /95 % interval/, 'the interval is named');
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await focused(explain); // It returns to the button.
  const chart = page.getByRole('application', { name: 'Change lead time' });
  await chart.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await chart.getByRole('status').filter({ hasText: /median/i }).waitFor();
  await page.keyboard.press('Control+k');
  await focused(page.getByRole('dialog', { name: 'Search' }).getByRole('textbox'));
  await page.keyboard.type('payments api');
  await page.getByRole('dialog', { name: 'Search' }).getByRole('button', { name: /Payments API/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Payments API', level: 1 }).waitFor();
  await close();
});

test('what is typed before the applications arrive finds them too', async () => {
  const { page, close } = await open(browser, base, pages.events.path, { ready: pages.events.ready });
  let release;
  const released = new Promise((done) => {
    release = done;
  });
  await page.route('**/api/v1/applications?*', (route) => released.then(() => route.continue()));
  await page.keyboard.press('Control+k');
  const search = page.getByRole('dialog', { name: 'Search' });
  await search.getByRole('textbox').fill('payments api');
  await search.getByText('Loading').waitFor();
  release();
  await search.getByRole('button', { name: /Payments API/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Payments API', level: 1 }).waitFor();
  await close();
});

test('a figure leads to its facts, and a deployment to what was said of it', async () => {
  const { page, complaints, close } = await open(browser, base, pages.application.path, { ready: pages.application.ready });
  const tile = page.getByRole('article', { name: 'Change fail rate' });
  await tile.getByRole('button', { name: 'Explain Change fail rate' }).focus();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Change fail rate, explained' });
  const steps = dialog.getByRole('listitem').filter({ hasText: /^(Known|In scope|In the period|Counted)/ });
  await steps.nth(3).waitFor();
  const answer = await page.evaluate(async () => (await fetch('/api/v1/explain?workspace=demo&application=payments-api&metric=change_fail_rate&from=90d')).json());
  assert.match(await steps.nth(3).innerText(), new RegExp(`${answer.n}$`), 'the last step is n');
  await dialog.getByRole('tab', { name: /^Counted/ }).click();
  const row = dialog.getByRole('list', { name: 'Facts that count' }).getByRole('link').first();
  await row.waitFor();
  assert.deepEqual(await violations(page), []);
  await row.click();
  await page.getByRole('heading', { level: 1, name: /^Deployment / }).waitFor();
  await page.getByRole('region', { name: 'Where it is counted', exact: true }).getByText('Change fail rate').waitFor();
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Payments API' }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test('what is left out of a figure has a reason in words', async () => {
  const { page, close } = await open(browser, base, pages.overview.path, { ready: pages.overview.ready });
  await page.getByRole('button', { name: 'Explain Change lead time' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Not shipped: / }).click();
  const list = dialog.getByRole('list', { name: 'Facts left out' });
  await list.getByRole('listitem').first().waitFor();
  const reasons = await list.getByRole('listitem').allInnerTexts();
  assert.ok(reasons.every((text) => text.includes('Not shipped')), reasons[0]);
  await close();
});

test('an application leads to its deployments, and to what changed', async () => {
  const { page, close } = await open(browser, base, pages.application.path, { ready: pages.application.ready });
  const table = page.getByRole('table', { name: 'Recent deployments' });
  await table.getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: /^Deployment / }).waitFor();
  await page.getByRole('region', { name: 'What it shipped', exact: true }).waitFor();
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Payments API' }).click();
  await page.getByRole('link', { name: 'What changed?' }).last().click();
  await page.getByRole('heading', { level: 1, name: 'What changed?' }).waitFor();
  const chosen = page.getByRole('combobox', { name: 'Application' });
  await eventually(async () => assert.equal(await chosen.inputValue(), 'payments-api'));
  await page.getByRole('button', { name: '7 d', exact: true }).click();
  await page.waitForURL(/since=7d/);
  const first = page.getByRole('list', { name: 'Newest first' }).getByRole('listitem').first();
  await first.waitFor();
  assert.match(await first.innerText(), /Rank \d+ of \d+: (strong |weak )?lead/);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText(/paused$/).waitFor();
  await close();
});

test('the address keeps the view', async () => {
  const { page, close } = await open(browser, base, `${pages.overview.path}?range=90d`, { ready: pages.overview.ready });
  await page.getByRole('button', { name: '365 d', exact: true }).click();
  await page.waitForURL(/range=365d/);
  await page.reload();
  await page.getByRole('button', { name: '365 d', exact: true, pressed: true }).waitFor();
  await page.goto(`${base}${pages.overview.path}?range=tomorrow`);
  await page.getByText(/tomorrow/).first().waitFor();
  await close();
});

test('German texts are complete', async () => {
  const { page, complaints, close } = await open(browser, base, pages.overview.path, { locale: 'de-DE', ready: { role: 'heading', name: /./ } });
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  assert.deepEqual(complaints, []);
  await close();
});

test.alone('the line of the start message puts a repository on its own page', async () => {
  const own = repository();
  const began = Date.now();
  const output = execFileSync('sh', ['-c', program.found[2]], { cwd: own.folder, encoding: 'utf8' });
  const url = /http:\S+\/w\/default\/applications\/\S+/.exec(output)?.[0];
  assert.ok(url, output);
  const { page, close } = await open(browser, base, url.slice(base.length), {});
  await page.getByRole('heading', { level: 1, name: /checkout-service/ }).waitFor({ timeout: 60_000 - (Date.now() - began) });
  await page.getByRole('article', { name: 'Deployment frequency' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await close();
  own.remove();
});

test('a server that is not the demo asks people to sign in, once', async () => {
  const server = await serve();
  const [, link, address] = server.found;
  const stranger = await open(browser, address, '/', {});
  await stranger.page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  assert.deepEqual(await violations(stranger.page), []);
  await stranger.close();
  const admin = await open(browser, address, link.slice(address.length), { ready: pages.overview.ready });
  await admin.page.getByRole('button', { name: /Account/ }).click();
  await admin.page.getByText(/sign out/i).click();
  await admin.page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await admin.close();
  await server.stop();
});

test.alone('the demo starts again from its store in about a second', async () => {
  await program.stop(true);
  program = await demo(program.data);
  base = program.found[1];
  console.log(`     started again in ${program.milliseconds} ms`);
  const { page, close } = await open(browser, base, pages.overview.path, { ready: pages.overview.ready });
  await page.getByRole('article', { name: 'Change lead time' }).waitFor();
  await close();
});

// What runs now: the demo is started again on the way.
const site = {
  get base() {
    return base;
  },
  get browser() {
    return browser;
  },
  get program() {
    return program;
  },
};
eventTests(test, site);
exportTests(test, site);
flowTests(test, site);
qualityTests(test, site);
suggestionTests(test, site);
judgedTests(test, site);
sloTests(test, site);
sloSuggestionTests(test, site);
policyTests(test, site);
connectorTests(test, site); // Puts a rule in force.
knownTests(test, site); // The last, because it adds facts.

let program = await demo();
base = program.found[1];
browser = await launch();
const began = Date.now();
const { passed, failed } = await runAll(groups, () => program.output());
await browser.close();
await program.stop();
console.log(`${passed} passed, ${failed} failed (${Math.round((Date.now() - began) / 1000)} s)`);
process.exit(failed === 0 ? 0 : 1);
