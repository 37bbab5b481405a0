/**
 * The state of a page that belongs into its address: filters, range, tab.
 * Defaults are left out of the address; what cannot be read falls back to its
 * default and is reported, so that a reader of a broken link is told.
 */
export type Grain = 'day' | 'week' | 'month';
export type Compare = 'prev' | 'none';
/** Whether what happened counts for who owned an application then, or for who owns it today. */
export type Ownership = 'then' | 'today';

/** Days back from now, or two dates, both included. */
export type Range =
  | { readonly kind: 'days'; readonly days: RangeDays }
  | { readonly kind: 'dates'; readonly from: string; readonly to: string };

export const rangeDays = [30, 90, 180, 365] as const;
export type RangeDays = (typeof rangeDays)[number];

export const dataStates = ['ok', 'few_data', 'no_data', 'stale'] as const;

/** The kinds of events that are listed one by one. */
export const eventKinds = [
  'deployment',
  'change',
  'build',
  'incident',
  'flag_change',
  'artifact',
  'dependency',
  'work_item',
  'evidence',
  'alert',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** What became of a delivery. */
export const outcomes = ['recorded', 'ignored', 'rejected'] as const;
export type Outcome = (typeof outcomes)[number];

/** How far back one looks for what changed. */
export const sinceChoices = ['1h', '2h', '6h', '24h', '7d'] as const;
export type SinceChoice = (typeof sinceChoices)[number];

/** A part of the range that is looked at closely: two instants to the minute, the second not included. */
export interface Zoom {
  readonly from: string;
  readonly to: string;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface UrlState {
  readonly range: Range;
  readonly cmp: Compare;
  /** Null is "by range". */
  readonly grain: Grain | null;
  /** Slug of a group; null is all. */
  readonly group: string | null;
  readonly ownership: Ownership;
  /** What a table lists: teams, or what the business does. */
  readonly by: 'group' | 'capability';
  readonly env: string;
  /** Id of a benchmark, "none", or null for the workspace's own choice. */
  readonly bench: string | null;
  readonly tab: string | null;
  readonly q: string;
  readonly sort: Sort | null;
  readonly state: (typeof dataStates)[number] | null;
  /** 0 is unassessed, null is all. */
  readonly tier: number | null;
  readonly cursor: string | null;
  /** Choices in lists of events; of several in one list any may hold, an empty list is all. */
  readonly kind: readonly EventKind[];
  readonly source: readonly string[];
  readonly status: readonly string[];
  readonly environment: readonly string[];
  /** Slug of an application. */
  readonly app: string | null;
  /** "no" asks for what belongs to no application. */
  readonly claimed: 'no' | null;
  readonly outcome: readonly Outcome[];
  /** A source's name of what it delivered. */
  readonly event: string | null;
  /** Id of a connection. */
  readonly connection: string | null;
  /** A signal of the coverage matrix, and a figure. */
  readonly signal: string | null;
  readonly metric: string | null;
  /** One objective of an SLO. */
  readonly objective: string | null;
  /** Labels of the series that it is measured by, in braces. */
  readonly series: string | null;
  /** What is suggested of an application. */
  readonly aspect: string | null;
  readonly zoom: Zoom | null;
  /** How far back: one of sinceChoices, or an instant to the minute. */
  readonly since: string;
  /** Id of the row whose drawer is open. */
  readonly sel: string | null;
  /** The instant to the minute that figures are shown as of; null is the present. */
  readonly as_of: string | null;
}

export type UrlKey = keyof UrlState;

/** The query of an address as text by key. */
export type RawSearch = Readonly<Record<string, string>>;

/** A key of an address that was not understood. */
export interface UrlProblem {
  readonly key: string;
  readonly value: string;
}

interface Field<T> {
  readonly initial: T;
  /** Undefined where the text is not valid. */
  parse(text: string): T | undefined;
  format(value: T): string;
}

function oneOf<T extends string>(values: readonly T[], initial: T): Field<T>;
function oneOf<T extends string>(values: readonly T[], initial: null): Field<T | null>;
function oneOf<T extends string>(values: readonly T[], initial: T | null): Field<T | null> {
  return {
    initial,
    parse: (text) => values.find((value) => value === text),
    format: (value) => value ?? '',
  };
}

function matching(pattern: RegExp): Field<string | null> {
  return {
    initial: null,
    parse: (text) => (pattern.test(text) ? text : undefined),
    format: (value) => value ?? '',
  };
}

/** A comma list of different words; the order is kept. */
function listOf<T extends string>(read: (word: string) => T | undefined): Field<readonly T[]> {
  return {
    initial: [],
    parse: (text) => {
      const words = text.split(',').map(read);
      const known = words.filter((word) => word !== undefined);
      return known.length === words.length ? [...new Set(known)] : undefined;
    },
    format: (words) => words.join(','),
  };
}

const dayMilliseconds = 86_400_000;

/** Milliseconds of a calendar date in UTC, or null for text that is none. */
export function dateValue(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const value = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(value) || dateText(value) !== text ? null : value;
}

/** The calendar date in UTC of an instant in milliseconds. */
export function dateText(value: number): string {
  return new Date(value).toISOString().slice(0, 10);
}

/** Reads "90d" or "2026-01-01..2026-03-31". */
export function parseRange(text: string): Range | undefined {
  const days = rangeDays.find((value) => `${value}d` === text);
  if (days) return { kind: 'days', days };
  const [from, to, more] = text.split('..');
  if (from === undefined || to === undefined || more !== undefined) return undefined;
  const start = dateValue(from);
  const end = dateValue(to);
  if (start === null || end === null || end < start) return undefined;
  return { kind: 'dates', from, to };
}

export function formatRange(range: Range): string {
  return range.kind === 'days' ? `${range.days}d` : `${range.from}..${range.to}`;
}

/** The instant of a text such as 2026-11-22T08:00Z, or null for text that is none. */
export function instantValue(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z$/.test(text)) return null;
  const value = Date.parse(text);
  return Number.isNaN(value) || instantText(value) !== text ? null : value;
}

/** An instant in milliseconds, to the minute. */
export function instantText(value: number): string {
  return `${new Date(value).toISOString().slice(0, 16)}Z`;
}

/** How long a fact may take to be recorded: what is pinned is a little older than now. */
const underway = 10_000;

/**
 * The instant that a link to figures is pinned to: that of the state, else now.
 * A range of days is counted back from it, so whoever opens the link sees the
 * same figures.
 */
export function pinned(state: Pick<UrlState, 'as_of'>, now: number): string {
  return state.as_of ?? instantText(now - underway);
}

/** Reads "2026-11-22T08:00Z..2026-11-22T12:00Z". */
export function parseZoom(text: string): Zoom | undefined {
  const [from, to, more] = text.split('..');
  if (from === undefined || to === undefined || more !== undefined) return undefined;
  const start = instantValue(from);
  const end = instantValue(to);
  return start === null || end === null || end <= start ? undefined : { from, to };
}

function parseSince(text: string): string | undefined {
  return sinceChoices.some((choice) => choice === text) || instantValue(text) !== null ? text : undefined;
}

const zoomField: Field<Zoom | null> = {
  initial: null,
  parse: parseZoom,
  format: (zoom) => (zoom ? `${zoom.from}..${zoom.to}` : ''),
};

const sortField: Field<Sort | null> = {
  initial: null,
  parse: (text) => {
    const match = /^([a-z0-9_]+)\.(asc|desc)$/.exec(text);
    return match?.[1] ? { column: match[1], descending: match[2] === 'desc' } : undefined;
  },
  format: (sort) => (sort ? `${sort.column}.${sort.descending ? 'desc' : 'asc'}` : ''),
};

const tierField: Field<number | null> = {
  initial: null,
  parse: (text) => (/^[0-4]$/.test(text) ? Number(text) : undefined),
  format: (tier) => (tier === null ? '' : String(tier)),
};

/** Anything but a comma; statuses are in the words of their sources. */
const word = (text: string) => (/^[^,\n]{1,128}$/.test(text) && text.trim() === text ? text : undefined);

const slug = /^[a-z0-9][a-z0-9._-]{0,127}$/;

function fields(days: RangeDays): { readonly [K in UrlKey]: Field<UrlState[K]> } {
  return {
    range: { initial: { kind: 'days', days }, parse: parseRange, format: formatRange },
    cmp: oneOf(['prev', 'none'] as const, 'prev'),
    grain: oneOf(['day', 'week', 'month'] as const, null),
    group: matching(slug),
    ownership: oneOf(['then', 'today'] as const, 'then'),
    by: oneOf(['group', 'capability'] as const, 'group'),
    env: {
      initial: 'production',
      parse: (text) => (/^[^\s,]{1,128}$/.test(text) ? text : undefined),
      format: (env) => env,
    },
    bench: matching(slug),
    tab: matching(/^[a-z][a-z0-9-]{0,31}$/),
    q: { initial: '', parse: (text) => (text.length <= 200 ? text : undefined), format: (q) => q },
    sort: sortField,
    state: oneOf(dataStates, null),
    tier: tierField,
    cursor: matching(/^[\w.~=+/-]{1,512}$/),
    kind: listOf((text) => eventKinds.find((kind) => kind === text)),
    source: listOf(word),
    status: listOf(word),
    environment: listOf(word),
    app: matching(slug),
    claimed: oneOf(['no'] as const, null),
    outcome: listOf((text) => outcomes.find((outcome) => outcome === text)),
    event: matching(/^[\w.:/-]{1,128}$/),
    connection: matching(/^[\w-]{1,128}$/),
    signal: matching(/^[a-z_]{1,40}$/),
    metric: matching(/^[a-z_]{1,40}$/),
    objective: matching(/^[^\n]{1,200}$/),
    series: matching(/^\{[^\n]{1,900}\}$/),
    aspect: matching(/^[a-z_]{1,40}$/),
    zoom: zoomField,
    since: { initial: '2h', parse: parseSince, format: (since) => since },
    sel: matching(/^[\w.:@+-]{1,128}$/),
    as_of: { initial: null, parse: (text) => (instantValue(text) === null ? undefined : text), format: (at) => at ?? '' },
  };
}

/** The state of an address without a query. days is the page's own range. */
export function initialState(days: RangeDays = 90): UrlState {
  const entries = Object.entries(fields(days)).map(([key, field]) => [key, field.initial]);
  return Object.fromEntries(entries) as unknown as UrlState;
}

/** Reads the query of an address. */
export function parseSearch(
  raw: RawSearch,
  days: RangeDays = 90,
): { readonly state: UrlState; readonly problems: readonly UrlProblem[] } {
  const known = fields(days) as Readonly<Record<string, Field<unknown>>>;
  const state: Record<string, unknown> = { ...initialState(days) };
  const problems: UrlProblem[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const parsed = Object.hasOwn(known, key) ? known[key]?.parse(value) : undefined;
    if (parsed === undefined) problems.push({ key, value });
    else state[key] = parsed;
  }
  return { state: state as unknown as UrlState, problems };
}

/** Writes a state as the query of an address; defaults are left out. */
export function formatSearch(state: UrlState, days: RangeDays = 90): RawSearch {
  const out: Record<string, string> = {};
  for (const [key, field] of Object.entries(fields(days)) as [UrlKey, Field<unknown>][]) {
    const text = field.format(state[key]);
    if (text !== field.format(field.initial)) out[key] = text;
  }
  return out;
}

/** Cuts a query string into text by key; of repeated keys the last one counts. */
export function readQuery(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** Joins text by key to a query string with its question mark, or nothing. */
export function writeQuery(raw: RawSearch): string {
  const query = new URLSearchParams(
    Object.entries(raw).filter(([, value]) => value !== undefined && value !== null),
  ).toString();
  return query && `?${query.replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',')}`;
}

/**
 * A range as the server reads it: a length counted back from now, or two dates
 * in the time zone of the workspace, of which the second is not included.
 */
export function windowOf(range: Range): { readonly from: string; readonly to?: string } {
  if (range.kind === 'days') return { from: `${range.days}d` };
  return { from: range.from, to: dateText((dateValue(range.to) ?? 0) + dayMilliseconds) };
}

/** The first and the last date of a range. */
export function datesOf(range: Range, now: number): { readonly from: string; readonly to: string } {
  if (range.kind === 'dates') return { from: range.from, to: range.to };
  return { from: dateText(now - (range.days - 1) * dayMilliseconds), to: dateText(now) };
}

/** The grain of a range that names none: days up to a month, weeks up to 400 days. */
export function grainOf(state: Pick<UrlState, 'grain' | 'range'>): Grain {
  if (state.grain) return state.grain;
  const days = lengthOf(state.range);
  if (days <= 31) return 'day';
  return days <= 400 ? 'week' : 'month';
}

/** Length of a range in days. */
export function lengthOf(range: Range): number {
  if (range.kind === 'days') return range.days;
  const from = dateValue(range.from) ?? 0;
  const to = dateValue(range.to) ?? 0;
  return (to - from) / dayMilliseconds + 1;
}

/**
 * The range of equal length before or after. A range that would reach today
 * becomes "the last n days" if there is such a choice, else ends today.
 */
export function shiftRange(range: Range, steps: -1 | 1, now: number): Range {
  const days = lengthOf(range);
  const today = dateValue(dateText(now)) ?? 0;
  const end = range.kind === 'dates' ? (dateValue(range.to) ?? 0) : today;
  const to = end + steps * days * dayMilliseconds;
  if (to >= today) {
    const choice = rangeDays.find((value) => value === days);
    if (choice) return { kind: 'days', days: choice };
    return { kind: 'dates', from: dateText(today - (days - 1) * dayMilliseconds), to: dateText(today) };
  }
  return { kind: 'dates', from: dateText(to - (days - 1) * dayMilliseconds), to: dateText(to) };
}
