// A real Prometheus on data of its own: Debian's package, found in PATH or where
// scripts/setup.sh has unpacked it.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const unpacked = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'evenkeel', 'prometheus', 'usr', 'bin');

/** The path of "prometheus" or "promtool"; null on a machine without it. */
export const program = (name) => [...(process.env.PATH ?? '').split(delimiter), unpacked].map((folder) => join(folder, name)).find(existsSync) ?? null;

/** A port that nobody listens on. */
export async function freePort() {
  const listener = createServer();
  await new Promise((done) => listener.listen(0, '127.0.0.1', done));
  const { port } = listener.address();
  await new Promise((done) => listener.close(done));
  return port;
}

const hour = 3_600_000;

/** Lines of a counter that grows by so much every hour, for so many days before now. */
function lines({ name, labels, perHour, days = 40 }) {
  const began = Math.floor(Date.now() / hour) * hour - days * 24 * hour;
  const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`).join(',');
  return Array.from({ length: Math.floor((Date.now() - began) / hour) + 1 }, (_, n) => `${name}{${text}} ${perHour * n} ${(began + n * hour) / 1000}`);
}

/** Starts a server on counters. */
export async function prometheus(series) {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-prometheus-'));
  writeFileSync(join(folder, 'samples'), [...series.flatMap(lines), '# EOF', ''].join('\n'));
  execFileSync(program('promtool'), ['tsdb', 'create-blocks-from', '--max-block-duration=960h', 'openmetrics', join(folder, 'samples'), join(folder, 'data')], { stdio: 'pipe' });
  writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n');
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(program('prometheus'), [`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`, '--storage.tsdb.retention.time=30y', `--web.listen-address=${address}`, '--log.level=warn'], { stdio: 'ignore' });
  const url = `http://${address}`;
  while ((await fetch(`${url}/-/ready`).catch(() => null))?.status !== 200) {
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  return {
    url,
    async stop() {
      const gone = new Promise((done) => child.on('exit', done));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The requests of a service as OpenTelemetry counts them, every hour; bounds are seconds and how many requests kept them. */
export function httpService(service, { good, bad = 0, bounds = {}, days }) {
  const prefix = 'http_server_request_duration_seconds';
  const count = (status, perHour) => ({ name: `${prefix}_count`, labels: { service_name: service, http_response_status_code: String(status) }, perHour, days });
  const buckets = Object.entries({ ...bounds, '+Inf': good + bad }).map(([le, perHour]) => ({ name: `${prefix}_bucket`, labels: { service_name: service, le }, perHour, days }));
  return [count(200, good), ...(bad > 0 ? [count(503, bad)] : []), ...(Object.keys(bounds).length > 0 ? buckets : [])];
}
