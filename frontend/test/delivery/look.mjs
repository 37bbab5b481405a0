// Takes pictures of the application page with invented answers, to be looked at.
// node test/delivery/look.mjs OUT_FOLDER
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';

const out = process.argv[2] ?? '/tmp/look';
mkdirSync(out, { recursive: true });
const server = await createServer({ server: { port: 0, strictPort: false }, logLevel: 'error' });
await server.listen();
const base = server.resolvedUrls.local[0];
const fixtures = await server.ssrLoadModule('/test/delivery/fixtures.ts');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

async function open({ width, scheme, locale = 'en-GB', change, path = 'applications/payments-api' }) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, locale });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log('page error', error.message));
  page.on('console', (m) => m.type() === 'error' && console.log('console', m.text().slice(0, 300)));
  const answers = { ...fixtures.answers(), ...change };
  await page.route('**/api/v1/**', (route) => {
    const url = new URL(route.request().url());
    const made = answers[url.pathname];
    if (!made) return route.fulfill({ status: 404, json: { title: 'Not found', status: 404 } });
    const body = made(url.searchParams);
    return route.fulfill({ status: body?.status >= 400 ? body.status : 200, json: body });
  });
  await page.goto(`${base}w/demo/${path}`);
  return page;
}

async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

const shots = [
  ['light-1440', { width: 1440, scheme: 'light' }],
  ['dark-1440', { width: 1440, scheme: 'dark' }],
  ['light-768', { width: 768, scheme: 'light' }],
  ['light-390', { width: 390, scheme: 'light' }],
  ['dark-320', { width: 320, scheme: 'dark' }],
  ['de-320', { width: 320, scheme: 'light', locale: 'de-DE' }],
  [
    'empty-1440',
    { width: 1440, scheme: 'light', change: { '/api/v1/metrics/dora': fixtures.emptyDora, '/api/v1/deployments': () => ({ items: [], next: null }), '/api/v1/changes': () => ({ status: 500, title: 'The store is down', detail: 'Try later.', request_id: 'r-17' }) } },
  ],
];
const only = process.argv[3];
for (const [name, options] of shots.filter((shot) => !only || shot[0].includes(only))) {
  const page = await open(options);
  await page.waitForSelector('figure svg[role="img"]', { timeout: 60_000 });
  await page.waitForSelector('#incidents', { timeout: 60_000 });
  await page.waitForTimeout(300);
  console.log(name, 'overflow', await overflow(page));
  await page.screenshot({ path: `${out}/${name}.png`, fullPage: true });
  if (name.includes('320') || name === 'light-1440') {
    await page.locator('figure').first().locator('button[aria-keyshortcuts]').click();
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${out}/${name}-explain.png` });
    await page.keyboard.press('Escape');
    await page.locator('figure [role="application"]').first().focus();
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    await page.waitForTimeout(200);
    await page.screenshot({ path: `${out}/${name}-cursor.png` });
    console.log(name, 'overflow with cursor', await overflow(page));
  }
  await page.context().close();
}
await browser.close();
await server.close();
process.exit(0);
