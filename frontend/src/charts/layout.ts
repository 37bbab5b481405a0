import { timeScale } from './scale';
import { timeTicks, type TimeTick } from './ticks';
import type { Span } from './types';

/** Where the plot lies within the picture, in CSS pixels. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  plotWidth: number;
  plotHeight: number;
  narrow: boolean;
}

/** Room at the right of the plot that direct labels need. */
export type Gutter = 'none' | 'labels';

/**
 * The frame for a picture of the given width. Below 480 pixels the picture is
 * 240 high and its margins shrink.
 */
export function frame(width: number, height: number, gutter: Gutter): Frame {
  const narrow = width < 480;
  const tall = narrow ? 240 : height;
  const left = narrow ? 38 : 46;
  const right = gutter === 'none' ? 10 : narrow ? 86 : 96;
  const top = 20;
  const bottom = 28;
  return {
    width,
    height: tall,
    left,
    right,
    top,
    bottom,
    plotWidth: Math.max(40, width - left - right),
    plotHeight: tall - top - bottom,
    narrow,
  };
}

/** One span's place: its edges and its middle, in pixels from the plot's left. */
export interface Slot {
  start: number;
  end: number;
  middle: number;
}

/** The horizontal axis of a chart over spans of time. */
export interface TimeAxis {
  slots: Slot[];
  ticks: (TimeTick & { x: number })[];
}

/** Lays spans out on a time axis, so that months of unequal length look unequal. */
export function timeAxis(spans: Span[], box: Frame, timeZone: string, locale: string): TimeAxis {
  if (spans.length === 0) return { slots: [], ticks: [] };
  const from = Date.parse(spans[0]!.from);
  const to = Date.parse(spans[spans.length - 1]!.to);
  const x = timeScale(from, to, box.plotWidth);
  const slots = spans.map((s) => {
    const start = x(Date.parse(s.from));
    const end = x(Date.parse(s.to));
    return { start, end, middle: (start + end) / 2 };
  });
  const ticks = timeTicks(from, to, box.plotWidth, timeZone, locale, box.narrow ? 56 : 72);
  return { slots, ticks: ticks.map((t) => ({ ...t, x: x(t.at) })) };
}
