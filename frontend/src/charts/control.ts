import type { Table } from './csv';
import { spanText } from './format';
import type { ControlLayer, LimitSpan, SignalMark, Span } from './types';

const same = (a: string, b: string) => Date.parse(a) === Date.parse(b);

/** The limits of each span, or null where it has none. */
export function limitsOf(layer: ControlLayer | undefined, spans: readonly Span[]): (LimitSpan | null)[] {
  return spans.map((span) => layer?.limits.find((limit) => same(limit.from, span.from)) ?? null);
}

/** The signals of one span. */
export function signalsOf(layer: ControlLayer | undefined, span: Span): SignalMark[] {
  return layer?.signals.filter((signal) => same(signal.from, span.from)) ?? [];
}

/**
 * The limits that an axis makes room for. A limit far above all values would
 * flatten the trend; it is left to the texts and the table.
 */
export function reachable(limits: readonly (LimitSpan | null)[], values: readonly (number | null)[]): number[] {
  const most = Math.max(0, ...values.filter((value) => value !== null));
  return limits.flatMap((limit) => (limit ? [limit.lower, limit.centre, limit.upper].filter((value) => value <= 2 * most) : []));
}

/** How many signals carry their word in the picture: the strongest say enough. */
const named = 3;

/** The signals whose word is written: shifts first, then the latest. */
export function namedSignals(signals: readonly SignalMark[]): Set<SignalMark> {
  const latest = signals.toReversed();
  const first = latest.filter((signal) => signal.rule === 'shift');
  return new Set([...first, ...latest.filter((signal) => signal.rule !== 'shift')].slice(0, named));
}

/** The marks of one span, one below the other, in pixels; `step` is the way from one to the next. */
export interface Mark {
  x: number;
  y: number;
  step: number;
  signals: readonly SignalMark[];
}

/** Where a word begins, or ends, seen from its mark. */
export interface WordPlace {
  signal: SignalMark;
  x: number;
  y: number;
  anchor: 'start' | 'end';
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A wide letter of a word, the height of a line, half of a mark, and the room between the two, in pixels. */
const letter = 7;
const line = 13;
const half = 6;
const beside = 9;

const apart = (a: Box, b: Box) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

function boxOf(mark: Mark, { signal, x, y, anchor }: WordPlace): Box {
  const length = signal.word.length * letter;
  const left = mark.x + x - (anchor === 'end' ? length : 0);
  return { left, right: left + length, top: mark.y + y - line / 2, bottom: mark.y + y + line / 2 };
}

/** The places for a word, the best first: right of its mark, left of it, then lines above and below. */
function placesFor(signal: SignalMark): WordPlace[] {
  return [0, -line, line, -2 * line, 2 * line].flatMap((y) => [
    { signal, x: beside, y, anchor: 'start' as const },
    { signal, x: -beside, y, anchor: 'end' as const },
  ]);
}

/**
 * The words that have place in a picture of this size, by mark: none lies on
 * another or on a mark, none is cut. The strongest signals choose first.
 */
export function placeWords(marks: readonly Mark[], words: Iterable<SignalMark>, width: number, height: number): Map<Mark, WordPlace> {
  const taken = marks.flatMap(({ x, y, step, signals }) =>
    signals.map((_, k) => ({ left: x - half, right: x + half, top: y + k * step - half, bottom: y + k * step + half })),
  );
  const placed = new Map<Mark, WordPlace>();
  for (const signal of words) {
    const mark = marks.find(({ signals }) => signals.includes(signal));
    if (!mark || placed.has(mark)) continue;
    const free = placesFor(signal).find((place) => {
      const box = boxOf(mark, place);
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      return inside && taken.every((other) => apart(box, other));
    });
    if (!free) continue;
    placed.set(mark, free);
    taken.push(boxOf(mark, free));
  }
  return placed;
}

type Cell = Table['rows'][number][number];

/** Adds the limits and the signals to a table of spans. */
export function withControl(
  table: Table,
  layer: ControlLayer | undefined,
  spans: readonly Span[],
  names: { lower: string; upper: string; signal: string },
  write: (value: number) => Cell,
): Table {
  if (!layer || layer.limits.length === 0) return table;
  const limits = limitsOf(layer, spans);
  return {
    columns: [...table.columns, names.lower, names.upper, names.signal],
    rows: table.rows.map((row, i) => {
      const limit = limits[i];
      const said = signalsOf(layer, spans[i]!).map((signal) => signal.text);
      return [...row, limit ? write(limit.lower) : null, limit ? write(limit.upper) : null, said.join(', ') || null];
    }),
  };
}

/** The signals in words, for the description of a picture. */
export function signalTexts(layer: ControlLayer | undefined, spans: readonly Span[], timeZone: string, locale: string): string {
  if (!layer) return '';
  const list = spans.flatMap((span) => signalsOf(layer, span).map((signal) => `${spanText(span, timeZone, locale)}: ${signal.text}.`));
  return [layer.note, ...list].filter(Boolean).join(' ');
}
