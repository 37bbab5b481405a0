// Browser tests of suggested service levels: services of a real Prometheus are
// found, looked at and accepted; what fails has a name and a fix.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { eventually, open, overflow, settled, shifts, violations } from './browser.mjs';
import { serve } from './program.mjs';
import { httpService, program, prometheus } from './prometheus.mjs';

/** The page of a company that has connected no Prometheus. */
export const sloSuggestionPages = {
  'suggested slos, no Prometheus': {
    path: '/w/demo/slos/suggestions',
    ready: { role: 'button', name: 'Copy configuration' },
    named: [['link', 'SLOs and budgets'], ['link', 'See connectors']],
  },
};

/**
 * Services by hand. Checkout: of 1,000 requests an hour 0.8 fail, so 99.9 % is
 * kept and 80 % of its budget used; within 500 ms are 99.6 %, so 99.5 % is
 * kept. Search never fails. Docs has one request an hour. Young is ten days
 * old. Broken fails every second time.
 */
const services = () => [
  ...httpService('checkout', { good: 999.2, bad: 0.8, bounds: { 0.25: 980, 0.5: 996 } }),
  ...httpService('Search API', { good: 50_000, bounds: { 0.1: 49_990 } }),
  ...httpService('docs', { good: 1 }),
  ...httpService('young', { good: 2000, days: 10 }),
  ...httpService('broken', { good: 500, bad: 500 }),
];

/** A server with connections, each an address and how long an answer may take. */
async function serveWith(connections) {
  const server = await serve();
  const file = join(server.data, 'evenkeel.yaml');
  const stated = Object.entries(connections).map(([name, [url, timeout = '1m']]) => `  - {name: ${name}, source: prometheus, settings: {api: {url: "${url}", timeout: ${timeout}}}}`);
  writeFileSync(file, ['applications:', '  - {slug: checkout, name: Checkout}', '  - {slug: find, name: Find}', 'connections:', ...stated, ''].join('\n'));
  server.run('apply', '-f', file);
  return server;
}

/** The page, for whoever is signed in by the link. */
async function openPage(browser, server, options = {}) {
  const [, link, address] = server.found;
  const opened = await open(browser, address, link.slice(address.length), { ready: { role: 'heading', name: 'Executive overview' }, ...options });
  await opened.page.goto(`${address}/w/default/slos`);
  await opened.page.getByRole('link', { name: 'Suggest SLOs' }).press('Enter');
  await opened.page.getByRole('heading', { level: 1, name: 'Suggested SLOs' }).waitFor();
  return opened;
}

const checked = async (page) => {
  assert.deepEqual(await violations(page), []);
  assert.ok((await overflow(page)) <= 0, `${await overflow(page)} px too wide`);
};

