export { cutsOf } from './breaks';
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
  ControlLayer,
  CountBucket,
  DefinitionBreak,
  PercentileBandProps,
  PercentileBucket,
  RateBucket,
  RateIntervalProps,
  Span,
  SignalMark,
  SparklineProps,
  StackBucket,
  StackedBarsProps,
  StackSeries,
  Unit,
} from './types';
