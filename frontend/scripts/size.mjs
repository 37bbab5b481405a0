// Weighs the built bundle: gzip -9 over the static imports of the entry and of
// the overview, without what is loaded on demand. Fails above the budget.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const folder = new URL('../dist/app/', import.meta.url);
const budget = { 'shell JS': 180, 'overview JS': 230, 'overview CSS': 20, 'whole application JS': 600 };

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', folder), 'utf8'));

function closure(keys, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    closure(manifest[key].imports ?? [], seen);
  }
  return seen;
}

function weigh(files) {
  const bytes = [...new Set(files)].map((file) => gzipSync(readFileSync(new URL(file, folder)), { level: 9 }).length);
  return bytes.reduce((sum, size) => sum + size, 0) / 1024;
}

const scripts = (keys) => [...keys].map((key) => manifest[key].file).filter((file) => file.endsWith('.js'));
const styles = (keys) => [...keys].flatMap((key) => manifest[key].css ?? []);

const shell = closure(['index.html']);
const overview = closure(['index.html', 'src/features/overview/OverviewPage.tsx']);
const measured = {
  'shell JS': weigh(scripts(shell)),
  'overview JS': weigh(scripts(overview)),
  'overview CSS': weigh(styles(overview)),
  'whole application JS': weigh(scripts(Object.keys(manifest))),
};

let heavy = false;
for (const [name, size] of Object.entries(measured)) {
  const over = size > budget[name];
  heavy ||= over;
  console.log(`${over ? 'too heavy' : 'ok       '} ${name.padEnd(22)} ${size.toFixed(1).padStart(7)} KiB of ${budget[name]} KiB`);
}
process.exitCode = heavy ? 1 : 0;
