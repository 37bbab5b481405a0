// Debian's Chromium, and what must hold of every page it shows.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { notePage } from './harness.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const executablePath = process.env.EVENKEEL_CHROMIUM ?? '/usr/bin/chromium';

/** How long anything may take before a test has failed; a busy machine is slow. */
const patience = 120_000;

export const launch = () =>
  chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });

/** The requests of each page that have no answer yet. A stream of news has no end and is none of them. */
const asked = new WeakMap();

function follow(page) {
  const open = new Set();
  asked.set(page, open);
  page.on('request', (r) => r.resourceType() !== 'eventsource' && !r.url().startsWith('data:') && open.add(r));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => open.delete(r));
}

/** Opens a page of the program and notes what it complains of. */
export async function open(browser, base, path, { width = 1440, scheme = 'light', ready, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const complaints = [];
  follow(page);
  page.state = () => [...complaints, ...[...asked.get(page)].map((r) => `waits for ${r.url()}`)].join('; ');
  notePage(page);
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && complaints.push(`console: ${m.text()}`));
  page.on('pageerror', (e) => complaints.push(`error: ${e.message}`));
  page.on('request', (r) => new URL(r.url()).origin !== base && !r.url().startsWith('data:') && complaints.push(`elsewhere: ${r.url()}`));
  await page.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifts += e.value;
    }).observe({ type: 'layout-shift', buffered: true });
    document.addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));
  });
  await page.goto(base + path);
  if (ready) await page.getByRole(ready.role, { name: ready.name }).first().waitFor();
  await settled(page);
  return { page, complaints, close: () => context.close() };
}

/** Whether nothing is loading or moving on a page that has done all it had to do. */
async function resting() {
  const idle = () => new Promise((done) => requestIdleCallback(done, { timeout: 500 }));
  const drawn = () => new Promise((done) => [requestAnimationFrame(() => requestAnimationFrame(done)), setTimeout(done, 500)]);
  await idle();
  await drawn();
  await idle();
  const moves = document.getAnimations().some((one) => one.playState === 'running' && Number.isFinite(one.effect.getComputedTiming().endTime));
  return !moves && document.querySelector('[aria-busy="true"]') === null;
}

/** Waits until a page has all that it asked for, shows it, and asks for nothing more. */
export async function settled(page) {
  const open = asked.get(page);
  for (const late = Date.now() + patience; ; await pause(20)) {
    if (open.size === 0 && (await page.evaluate(resting)) && open.size === 0) return;
    if (Date.now() > late) throw new Error(`${page.url()} did not come to rest: ${page.state()}`);
  }
}

/** Waits until what is asserted holds; fails as the last attempt did. */
export async function eventually(assertion) {
  for (const late = Date.now() + patience; ; await pause(50)) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > late) throw error;
    }
  }
}

/** Waits until an element has the focus. */
export const focused = (element) => element.and(element.page().locator(':focus')).waitFor();

/** Violations of WCAG 2.2 AA and of good practice, as axe sees them. */
export async function violations(page) {
  await settled(page);
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`);
}

/** How many pixels the page is wider than the window. */
export async function overflow(page) {
  await settled(page);
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Layout shift since the page was opened. */
export const shifts = (page) => page.evaluate(() => window.shifts);
