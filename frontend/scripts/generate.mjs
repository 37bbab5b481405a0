// Makes src/api/schema.gen.ts from openapi.json, which the server's binary
// writes with "evenkeel openapi".
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../openapi.json', import.meta.url);
const target = new URL('../src/api/schema.gen.ts', import.meta.url);

/** The description allows null for lists; the server sends an empty list instead. */
function listsAreLists(key, value) {
  const nullable = key === 'type' && Array.isArray(value) && value.includes('array');
  return nullable ? 'array' : value;
}

if (!existsSync(source)) {
  console.error('openapi.json is missing; make it with: go run ./cmd/evenkeel openapi > frontend/openapi.json');
  process.exit(1);
}
const types = astToString(await openapiTS(JSON.parse(readFileSync(source, 'utf8'), listsAreLists)));
const text = `// Generated from openapi.json by "npm run generate". Do not edit.\n\n${types}`;
const checking = process.argv.includes('--check');
if (checking && readFileSync(target, 'utf8') !== text) {
  console.error('src/api/schema.gen.ts is not what openapi.json makes; run: npm run generate');
  process.exit(1);
}
if (!checking) writeFileSync(target, text);
