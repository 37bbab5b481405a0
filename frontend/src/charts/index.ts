export { Bars } from './Bars';
export { PercentileBand } from './PercentileBand';
export { RateInterval } from './RateInterval';
export { Sparkline } from './Sparkline';
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
  Unit,
} from './types';
