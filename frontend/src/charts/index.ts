export { Bars } from './Bars';
export { PercentileBand } from './PercentileBand';
export { RateInterval } from './RateInterval';
export { Sparkline } from './Sparkline';
export { StackedBars } from './StackedBars';
export type {
  BarsProps,
  BenchmarkBand,
  BenchmarkBands,
  ChartProps,
  CountBucket,
  PercentileBandProps,
  PercentileBucket,
  RateBucket,
  RateIntervalProps,
  Span,
  SparklineProps,
  StackBucket,
  StackedBarsProps,
  StackSeries,
  Unit,
} from './types';
