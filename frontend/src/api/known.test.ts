import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from './client';
import { known, withoutPast } from './known';

interface Described {
  paths: Record<string, { get?: { parameters?: { name: string }[] } }>;
}

const described = JSON.parse(readFileSync('openapi.json', 'utf8')) as Described;

afterEach(() => {
  known.asOf = null;
  vi.unstubAllGlobals();
});

test('exactly the questions that the server answers as of an instant are asked so', () => {
  const asked = Object.entries(described.paths).flatMap(([path, { get }]) => (get ? [[path, !withoutPast.has(path)]] : []));
  const answered = Object.entries(described.paths).flatMap(([path, { get }]) =>
    get ? [[path, (get.parameters ?? []).some(({ name }) => name === 'as_of')]] : [],
  );
  expect(asked).toEqual(answered);
  expect(asked.length).toBeGreaterThan(30);
});

test('lists and facts carry the instant, deliveries do not', async () => {
  const addresses: string[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    addresses.push(request.url);
    return Promise.resolve(Response.json({ items: [], next: null }));
  });
  const stubbed = { fetch: globalThis.fetch, baseUrl: 'http://localhost/' };
  known.asOf = '2026-05-12T14:00Z';
  await client.GET('/api/v1/incidents', { params: { query: { workspace: 'demo' } }, ...stubbed });
  await client.GET('/api/v1/facts/{id}', { params: { path: { id: '1' } }, ...stubbed });
  await client.GET('/api/v1/deliveries', { params: { query: { workspace: 'demo' } }, ...stubbed });
  expect(addresses.map((address) => new URL(address).searchParams.get('as_of'))).toEqual(['2026-05-12T14:00:00Z', '2026-05-12T14:00:00Z', null]);
});
