import type { MessageId } from '../i18n/i18n';
import type { Translate } from '../i18n/useT';
import { formatDate } from '../ui/format';
import type { Table } from './csv';
import type { TimeAxis } from './layout';
import type { DefinitionBreak, Span } from './types';

/** A break that lies within a chart: its span and its place in pixels. */
export interface PlacedBreak {
  at: DefinitionBreak;
  /** The index of the span that the rules begin in. */
  index: number;
  x: number;
}

/** The breaks after the beginning of the first span and before the end of the last one. */
export function placeBreaks(breaks: readonly DefinitionBreak[] | undefined, spans: readonly Span[], axis: TimeAxis): PlacedBreak[] {
  const start = Date.parse(spans[0]?.from ?? '');
  return (breaks ?? []).flatMap((at) => {
    const instant = Date.parse(at.at);
    const index = spans.findIndex(({ from, to }) => Date.parse(from) <= instant && instant < Date.parse(to));
    const span = spans[index];
    const slot = axis.slots[index];
    if (!span || !slot || instant <= start) return [];
    const part = (instant - Date.parse(span.from)) / (Date.parse(span.to) - Date.parse(span.from));
    return [{ at, index, x: slot.start + part * (slot.end - slot.start) }];
  });
}

/**
 * Interrupts a line or a range at breaks: between the points on either side
 * of one, `gap` makes a point that has no value. The value of the span that
 * a break lies in stands at its middle, on that middle's side of the break.
 */
export function interrupted<P extends { x: number }>(points: readonly P[], breaks: readonly PlacedBreak[], gap: (x: number) => P): P[] {
  return points.flatMap((point, i) => {
    const before = points[i - 1];
    const cut = before && breaks.find(({ x }) => before.x < x && x <= point.x);
    return cut ? [gap(cut.x), point] : [point];
  });
}

/** The spans that stand after a break and whose predecessor stands before it. */
export function cutsOf(breaks: readonly DefinitionBreak[] | undefined, spans: readonly Span[]): number[] {
  const middles = spans.map(({ from, to }) => (Date.parse(from) + Date.parse(to)) / 2);
  const found = (breaks ?? []).map(({ at }) => middles.findIndex((middle) => Date.parse(at) <= middle));
  return found.filter((index) => index > 0);
}

/** The breaks that lie in one span. */
function breaksIn(breaks: readonly DefinitionBreak[] | undefined, spans: readonly Span[], index: number): DefinitionBreak[] {
  const { from, to } = spans[index]!;
  return (breaks ?? []).filter(({ at }) => {
    const instant = Date.parse(at);
    return Date.parse(from) <= instant && instant < Date.parse(to) && instant > Date.parse(spans[0]!.from);
  });
}

/** How breaks are written. */
export interface BreakWords {
  breaks?: readonly DefinitionBreak[] | undefined;
  spans: readonly Span[];
  timeZone: string;
  locale: string;
  t: Translate;
}

function sentence({ at, version, note }: DefinitionBreak, { t, timeZone, locale }: BreakWords): string {
  const id: MessageId = note ? 'chart.break_text' : 'chart.break_plain';
  return t(id, { day: formatDate(at, locale, timeZone), version, note });
}

/** What is said of the rules that begin within one span. */
export function breakLines(words: BreakWords, index: number): string[] {
  return breaksIn(words.breaks, words.spans, index).map((one) => sentence(one, words));
}

/** All breaks of a chart in words, for the description of its picture. */
export function breakTexts(words: BreakWords): string {
  return words.spans.flatMap((_, i) => breakLines(words, i).map((line) => `${line}.`)).join(' ');
}

/** Adds a column that says in which span other rules begin; none without breaks. */
export function withBreaks(table: Table, words: BreakWords): Table {
  const cells = words.spans.map((_, i) => breakLines(words, i).join('; ') || null);
  if (cells.every((cell) => cell === null)) return table;
  return {
    columns: [...table.columns, words.t('chart.column_break')],
    rows: table.rows.map((row, i) => [...row, cells[i] ?? null]),
  };
}
