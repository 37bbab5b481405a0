import '../../../test/network';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { serve } from '../../../test/network';
import { fact, summary } from '../../../test/fixtures/events';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { rowAfter, rowHeight, rowsInSight } from '../../ui/VirtualTable';
import { initialState, parseSearch } from '../../url/state';
import { curlCommand, fetchRows } from './exportRows';
import { listed } from './Facets';
import { changesOf } from './fields';
import { apiAddress, chosen, entriesParams, narrowest } from './filters';
import { stackOf } from './kinds';
import { follow, waitBefore } from './useTail';

const t = translator(createI18n('en', en));
const state = (query: Record<string, string>) => parseSearch(query, 30).state;

describe('filters', () => {
  test('become the question to the server, and nothing else', () => {
    expect(entriesParams('demo', initialState(30))).toEqual({ workspace: 'demo', from: '30d' });
    const full = state({ kind: 'change,deployment', app: 'checkout', claimed: 'no', q: 'a b', environment: 'production', status: 'SEV 1', source: 'x' });
    expect(apiAddress('facts', entriesParams('demo', full))).toBe(
      '/api/v1/facts?workspace=demo&from=30d&kind=change%2Cdeployment&source=x&application=checkout&environment=production&status=SEV+1&unclaimed=true&q=a+b',
    );
  });

  test('name only what is chosen', () => {
    expect(chosen(state({ app: 'checkout', group: 'payments' }))).toEqual({ application: ['checkout'], group: ['payments'] });
  });

  test('blame the facet whose other values hold most', () => {
    expect(narrowest(state({ kind: 'incident', environment: 'dev' }), summary())).toEqual({ name: 'kind', count: 250 });
    expect(narrowest(state({ q: 'x' }), summary())).toBeNull();
  });
});

describe('a facet', () => {
  const facet = (value: string, count: number) => ({ value, label: value, count });

  test('keeps values at their places and shows what is chosen though empty', () => {
    const before = [facet('a', 5), facet('b', 3)];
    expect(listed(before, [facet('b', 9), facet('c', 1)], ['d'])).toEqual([facet('a', 0), facet('b', 9), facet('c', 1), facet('d', 0)]);
  });

  test('leaves out what an address cannot hold', () => {
    expect(listed([], [facet('', 5), facet('a,b', 3)], [])).toEqual([]);
  });
});

describe('bars', () => {
  test('stack the main kinds in their colours and the rest as one', () => {
    const { series, buckets } = stackOf(summary(), t);
    expect(series.map(({ id, colour }) => [id, colour])).toEqual([['deployment', 1], ['change', 2], ['others', 0]]);
    expect(buckets[1]?.values).toEqual([1, 3, 3]);
    expect(buckets.filter((bucket) => !bucket.complete)).toHaveLength(1);
  });

  test('name the rest when it is one kind', () => {
    const one = { ...summary(), buckets: [{ from: '2026-11-01T00:00:00Z', counts: { evidence: 4, change: 0 } }] };
    expect(stackOf(one, t).series.map(({ label }) => label)).toEqual(['Evidence']);
  });
});

describe('what observations changed', () => {
  test('is what differs from all that was said before', () => {
    expect(changesOf(fact().observations)).toEqual([
      [
        { name: 'status', before: undefined, after: 'in_progress' },
        { name: 'version', before: undefined, after: '2.4.0' },
      ],
      [{ name: 'status', before: 'in_progress', after: 'succeeded' }],
    ]);
  });
});

describe('rows in sight', () => {
  test('cover what is seen and are few', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 100, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, height, part) => {
        const scrolled = Math.floor((part * Math.max(0, count * rowHeight - height)) / rowHeight) * rowHeight;
        const { first, last } = rowsInSight(scrolled, height, count);
        const top = Math.floor(scrolled / rowHeight);
        expect(first).toBeLessThanOrEqual(Math.min(top, count));
        expect(last).toBeGreaterThanOrEqual(Math.min(count, top + Math.ceil((height - 36) / rowHeight)));
        expect(last - first).toBeLessThanOrEqual(Math.ceil(height / rowHeight) + 16);
        expect(first).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('are moved through by keys that never leave the table', () => {
    expect(['ArrowDown', 'ArrowUp', 'End', 'Home', 'PageDown', 'x'].map((key) => rowAfter(key, 4, 10, 7))).toEqual([5, 3, 9, 0, 9, undefined]);
    expect(rowAfter('ArrowDown', -1, 0, 7)).toBeUndefined();
  });
});

describe('an export', () => {
  const address = '/api/v1/facts?workspace=demo&q=it%27s';

  test('counts rows as they come, without the heading of a CSV file', async () => {
    serve(() => ({ status: 200, body: 'id,kind\n1,change\n2,change\n' }));
    const seen: number[] = [];
    const { rows, limited, file } = await fetchRows(address, 'csv', new AbortController().signal, (n) => seen.push(n));
    expect([rows, limited, file.type, seen.at(-1)]).toEqual([2, false, 'text/csv', 2]);
  });

  test('that is refused says why', async () => {
    serve(() => ({ status: 403, body: { title: 'Forbidden', status: 403, detail: 'needs read' } }));
    await expect(fetchRows(address, 'ndjson', new AbortController().signal, () => undefined)).rejects.toMatchObject({ status: 403, detail: 'needs read' });
  });

  test('is also a command that a shell reads as it is meant', () => {
    expect(curlCommand('http://localhost:8080', `${address}'`, 'csv')).toBe(
      `curl -H 'Accept: text/csv' -H "Authorization: Bearer $EVENKEEL_TOKEN" 'http://localhost:8080/api/v1/facts?workspace=demo&q=it%27s'\\'''`,
    );
  });
});

describe('following', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('waits longer after each failure, up to a minute', () => {
    expect([0, 1, 2, 3, 10, 100].map(waitBefore)).toEqual([1000, 2000, 4000, 8000, 60_000, 60_000]);
  });

  test('stops for good', () => {
    vi.useFakeTimers();
    const made: EventTarget[] = [];
    class Source extends EventTarget {
      close = vi.fn();
      constructor() {
        super();
        made.push(this);
      }
    }
    vi.stubGlobal('EventSource', Source);
    const states: string[] = [];
    const stop = follow('/stream', { onState: (s) => states.push(s), onFact: () => undefined, onGap: () => undefined, onReady: () => undefined });
    made[0]?.dispatchEvent(new Event('error'));
    vi.advanceTimersByTime(1000);
    made[1]?.dispatchEvent(new Event('error'));
    stop();
    vi.advanceTimersByTime(600_000);
    expect([made.length, ...states]).toEqual([2, 'connecting', 'lost', 'lost']);
  });
});
