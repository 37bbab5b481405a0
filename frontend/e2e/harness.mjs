// Runs the tests: several beside each other, and those that change what others
// look at one after another behind them.
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the tests of a group have opened: { pages, servers, made }. */
const scopes = new AsyncLocalStorage();
const scope = () => scopes.getStore();

/** Notes a page that is looked at when a test fails, and closed after its group. */
export const notePage = (page) => scope()?.pages.add(page);

/** Notes a server whose log is shown when a test fails, and that is stopped after its group. */
export const noteServer = (server) => scope()?.servers.add(server);

/** What one test of a group makes serves the others, until one fails. */
export const shared = (make) => (scope().made ??= make());

/** Collects tests whose name contains a text. */
export function collect(part) {
  const groups = [];
  const add = (tests, alone) => {
    const wanted = tests.filter(({ name }) => name.includes(part));
    if (wanted.length > 0) groups.push({ tests: wanted, alone });
  };
  /** A test that only looks at the demo, or has a server of its own. */
  const test = (name, run) => add([{ name, run }], false);
  /** A test that changes the demo: it runs after those that look, in the order given. */
  test.alone = (name, run) => add([{ name, run }], true);
  /** Tests that share what they open; each can run without the others. */
  test.group = (tests) => add(Object.entries(tests).map(([name, run]) => ({ name, run })), false);
  return { test, groups };
}

/** Runs groups, and gives how many tests passed and failed. log is what the demo's server has said. */
export async function runAll(groups, log) {
  const counts = { passed: 0, failed: 0 };
  const waiting = groups.filter(({ alone }) => !alone);
  const work = async () => {
    for (let group; (group = waiting.shift()); ) await runGroup(group, log, counts);
  };
  const workers = Number(process.env.EVENKEEL_E2E_WORKERS) || Math.min(4, availableParallelism());
  await Promise.all(Array.from({ length: workers }, work));
  for (const group of groups) if (group.alone) await runGroup(group, log, counts);
  return counts;
}

const runGroup = ({ tests }, log, counts) =>
  scopes.run({ pages: new Set(), servers: new Set(), made: null }, async () => {
    for (const { name, run } of tests) {
      const began = Date.now();
      const said = log().length;
      try {
        await run();
        counts.passed++;
        console.log(`ok   ${name} (${Date.now() - began} ms)`);
      } catch (error) {
        counts.failed++;
        const lines = [`FAIL ${name} (${Date.now() - began} ms)`, ...told(error), ...(await seen(name)), ...logged(log().slice(said))];
        console.log(lines.join('\n').replaceAll('\n', '\n     '));
        await closeAll();
      }
    }
    await closeAll();
  });

async function closeAll() {
  const { pages, servers } = scope();
  for (const page of pages) await page.context().close().catch(() => {}); // The browser may be gone.
  for (const server of servers) await server.stop();
  Object.assign(scope(), { pages: new Set(), servers: new Set(), made: null });
}

/** What an error says, and where in the tests it came from. */
const told = (error) => [error.message, ...(error.stack ?? '').split('\n').filter((line) => line.includes('/e2e/'))];

let folder;

/** How the pages of a failed test looked. */
async function seen(name) {
  folder ??= mkdtempSync(join(tmpdir(), 'evenkeel-e2e-failed-'));
  const lines = [];
  for (const page of scope().pages) {
    const file = join(folder, `${name.replaceAll(/\W+/g, '-').slice(0, 80)}-${lines.length}`);
    lines.push(`page ${page.url()}: ${file}.png, .html; ${page.state()}`);
    await page.screenshot({ path: `${file}.png`, timeout: 30_000 }).catch((error) => lines.push(`no picture: ${error.message}`));
    await page.content().then((text) => writeFileSync(`${file}.html`, text), (error) => lines.push(`no text: ${error.message}`));
  }
  return lines;
}

const lastLines = 20;

/** What the servers of a failed test said last. */
const logged = (demo) =>
  [...[...scope().servers].map((server) => ['its server', server.output()]), ['the demo', demo]]
    .filter(([, text]) => text.trim() !== '')
    .flatMap(([whose, text]) => [`${whose} said:`, ...text.trim().split('\n').slice(-lastLines)]);
