import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dataStates,
  datesOf,
  dateText,
  eventKinds,
  formatRange,
  formatSearch,
  grainOf,
  initialState,
  instantText,
  lengthOf,
  outcomes,
  parseRange,
  parseSearch,
  pinned,
  rangeDays,
  readQuery,
  sinceChoices,
  shiftRange,
  windowOf,
  writeQuery,
  type Range,
  type UrlState,
} from './state';

const day = 86_400_000;
const dates = fc.integer({ min: 0, max: 25_000 }).map((n) => n * day);

const ranges: fc.Arbitrary<Range> = fc.oneof(
  fc.constantFrom(...rangeDays).map((days): Range => ({ kind: 'days', days })),
  fc.tuple(dates, fc.integer({ min: 0, max: 2000 })).map(
    ([from, length]): Range => ({ kind: 'dates', from: dateText(from), to: dateText(from + length * day) }),
  ),
);

const slugs = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);

const words = fc.uniqueArray(
  fc.string({ minLength: 1, maxLength: 40 }).filter((text) => /^[^,\n]+$/.test(text) && text.trim() === text && text.isWellFormed()),
  { maxLength: 4 },
);

const zooms = fc
  .tuple(fc.integer({ min: 0, max: 40_000_000 }), fc.integer({ min: 1, max: 100_000 }))
  .map(([from, length]) => ({ from: instantText(from * 60_000), to: instantText((from + length) * 60_000) }));

const states: fc.Arbitrary<UrlState> = fc.record({
  range: ranges,
  cmp: fc.constantFrom('prev', 'none'),
  grain: fc.constantFrom('day', 'week', 'month', null),
  group: fc.option(slugs),
  ownership: fc.constantFrom('then' as const, 'today' as const),
  by: fc.constantFrom('group' as const, 'capability' as const),
  env: fc.stringMatching(/^[a-zA-Z0-9/_-]{1,20}$/),
  bench: fc.option(slugs),
  tab: fc.option(fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/)),
  q: fc.string({ maxLength: 200 }).filter((text) => text.isWellFormed()),
  sort: fc.option(
    fc.record({ column: fc.stringMatching(/^[a-z0-9_]{1,20}$/), descending: fc.boolean() }),
  ),
  state: fc.option(fc.constantFrom(...dataStates)),
  tier: fc.option(fc.integer({ min: 0, max: 4 })),
  cursor: fc.option(fc.stringMatching(/^[\w.~=+/-]{1,40}$/)),
  kind: fc.uniqueArray(fc.constantFrom(...eventKinds), { maxLength: 4 }),
  source: words,
  status: words,
  environment: words,
  app: fc.option(slugs),
  claimed: fc.constantFrom('no', null),
  outcome: fc.uniqueArray(fc.constantFrom(...outcomes)),
  event: fc.option(fc.stringMatching(/^[\w.:/-]{1,40}$/)),
  connection: fc.option(fc.stringMatching(/^[\w-]{1,40}$/)),
  zoom: fc.option(zooms),
  signal: fc.option(fc.constantFrom('deployment', 'work_item')),
  metric: fc.option(fc.constantFrom('change_lead_time')),
  objective: fc.option(fc.stringMatching(/^[A-Za-z][\w %.-]{0,40}$/)),
  series: fc.option(fc.constantFrom('{region="eu"}', '{path="/a,b",region="eu"}')),
  aspect: fc.option(fc.constantFrom('owner', 'tier')),
  since: fc.oneof(fc.constantFrom(...sinceChoices), fc.integer({ min: 0, max: 40_000_000 }).map((n) => instantText(n * 60_000))),
  sel: fc.option(fc.stringMatching(/^[\w.:@+-]{1,40}$/)),
  as_of: fc.option(fc.integer({ min: 0, max: 40_000_000 }).map((n) => instantText(n * 60_000))),
});