function realTests(test, site) {
  test('suggested slos: services of a real Prometheus are found, changed and accepted, by keyboard', async () => {
    const asked = await prometheus(services());
    const server = await serveWith({ 'prometheus-eu': [asked.url] });
    const [, , address] = server.found;
    const { page, complaints, close } = await openPage(site.browser, server);
    await page.getByText('Nothing was looked for yet').waitFor();
    await checked(page);
    await page.getByRole('button', { name: 'Search for services' }).press('Enter');
    const table = page.getByRole('table', { name: 'What services could promise' });
    await table.waitFor();
    await page.getByText(/prometheus-eu was searched on/).waitFor();
    await checked(page);
    // What stands in the rows is what was worked out by hand.
    const row = (name) => table.getByRole('row').filter({ has: page.getByRole('button', { name: `Evidence and document of ${name}`, exact: true }) });
    const target = (name) => page.getByRole('textbox', { name: `Target of ${name} in percent` });
    const availability = 'Checkout: Availability';
    assert.equal(await target(availability).inputValue(), '99.9');
    assert.match(await row(availability).innerText(), /20\D%[\s\S]*538 of 672 bad events used[\s\S]*3 of 3/);
    assert.equal(await target('Checkout: Latency within 500 ms').inputValue(), '99.5');
    assert.equal(await target('search-api: Availability').inputValue(), '99.99');
    assert.match(await row('docs: Availability').innerText(), /Little traffic: each bad event takes 14\.9\D% of the budget/);
    assert.match(await row('young: Availability').innerText(), /none is whole[\s\S]*Only \d+ days known of a window of 28 days/);
    await page.getByText('1 promise could not be proposed').press('Enter');
    await page.getByText('Availability of broken (HTTP server (OpenTelemetry)): some window kept less than 90 %').waitFor();
    // The evidence of a row, and its document.
    await page.getByRole('button', { name: `Evidence and document of ${availability}`, exact: true }).press('Enter');
    const document = page.getByRole('region', { name: 'OpenSLO document' });
    await settled(page);
    assert.match(await document.innerText(), /service: checkout[\s\S]*target: 0\.999\n/);
    assert.match(await page.getByRole('region', { name: 'Evidence' }).innerText(), /http_server_request_duration_seconds_count\{service_name="checkout"/);
    assert.ok((await page.getByRole('link', { name: 'Graph of All in Prometheus' }).getAttribute('href')).startsWith(`${asked.url}/graph?`));
    // Another target shows what the past would have made of it, in the document too.
    await target(availability).fill('99.95');
    await row(availability).getByText('The past did not keep this target').waitFor();
    assert.match(await row(availability).innerText(), /-60\D%[\s\S]*538 of 336 bad events used[\s\S]*0 of 3/);
    await eventually(async () => assert.match(await document.innerText(), /target: 0\.9995\n/));
    await target(availability).fill('100');
    await row(availability).getByText('above 0, below 100').waitFor();
    assert.equal(await page.getByRole('checkbox', { name: `Select ${availability}` }).isDisabled(), true);
    await checked(page);
    await target(availability).fill('99.5');
    // A service that the catalogue knows by another name.
    await page.getByRole('combobox', { name: 'Application of Search API' }).selectOption({ label: 'Find' });
    // One is there already when all are accepted: it is refused, and says why.
    const [draft] = await Promise.all([page.waitForEvent('download'), (async () => {
      await page.getByRole('checkbox', { name: 'Select docs: Availability' }).press('Space');
      await page.getByRole('button', { name: 'Download 1' }).press('Enter');
    })()]);
    const file = join(server.data, 'docs.yaml');
    writeFileSync(file, readFileSync(await draft.path()));
    assert.match(server.run('slo', 'lint', file), /.*/);
    writeFileSync(join(server.data, 'more.yaml'), readFileSync(join(server.data, 'evenkeel.yaml'), 'utf8') + 'slos: [docs.yaml]\n');
    server.run('apply', '-f', join(server.data, 'more.yaml'));
    await page.getByRole('checkbox', { name: /^Select all \d+ shown$/ }).press('Space');
    await page.getByRole('button', { name: /^Accept 6$/ }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2 services are not in the catalogue: docs, young.').waitFor();
    await checked(page);
    await dialog.getByRole('button', { name: 'Accept 6' }).press('Enter');
    const result = page.getByText('5 SLOs were created. 1 was refused; the reason stands beside it.');
    await result.waitFor();
    await row('docs: Availability').getByText(/^Refused: .*docs-availability/).waitFor();
    await page.locator('p[role="status"]:focus').filter({ hasText: 'were created' }).waitFor();
    await page.getByRole('link', { name: `Open ${availability}` }).waitFor();
    await checked(page);
    const { items } = await page.evaluate(async () => (await fetch('/api/v1/service-levels?workspace=default&limit=50')).json());
    assert.deepEqual([...new Set(items.map(({ id, application, target: promised }) => `${id} ${application.slug} ${promised}`))].toSorted(), [
      'checkout-availability checkout 0.995', 'checkout-latency checkout 0.995', 'docs-availability docs 0.99',
      'search-api-availability find 0.9999', 'search-api-latency find 0.9995', 'young-availability young 0.9999',
    ].toSorted());
    const audit = await page.evaluate(async () => (await fetch('/api/v1/audit?workspace=default&limit=50')).json());
    assert.equal(audit.items.filter(({ action }) => action === 'service_level.accept').length, 5);
    // What was found survives a reload; nothing of it is offered again.
    await page.reload();
    await table.waitFor();
    await settled(page);
    assert.equal(await page.getByRole('checkbox').count(), 0);
    await page.setViewportSize({ width: 390, height: 844 });
    await checked(page);
    await page.getByRole('combobox', { name: 'Show' }).selectOption({ label: 'Not accepted yet' });
    await page.getByText('No suggestion fits the filters').waitFor();
    await page.getByRole('button', { name: /clear/i }).press('Enter');
    await page.getByRole('link', { name: `Open ${availability}` }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'checkout: availability' }).waitFor();
    assert.ok((await shifts(page)) <= 0.02);
    assert.deepEqual(complaints, []);
    await close();
    await server.stop();
    await asked.stop();
    assert.ok(address);
  });

  test('suggested slos: nothing found names the metrics that were looked for', async () => {
    const asked = await prometheus([{ name: 'up', labels: { job: 'node' }, perHour: 1 }]);
    const server = await serveWith({ 'prometheus-eu': [asked.url] });
    const { page, complaints, close } = await openPage(site.browser, server);
    await page.getByRole('button', { name: 'Search for services' }).press('Enter');
    await page.getByText('No service has metrics that are known').waitFor();
    await page.getByText('istio_requests_total').waitFor();
    await checked(page);
    assert.deepEqual(complaints, []);
    await close();
    await server.stop();
    await asked.stop();
  });
}

export function sloSuggestionTests(test, site) {
  if (program('prometheus') && program('promtool')) realTests(test, site);
  else if (process.env.EVENKEEL_REQUIRE_ALL === '1') throw new Error('no prometheus; scripts/setup.sh prometheus gets it');
  else console.log('skipped: suggested slos of a real Prometheus; scripts/setup.sh prometheus gets it');

  test('suggested slos: a Prometheus that refuses, is down or silent is named, with a fix; a search can be stopped', async () => {
    const answers = createServer((request, response) => {
      if (request.url.startsWith('/refuses')) response.writeHead(401).end();
      if (request.url.startsWith('/endless')) response.writeHead(200).flushHeaders();
    });
    await new Promise((done) => answers.listen(0, '127.0.0.1', done));
    const port = answers.address().port;
    const at = (path) => `http://127.0.0.1:${port}/${path}`;
    const server = await serveWith({ refuses: [at('refuses')], silent: [at('endless'), '20m'], slow: [at('silent'), '1s'], down: ['http://127.0.0.1:1'] });
    const { page, complaints, close } = await openPage(site.browser, server);
    const search = async (name) => {
      await page.getByRole('combobox', { name: 'Prometheus' }).selectOption({ label: name });
      await page.getByRole('button', { name: /^Search (for services|again)$/ }).and(page.locator(':enabled')).press('Enter');
    };
    await search('refuses');
    await page.getByText('Prometheus refuses the credentials (401)').waitFor();
    await page.getByText(/Replace the secret that api\.token/).waitFor();
    await page.getByText('evenkeel connection test refuses -f evenkeel.yaml').waitFor();
    await checked(page);
    await search('down');
    await page.getByText('Prometheus cannot be reached').waitFor();
    await page.getByText(/Prometheus is down: 127\.0\.0\.1/).waitFor();
    await search('silent');
    await page.getByText('Searching silent: 30 days of the past').waitFor();
    await checked(page);
    await page.reload();
    await page.getByText('Searching silent: 30 days of the past').waitFor();
    await page.getByRole('button', { name: 'Stop' }).press('Enter');
    await page.locator('p[role="status"]:focus').filter({ hasText: 'The search was stopped' }).waitFor();
    await search('slow');
    await page.getByText('Prometheus takes too long').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await checked(page);
    assert.deepEqual(complaints, []);
    await close();
    await server.stop();
    answers.closeAllConnections();
    await new Promise((done) => answers.close(done));
  });
}
