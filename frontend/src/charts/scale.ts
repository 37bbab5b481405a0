import { scaleLinear, scaleLog } from 'd3-scale';
import type { Unit } from './types';

/** A value axis: where values lie and which of them are labelled. */
export interface ValueAxis {
  kind: 'linear' | 'log';
  low: number;
  high: number;
  ticks: number[];
  /** Pixel from the top for a value; values outside are held at the edge. */
  y: (value: number) => number;
}

/** A unit of time that an axis or a text is written in. */
export type DurationUnit = 'second' | 'minute' | 'hour' | 'day';

/** Seconds in each unit. */
export const secondsIn: Record<DurationUnit, number> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
};

/** The unit in which a duration reads best, the same as in texts: 15.8 hours, 5 days. */
export function durationUnit(seconds: number): DurationUnit {
  const size = Math.abs(seconds);
  if (size >= 2 * secondsIn.day) return 'day';
  if (size >= secondsIn.hour) return 'hour';
  if (size >= secondsIn.minute) return 'minute';
  return 'second';
}

// Durations that people know, for logarithmic axes.
const knownDurations = [
  1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400,
  90 * 86_400, 365 * 86_400,
];

/** Whether a spread is too wide for a linear axis: p90 over p50 above 8. */
export function isSkewed(median: (number | null)[], p90: (number | null)[]): boolean {
  const ratios = median.flatMap((m, i) => {
    const high = p90[i];
    return m !== null && m > 0 && high !== null && high !== undefined ? [high / m] : [];
  });
  if (ratios.length === 0) return false;
  ratios.sort((a, b) => a - b);
  return ratios[Math.floor((ratios.length - 1) / 2)]! > 8;
}

function linearTicks(high: number, unit: Unit, room: number): number[] {
  const per = unit === 'seconds' ? secondsIn[durationUnit(high)] : 1;
  const ticks = scaleLinear().domain([0, high / per]).nice(room).ticks(room);
  const whole = unit === 'count' ? ticks.filter(Number.isInteger) : ticks;
  return whole.map((t) => t * per);
}

/**
 * A linear axis from 0 to a round number above the largest value. `height` is
 * the plot's height; about one tick per 40 pixels. Shares end at 1.
 */
export function linearAxis(values: (number | null)[], unit: Unit, height: number): ValueAxis {
  const known = values.filter((v): v is number => v !== null && Number.isFinite(v));
  const most = Math.max(0, ...known);
  const fallback = unit === 'seconds' ? 3600 : unit === 'share' ? 0.1 : 1;
  const room = Math.max(2, Math.floor(height / 40));
  let ticks = linearTicks(most || fallback, unit, room);
  if (unit === 'share') ticks = ticks.filter((t) => t <= 1 + 1e-9);
  const high = Math.max(ticks[ticks.length - 1] ?? 0, most || fallback);
  const scale = scaleLinear().domain([0, high]).range([height, 0]).clamp(true);
  return { kind: 'linear', low: 0, high, ticks, y: (v) => scale(v) };
}

function logTicks(low: number, high: number, room: number): number[] {
  const within = knownDurations.filter((t) => t >= low && t <= high);
  const step = Math.max(1, Math.ceil(within.length / room));
  return within.filter((_, i) => (within.length - 1 - i) % step === 0);
}

/** A logarithmic axis of durations, between known durations where possible. */
export function logAxis(values: (number | null)[], height: number): ValueAxis {
  const known = values.filter((v): v is number => v !== null && v > 0);
  if (known.length === 0) return linearAxis(values, 'seconds', height);
  const least = Math.min(...known);
  const most = Math.max(...known);
  const low = knownDurations.findLast((t) => t <= least) ?? least;
  const high = knownDurations.find((t) => t >= most && t > low) ?? most * 1.1;
  const scale = scaleLog().domain([low, high]).range([height, 0]).clamp(true);
  const ticks = logTicks(low, high, Math.max(2, Math.floor(height / 36)));
  return { kind: 'log', low, high, ticks, y: (v) => scale(Math.max(v, low)) };
}

/** A linear time axis in pixels; instants are milliseconds. */
export function timeScale(from: number, to: number, width: number): (at: number) => number {
  const scale = scaleLinear().domain([from, to]).range([0, width]);
  return (at) => scale(at);
}
