import type { ReactNode } from 'react';

/** A span of time that one point or bar of a chart stands for; half-open, RFC 3339. */
export interface Span {
  from: string;
  to: string;
  /** False for a span that has not ended yet; it is drawn hollow. */
  complete: boolean;
}

/** What a number of a chart counts; it decides ticks, labels and rounding. */
export type Unit = 'seconds' | 'share' | 'count' | 'per_day';

/** One span of a distribution. A missing value is null, never 0. */
export interface PercentileBucket extends Span {
  /** Seconds, or whatever the chart's unit says. */
  median: number | null;
  p75: number | null;
  p90: number | null;
  /** How many values the percentiles are taken from. */
  n: number;
}

/** One span of a proportion. */
export interface RateBucket extends Span {
  /** Between 0 and 1; null where nothing was counted. */
  value: number | null;
  /** The 80 % Wilson interval. */
  low: number | null;
  high: number | null;
  /** The numerator. */
  events: number;
  /** The denominator. */
  n: number;
}

/** One bar. */
export interface CountBucket extends Span {
  /** Null where nothing is known, 0 where nothing happened. */
  value: number | null;
}

/** One named range of a benchmark; `to` null is open above. */
export interface BenchmarkBand {
  /** Shown as text behind the trend, already in the reader's language. */
  name: string;
  from: number;
  to: number | null;
}

/** A dated, sourced comparison set: context behind a trend, never a grade. */
export interface BenchmarkBands {
  /** 'DORA 2023'. */
  name: string;
  source?: string;
  /** How well the ranges are known, 'as published'. */
  evidence?: string;
  bands: BenchmarkBand[];
}

/** What every chart with axes takes. */
export interface ChartProps {
  /** The visible heading, also the name of the figure for a screen reader. */
  title: string;
  /** One line under the chart; says what is counted. */
  caption?: string;
  /** IANA zone of the axis; spans are cut in it by the server. */
  timeZone: string;
  /** Height of the picture in CSS pixels; 240 below 480 px of width. */
  height?: number;
  /** Base name of exported files. Default 'chart'. */
  fileName?: string;
  /** Level of the heading. Default 3. */
  headingLevel?: 2 | 3 | 4;
  /** A control beside the heading, usually an explain button. */
  action?: ReactNode;
  /** What the figure is judged by, drawn over it. */
  control?: ControlLayer;
  /** Where other rules begin: lines are interrupted there. */
  breaks?: readonly DefinitionBreak[];
}

/** An instant at which other rules begin to decide what is counted. */
export interface DefinitionBreak {
  at: string;
  /** The version of the rules that begin. */
  version: string;
  /** Why they were made; may be empty. */
  note: string;
}

/** What one span is expected to stay within, in the chart's unit. */
export interface LimitSpan {
  from: string;
  centre: number;
  lower: number;
  upper: number;
}

/** A span that something is said of; its shape says what, its word how it is meant. */
export interface SignalMark {
  /** The beginning of the span. */
  from: string;
  rule: 'beyond_limits' | 'shift';
  side: 'above' | 'below';
  tone: 'good' | 'bad' | 'neutral';
  /** 'worse'. */
  word: string;
  /** 'outside the limits: worse'. */
  text: string;
}

/** Limits and signals of a chart; without limits the note says why. */
export interface ControlLayer {
  /** Limits that rest on few spans are dashed. */
  provisional: boolean;
  limits: LimitSpan[];
  signals: SignalMark[];
  /** What the limits are made from and what was found, for caption and description. */
  note: string;
}

/** C2: median line with fills to p75 and p90. */
export interface PercentileBandProps extends ChartProps {
  buckets: PercentileBucket[];
  /** Default 'seconds'. */
  unit?: Unit;
  /** Medians of the previous period, span by span from the start; drawn dashed. */
  previous?: (number | null)[];
  benchmark?: BenchmarkBands;
}

/** C3: weekly proportion with its interval and the counts beneath. */
export interface RateIntervalProps extends ChartProps {
  buckets: RateBucket[];
  /** What the denominator counts, 'deployments'. */
  countLabel: string;
}

/** C8: counts per span. */
export interface BarsProps extends ChartProps {
  buckets: CountBucket[];
  /** What is counted, 'deployments'. */
  valueLabel: string;
  /** A wanted level, drawn as a dashed line with a short text at its end. */
  reference?: { value: number; label: string };
}

/** One part of stacked bars. */
export interface StackSeries {
  id: string;
  label: string;
  /** The categorical colour, 1 to 5; 0 is the grey of everything else. */
  colour: 0 | 1 | 2 | 3 | 4 | 5;
  /** A shape that stands for the series wherever it is named. */
  mark?: ReactNode;
}

/** One stacked bar: a number for each series. */
export interface StackBucket extends Span {
  values: number[];
}

/** C8: counts per span, stacked by what was counted; at most five series and the rest. */
export interface StackedBarsProps extends ChartProps {
  buckets: StackBucket[];
  /** From the zero line upwards. */
  series: StackSeries[];
  /** What is counted, 'events'. */
  valueLabel: string;
  /** Called with the instants of a stretch that was drawn over. */
  onBrush?: (from: string, to: string) => void;
}

/** C1: a word-sized trend. Decoration-free: it always carries a text. */
export interface SparklineProps {
  values: (number | null)[];
  /** What the line shows, 'Change lead time, weekly median'. */
  label: string;
  /** Writes one value, '15.8 h'. */
  format: (value: number) => string;
  /** CSS pixels. Default 120 by 24. */
  width?: number;
  height?: number;
  /** A grey range behind the line. */
  band?: { from: number; to: number | null };
  /** Indices of the values that the line is interrupted before, where other rules begin. */
  cuts?: readonly number[];
  /** The last value stands for a span that has not ended. */
  incomplete?: boolean;
}
