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
