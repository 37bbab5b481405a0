import type { Point } from './path';

const margin = 3;

/** Where the values of a word-sized trend lie, and its band if it shows. */
export function sparkPoints(
  values: (number | null)[],
  width: number,
  height: number,
  range?: { from: number; to: number | null },
): { points: Point[]; band: { top: number; bottom: number } | null } {
  const known = values.filter((v): v is number => v !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const flat = high === low;
  const y = (v: number) => {
    const share = flat ? 0.5 : (v - low) / (high - low);
    const held = Math.min(1, Math.max(0, share));
    return Math.round((height - margin - held * (height - 2 * margin)) * 10) / 10;
  };
  const step = values.length > 1 ? (width - 2 * margin) / (values.length - 1) : 0;
  const start = values.length > 1 ? margin : width / 2;
  const points = values.map((v, i) => ({
    x: Math.round((start + i * step) * 10) / 10,
    y: v === null ? null : y(v),
  }));
  if (!range || known.length === 0 || flat) return { points, band: null };
  const top = range.to === null || range.to >= high ? 0 : y(range.to);
  const bottom = range.from <= low ? height : y(range.from);
  const visible = range.from <= high && (range.to === null || range.to >= low);
  return { points, band: visible ? { top, bottom } : null };
}
