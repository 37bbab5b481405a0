// The program under test: the real binary on a store of its own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { noteServer } from './harness.mjs';

const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.EVENKEEL_BINARY ?? join(top, 'bin', 'evenkeel');

/** The last instant of the invented year, and the present of the server. */
export const present = '2026-11-22T12:00:00Z';

/** What the demo's connection that waits is given as its secret. */
export const demoSecret = 'a secret of the browser tests';

/** Starts a command that serves and waits for the line that it prints. */
export async function start(args, ready, data = mkdtempSync(join(tmpdir(), 'evenkeel-e2e-'))) {
  const began = Date.now();
  const child = spawn(binary, args, { env: { ...process.env, LARKMOOR_PAGERDUTY_SECRET: demoSecret, EVENKEEL_DATA: data }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const found = await new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`${args.join(' ')} was not ready in 120 s:\n${output}`)), 120_000);
    const read = (text) => {
      output += text;
      const match = ready.exec(output);
      if (match) {
        clearTimeout(late);
        done(match);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => fail(new Error(`${args.join(' ')} ended with ${code}:\n${output}`)));
  });
  let stopped;
  const stop = async (keep) => {
    child.removeAllListeners('exit');
    const gone = new Promise((done) => child.on('exit', done));
    if (child.exitCode === null && child.kill('SIGTERM')) await gone;
    if (!keep) rmSync(data, { recursive: true, force: true });
  };
  return {
    data,
    found,
    milliseconds: Date.now() - began,
    output: () => output,
    run: (...command) => execFileSync(binary, command, { env: { ...process.env, EVENKEEL_DATA: data }, encoding: 'utf8' }),
    stop: (keep = false) => (stopped ??= stop(keep)),
  };
}

/** The demo company on any free port, its budgets counted. */
export async function demo(data) {
  const program = await start(['demo', '--listen', 'localhost:0', '--seed', '1', '--now', present], /dashboard is at (http:\S+)[\s\S]*?\n {2}(EVENKEEL_DATA=.*import git \.)\n/, data);
  while ((await fetch(`${program.found[1]}/api/v1/service-levels?workspace=demo&limit=1`)).status === 503) await pause(100);
  return program;
}

/** A server that asks people to sign in, for one test. */
export async function serve() {
  const server = await start(['serve', '--listen', 'localhost:0'], /\n {2}((http:\/\/[^/]+)\/signin\S+)\n/);
  noteServer(server);
  return server;
}

/** A repository with three releases, made by git itself. */
export function repository() {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-service-'));
  let at = Date.parse(present) - 20 * 86_400_000;
  const git = (...args) => {
    const stamp = new Date(at).toISOString();
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_DATE: stamp, GIT_COMMITTER_DATE: stamp };
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder, env });
  };
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'begin');
  git('tag', '-a', '-m', '1.0.0', 'v1.0.0');
  for (const tag of ['v1.1.0', 'v1.2.0']) {
    git('checkout', '-q', '-b', tag.replaceAll('.', '-'));
    at += 86_400_000;
    git('commit', '-q', '--allow-empty', '-m', 'work');
    git('checkout', '-q', 'main');
    at += 43_200_000;
    git('merge', '-q', '--no-ff', '-m', 'Merge pull request #1 from a/topic', tag.replaceAll('.', '-'));
    at += 43_200_000;
    git('tag', '-a', '-m', tag, tag);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