describe('the state of an address', () => {
  it('comes back from its own text', () => {
    fc.assert(
      fc.property(states, fc.constantFrom(...rangeDays), (state, days) => {
        const address = writeQuery(formatSearch(state, days));
        const read = parseSearch(readQuery(address), days);
        expect(read.problems).toEqual([]);
        expect(read.state).toEqual(state);
      }),
      { numRuns: 500 },
    );
  });

  it('writes the same text again for every text it reads', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('range', 'cmp', 'env', 'tier', 'x'), fc.string()), (raw) => {
        const once = formatSearch(parseSearch(raw).state);
        expect(formatSearch(parseSearch(once).state)).toEqual(once);
      }),
    );
  });

  it('leaves defaults out', () => {
    expect(formatSearch(initialState(180), 180)).toEqual({});
    expect(formatSearch(initialState(180), 90)).toEqual({ range: '180d' });
  });

  it.each([
    ['an unknown range', { range: '7d' }],
    ['a date that does not exist', { range: '2026-02-30..2026-03-01' }],
    ['a range that ends before it begins', { range: '2026-03-02..2026-03-01' }],
    ['three dates', { range: '2026-01-01..2026-01-02..2026-01-03' }],
    ['an unknown comparison', { cmp: 'yoy' }],
    ['a tier above 4', { tier: '5' }],
    ['an unknown key', { colour: 'red' }],
    ['a key of every object', { constructor: 'x' }],
    ['a sort without direction', { sort: 'name' }],
    ['a group that is a path', { group: '../admin' }],
    ['an unknown kind among known ones', { kind: 'deployment,party' }],
    ['an empty choice', { source: 'github,,api' }],
    ['a zoom that ends before it begins', { zoom: '2026-03-02T08:00Z..2026-03-02T07:00Z' }],
    ['a zoom to a day that does not exist', { zoom: '2026-02-30T08:00Z..2026-03-02T07:00Z' }],
    ['an unknown length', { since: '3h' }],
    ['a moment without a zone', { since: '2026-03-02T08:00' }],
    ['a claim that cannot be asked for', { claimed: 'yes' }],
  ])('reports %s and keeps the default', (_, raw) => {
    const { state, problems } = parseSearch(raw as unknown as Record<string, string>);
    const [key, value] = Object.entries(raw)[0] ?? ['', ''];
    expect(problems).toEqual([{ key, value }]);
    expect(state).toEqual(initialState());
  });
});

describe('ranges', () => {
  it('of dates end before the day after the last one', () => {
    const range = parseRange('2026-01-01..2026-03-31');
    expect(range && windowOf(range)).toEqual({ from: '2026-01-01', to: '2026-04-01' });
    expect(range && lengthOf(range)).toBe(90);
  });

  it('of days are counted back by the server', () => {
    expect(windowOf({ kind: 'days', days: 30 })).toEqual({ from: '30d' });
  });

  it('of days cover as many dates as they name', () => {
    const now = Date.parse('2026-11-22T10:41:30Z');
    expect(datesOf({ kind: 'days', days: 30 }, now)).toEqual({ from: '2026-10-24', to: '2026-11-22' });
  });

  it.each([
    ['30d', 'day'],
    ['90d', 'week'],
    ['365d', 'week'],
    ['2024-01-01..2026-01-01', 'month'],
  ] as const)('of %s are shown by %s', (text, grain) => {
    const range = parseRange(text);
    expect(range && grainOf({ range, grain: null })).toBe(grain);
  });

  it('move back and forth by their own length', () => {
    const now = Date.parse('2026-11-22T10:00:00Z');
    const back = shiftRange({ kind: 'days', days: 30 }, -1, now);
    expect(formatRange(back)).toBe('2026-09-24..2026-10-23');
    expect(shiftRange(back, 1, now)).toEqual({ kind: 'days', days: 30 });
  });

  it('never move into the future', () => {
    fc.assert(
      fc.property(ranges, dates, (range, now) => {
        const next = shiftRange(range, 1, now);
        if (next.kind === 'dates') expect(next.to <= dateText(now)).toBe(true);
        expect(lengthOf(next)).toBe(lengthOf(range));
      }),
    );
  });
});

describe('the instant of a link that keeps its figures', () => {
  it('is the minute of now', () => {
    expect(pinned(initialState(), Date.parse('2026-05-12T14:00:42Z'))).toBe('2026-05-12T14:00Z');
  });

  it('leaves out what may still be on its way', () => {
    expect(pinned(initialState(), Date.parse('2026-05-12T14:00:09Z'))).toBe('2026-05-12T13:59Z');
  });

  it('stays that of the page', () => {
    const { state } = parseSearch({ as_of: '2026-01-01T00:00Z' });
    expect(pinned(state, Date.parse('2026-05-12T14:00:42Z'))).toBe('2026-01-01T00:00Z');
  });
});
