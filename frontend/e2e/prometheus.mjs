// A real Prometheus on data of its own: Debian's package, found in PATH or where
// scripts/setup.sh has unpacked it.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { noteServer } from './harness.mjs';

const unpacked = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'evenkeel', 'prometheus', 'usr', 'bin');

/** The path of "prometheus" or "promtool"; null on a machine without it. */
export const program = (name) => [...(process.env.PATH ?? '').split(delimiter), unpacked].map((folder) => join(folder, name)).find(existsSync) ?? null;

const hour = 3_600_000;

/** Lines of a counter that grows by so much every hour, from so many days before now; a test may see the next hour. */
function lines({ name, labels, perHour, days = 40 }) {
  const began = Math.floor(Date.now() / hour) * hour - days * 24 * hour;
  const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`).join(',');
  return Array.from({ length: days * 24 + 3 }, (_, n) => `${name}{${text}} ${perHour * n} ${(began + n * hour) / 1000}`);
}

/** Starts a server on counters. */
export async function prometheus(series) {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-prometheus-'));
  writeFileSync(join(folder, 'samples'), [...series.flatMap(lines), '# EOF', ''].join('\n'));
  execFileSync(program('promtool'), ['tsdb', 'create-blocks-from', '--max-block-duration=960h', 'openmetrics', join(folder, 'samples'), join(folder, 'data')], { stdio: 'pipe' });
  writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n');
  const child = spawn(program('prometheus'), [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, '--storage.tsdb.retention.time=30y', '--web.listen-address=127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  const address = await new Promise((done, fail) => {
    child.on('exit', (code) => fail(new Error(`prometheus ended with ${code}:\n${output}`)));
    child.stderr.on('data', (text) => {
      output += text;
      const said = /msg="?Listening on"? address=(\S+)/i.exec(output);
      if (said) done(said[1]);
    });
  });
  const url = `http://${address}`;
  while ((await fetch(`${url}/-/ready`).catch(() => null))?.status !== 200) {
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  let stopped;
  const stop = async () => {
    const gone = new Promise((done) => child.on('exit', done));
    if (child.exitCode === null && child.kill('SIGTERM')) await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  const server = { url, output: () => output, stop: () => (stopped ??= stop()) };
  noteServer(server);
  return server;
}

/** The requests of a service as OpenTelemetry counts them, every hour; bounds are seconds and how many requests kept them. */
export function httpService(service, { good, bad = 0, bounds = {}, days }) {
  const prefix = 'http_server_request_duration_seconds';
  const count = (status, perHour) => ({ name: `${prefix}_count`, labels: { service_name: service, http_response_status_code: String(status) }, perHour, days });
  const buckets = Object.entries({ ...bounds, '+Inf': good + bad }).map(([le, perHour]) => ({ name: `${prefix}_bucket`, labels: { service_name: service, le }, perHour, days }));
  return [count(200, good), ...(bad > 0 ? [count(503, bad)] : []), ...(Object.keys(bounds).length > 0 ? buckets : [])];
}
