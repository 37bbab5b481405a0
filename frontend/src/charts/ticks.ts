import { civil, startOfDay, weekday } from './calendar';

/** A labelled place on the time axis. */
export interface TimeTick {
  /** Milliseconds. */
  at: number;
  label: string;
}

type Step = { kind: 'minute' | 'day' | 'week' | 'month'; every: number };

// From fine to coarse. Ticks lie on civil boundaries, so their distance varies.
const steps: Step[] = [
  { kind: 'minute', every: 1 },
  { kind: 'minute', every: 5 },
  { kind: 'minute', every: 15 },
  { kind: 'minute', every: 30 },
  { kind: 'minute', every: 60 },
  { kind: 'minute', every: 180 },
  { kind: 'minute', every: 360 },
  { kind: 'minute', every: 720 },
  { kind: 'day', every: 1 },
  { kind: 'day', every: 2 },
  { kind: 'week', every: 1 },
  { kind: 'week', every: 2 },
  { kind: 'month', every: 1 },
  { kind: 'month', every: 2 },
  { kind: 'month', every: 3 },
  { kind: 'month', every: 6 },
  { kind: 'month', every: 12 },
  { kind: 'month', every: 24 },
  { kind: 'month', every: 60 },
];

const dayMilliseconds = 86_400_000;
const minuteMilliseconds = 60_000;
const dayMinutes = 1440;

/** Rough length of a step, to choose one before ticks are cut. */
function length(step: Step): number {
  const days = { minute: 1 / dayMinutes, day: 1, week: 7, month: 30.44 }[step.kind];
  return days * step.every * dayMilliseconds;
}

/** The boundaries of one step that lie within [from, to]. */
function boundaries(step: Step, from: number, to: number, timeZone: string): number[] {
  if (step.kind === 'minute') return minutes(step.every, from, to, timeZone);
  const first = civil(from, timeZone);
  const found: number[] = [];
  for (let i = 0; i < 400; i++) {
    const at = boundary(step, first, i, timeZone);
    if (at > to) break;
    if (at >= from) found.push(at);
  }
  return found;
}

/** Every so many minutes, counted from the beginning of each day. */
function minutes(every: number, from: number, to: number, timeZone: string): number[] {
  const first = civil(from, timeZone);
  const found: number[] = [];
  for (let day = 0; day < 400; day++) {
    const start = startOfDay(first.year, first.month, first.day + day, timeZone);
    if (start > to) break;
    const next = startOfDay(first.year, first.month, first.day + day + 1, timeZone);
    for (let at = start; at < next && at <= to; at += every * minuteMilliseconds) {
      if (at >= from) found.push(at);
    }
  }
  return found;
}

function boundary(step: Step, first: ReturnType<typeof civil>, i: number, timeZone: string): number {
  const { year, month, day } = first;
  if (step.kind === 'day') return startOfDay(year, month, day + i * step.every, timeZone);
  if (step.kind === 'week') {
    return startOfDay(year, month, day - weekday(first) + i * 7 * step.every, timeZone);
  }
  const start = Math.floor((year * 12 + month - 1) / step.every) * step.every;
  const at = start + i * step.every;
  return startOfDay(Math.floor(at / 12), (at % 12) + 1, 1, timeZone);
}

/** Writes labels that name the year where it turns, or where one would be repeated. */
function labels(step: Step, places: number[], timeZone: string, locale: string): string[] {
  const years = places.map((at) => civil(at, timeZone).year);
  if (step.kind === 'month' && step.every >= 12) return years.map(String);
  if (step.kind === 'minute') return clockLabels(places, timeZone, locale);
  const options: Intl.DateTimeFormatOptions = { timeZone, month: 'short' };
  if (step.kind !== 'month') options.day = 'numeric';
  const plain = new Intl.DateTimeFormat(locale, options);
  const full = new Intl.DateTimeFormat(locale, { ...options, year: 'numeric' });
  const used = new Set<string>();
  return places.map((at, i) => {
    const turned = i > 0 && years[i] !== years[i - 1];
    const short = plain.format(at);
    const text = turned || used.has(short) ? full.format(at) : short;
    used.add(text);
    return text;
  });
}

/** Writes times of day, and the date where a day begins or a time would be repeated. */
function clockLabels(places: number[], timeZone: string, locale: string): string[] {
  const clock = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const date = new Intl.DateTimeFormat(locale, { timeZone, month: 'short', day: 'numeric' });
  const used = new Set<string>();
  return places.map((at) => {
    const { hour, minute } = civil(at, timeZone);
    const short = hour + minute === 0 ? date.format(at) : clock.format(at);
    const text = used.has(short) ? `${date.format(at)} ${clock.format(at)}` : short;
    used.add(text);
    return text;
  });
}

/**
 * Ticks for [from, to] (milliseconds) on civil boundaries of the zone, as many
 * as fit in `width` pixels when each needs `spacing`. Every label is complete
 * ('8 Nov'), none is repeated, and a year is written where it turns.
 */
export function timeTicks(
  from: number,
  to: number,
  width: number,
  timeZone: string,
  locale: string,
  spacing = 64,
): TimeTick[] {
  if (!(to > from)) return [];
  const room = Math.max(1, Math.floor(width / spacing));
  const step = steps.find((s) => (to - from) / length(s) <= room) ?? steps[steps.length - 1]!;
  const places = boundaries(step, from, to, timeZone);
  const texts = labels(step, places, timeZone, locale);
  return places.map((at, i) => ({ at, label: texts[i]! }));
}
