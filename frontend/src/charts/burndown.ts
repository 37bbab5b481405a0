import { scaleLinear } from 'd3-scale';
import type { Frame } from './layout';
import { timeScale, type ValueAxis } from './scale';
import { timeTicks, type TimeTick } from './ticks';

/** What is left of a budget at an instant; null where nothing is known. */
export interface BurnPoint {
  at: string;
  /** Share of the budget with corrections; below 0 it is overspent. */
  remaining: number | null;
  /** The same without corrections. */
  experienced: number | null;
  /** Nothing was measured from here to the next point. */
  noData: boolean;
  /** Why nothing is known, in words; without it only that nothing is. */
  why?: string | null;
}

/** Where the budget is expected to be. */
export interface Expected {
  at: string;
  low: number;
  middle: number;
  high: number;
}

export type MarkKind = 'incident' | 'deployment' | 'flag_change' | 'definition' | 'correction';

/** Something that happened; an incident and a correction last. */
export interface BurnMark {
  kind: MarkKind;
  id: string;
  title: string;
  at: string;
  until: string | null;
  /** Share of the budget that it took; null where that is not known. */
  consumed: number | null;
}

/** Marks that stand too near to be told apart. */
export interface MarkGroup {
  /** Pixels from the left of the plot. */
  x: number;
  marks: BurnMark[];
}

/** A place of the plot; null interrupts the line. */
export interface Step {
  x: number;
  y: number | null;
}

/** Marks nearer to each other than this share of the width are drawn as one. */
const nearness = 0.03;
/** A mark is a target for pointers, so neighbours keep this many pixels apart. */
const leastTarget = 24;

/** Groups marks from left to right: each group begins a width after the one before. */
export function groupMarks(marks: readonly BurnMark[], x: (at: string) => number, width: number): MarkGroup[] {
  const room = Math.max(width * nearness, leastTarget);
  const groups: MarkGroup[] = [];
  const inOrder = marks.map((mark) => ({ mark, x: x(mark.at) })).toSorted((a, b) => a.x - b.x);
  for (const { mark, x: place } of inOrder) {
    const last = groups.at(-1);
    if (last && place - last.x < room) last.marks.push(mark);
    else groups.push({ x: place, marks: [mark] });
  }
  return groups;
}

const order: readonly MarkKind[] = ['incident', 'deployment', 'flag_change', 'definition', 'correction'];

/** The marks of a group, what took most of the budget first. */
export function byTaken({ marks }: MarkGroup): BurnMark[] {
  return marks.toSorted((a, b) => (b.consumed ?? 0) - (a.consumed ?? 0));
}

/** The kind that stands for a group: what took most of the budget, else what matters most. */
export function kindOf(group: MarkGroup): MarkKind {
  const [first] = byTaken(group);
  if (first?.consumed) return first.kind;
  return order.find((kind) => group.marks.some((mark) => mark.kind === kind)) ?? 'definition';
}

/** A line of steps: every value holds until the next; null and the end interrupt it. */
export function stepPath(steps: readonly Step[]): string {
  let path = '';
  let open = false;
  for (const { x, y } of steps) {
    if (open) path += `H${x.toFixed(1)}`;
    if (y === null) {
      open = false;
      continue;
    }
    path += open ? `V${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}`;
    open = true;
  }
  return path;
}

/** The share that ticks of a budget stand apart at, for a span and a number of them. */
const distances = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100];

/** The least part of the axis that lies below zero, so that the consequence can be read. */
const belowZero = -0.15;

/**
 * The axis of a budget: from a full one, or more if more was found, down to
 * what was overspent. Nothing is cut off; ticks stand at round shares.
 */
export function budgetAxis(values: readonly (number | null)[], height: number): ValueAxis {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const high = Math.max(1, ...known);
  const low = Math.min(belowZero, ...known.map((value) => value * 1.05));
  const room = Math.max(2, Math.floor(height / 40));
  const step = distances.find((distance) => (high - low) / distance <= room) ?? (high - low) / room;
  const first = Math.ceil(low / step);
  const ticks = Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
  const scale = scaleLinear().domain([low, high]).range([height, 0]).clamp(true);
  return { kind: 'linear', low, high, ticks, y: (value) => scale(value) };
}

/** The part of time that the chart shows. */
export interface Stretch {
  from: number;
  to: number;
  now: number;
}

/** From the window's beginning to its end, or further where the forecast reaches. */
export function stretchOf(window: { from: string; to: string }, points: readonly BurnPoint[], forecast: readonly Expected[]): Stretch {
  const last = points.at(-1)?.at ?? window.to;
  return {
    from: Math.min(Date.parse(window.from), Date.parse(points[0]?.at ?? window.from)),
    to: Math.max(Date.parse(window.to), Date.parse(forecast.at(-1)?.at ?? window.to), Date.parse(last)),
    now: Date.parse(last),
  };
}

/** The places of a chart: a scale of time, its ticks, and one slot per point to read. */
export function burnAxis(stretch: Stretch, instants: readonly string[], box: Frame, timeZone: string, locale: string) {
  const x = timeScale(stretch.from, stretch.to, box.plotWidth);
  const places = instants.map((at) => x(Date.parse(at)));
  const slots = places.map((start, i) => ({ start, end: places[i + 1] ?? start, middle: start }));
  const ticks: TimeTick[] = timeTicks(stretch.from, stretch.to, box.plotWidth, timeZone, locale, box.narrow ? 56 : 72);
  return { x: (at: string) => x(Date.parse(at)), axis: { slots, ticks: ticks.map((tick) => ({ ...tick, x: x(tick.at) })) } };
}

/** The stretches in which nothing was measured, from the first point without data to the next with some. */
export function gapsOf(points: readonly BurnPoint[]): { from: string; to: string }[] {
  const gaps: { from: string; to: string }[] = [];
  points.forEach((point, i) => {
    const to = points[i + 1]?.at;
    if (!point.noData || to === undefined) return;
    const last = gaps.at(-1);
    if (last?.to === point.at) last.to = to;
    else gaps.push({ from: point.at, to });
  });
  return gaps;
}

/** The points that a mark explains: from just before it to its end, or to the next point if it has none. */
export function explained(points: readonly BurnPoint[], mark: BurnMark): BurnPoint[] {
  const from = Date.parse(mark.at);
  const until = Date.parse(mark.until ?? mark.at);
  const first = points.findLastIndex(({ at }) => Date.parse(at) <= from);
  const last = points.findIndex(({ at }) => Date.parse(at) >= until && Date.parse(at) > from);
  return points.slice(Math.max(0, first), last === -1 ? points.length : last + 1);
}

/** Marks that fall between a point and the next one. */
export function marksIn(marks: readonly BurnMark[], points: readonly BurnPoint[], index: number): BurnMark[] {
  const from = Date.parse(points[index]?.at ?? '');
  const to = Date.parse(points[index + 1]?.at ?? '');
  return marks.filter(({ at }) => Date.parse(at) >= from && (Number.isNaN(to) || Date.parse(at) < to));
}
