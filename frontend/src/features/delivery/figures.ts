import { headline } from '../../api/durations';
import type { Benchmark, BenchmarkBand, Bucket, Comparison, DoraReport, MetricChange, MetricName, Withheld } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import type { Translate } from '../../i18n/useT';
import {
  durationQuantity,
  formatDuration,
  formatNumber,
  formatPercent,
  frequencyQuantity,
  joinQuantity,
  percentQuantity,
  type Quantity,
} from '../../ui/format';

/** A p90 needs this many cases. */
const leastForP90 = 20;
/** Below this share of known shipments a lead time is marked. */
const partialBelow = 0.9;

export type FigureName = MetricName | 'incidents';

/** A figure as words: everything a tile shows except its trend. */
export interface Figure {
  readonly metric: FigureName;
  readonly quantity: Quantity | null;
  readonly reason?: string;
  readonly caption: string;
  readonly change: MetricChange | null;
  readonly partial: { readonly short: string; readonly full: string } | null;
}

/** What the figures are made from. */
export interface FigureInput {
  readonly report: DoraReport;
  readonly previous: DoraReport | null;
  /** Null: no comparison is wanted. */
  readonly comparison: Comparison | null;
  readonly t: Translate;
  readonly locale: string;
}

interface Nothing {
  readonly quantity: null;
  readonly reason: string;
  readonly caption: string;
}

/** The states shared by all figures: nothing there, or too little of it. */
function tooLittle({ n, withheld }: { n: number; withheld?: Withheld }, none: MessageId, { t, locale }: FigureInput): Nothing | null {
  if (n === 0) return { quantity: null, reason: t('tile.no_data'), caption: t(none) };
  if (withheld !== 'too_few') return null;
  return { quantity: null, reason: t('tile.too_few'), caption: t('tile.too_few_n', { n: formatNumber(n, locale) }) };
}

function nothing(metric: MetricName, state: Nothing): Figure {
  return { metric, ...state, change: null, partial: null };
}

function leadTime(input: FigureInput): Figure {
  const { report, comparison, t, locale } = input;
  const metric = 'change_lead_time';
  const lead = report[metric];
  const value = headline(lead);
  const state = tooLittle(lead, 'tile.no_changes', input);
  if (state || value === null) return nothing(metric, state ?? noValue(input, 'tile.no_changes'));
  const coverage = lead.coverage ?? 1;
  const known = formatPercent(coverage, locale);
  if (lead.withheld === 'low_coverage') {
    return nothing(metric, { quantity: null, reason: t('tile.withheld'), caption: t('tile.withheld_why', { coverage: known }) });
  }
  return {
    metric,
    quantity: durationQuantity(value, locale),
    caption: percentileCaption(lead, 'tile.lead', 'tile.lead_short', input),
    change: comparison?.[metric] ?? null,
    partial:
      coverage < partialBelow
        ? { short: t('tile.partial', { coverage: known }), full: t('tile.partial_full', { coverage: known }) }
        : null,
  };
}

function noValue({ t }: FigureInput, why: MessageId): Nothing {
  return { quantity: null, reason: t('tile.no_data'), caption: t(why) };
}

function percentileCaption(
  of: { statistic?: string; p90_seconds: number | null; n: number },
  long: MessageId,
  short: MessageId,
  { t, locale }: FigureInput,
): string {
  const n = formatNumber(of.n, locale);
  const statistic = of.statistic ?? 'median';
  if (of.n < leastForP90 || of.p90_seconds === null) return t(short, { n, statistic });
  return t(long, { n, statistic, p90: formatDuration(of.p90_seconds, locale) });
}

function frequency(input: FigureInput): Figure {
  const { report, comparison, t, locale } = input;
  const metric = 'deployment_frequency';
  const { per_day: perDay, deployments, deployment_days: days } = report[metric];
  if (perDay === null) return nothing(metric, noValue(input, 'tile.no_deployments'));
  const { value, per } = frequencyQuantity(perDay, locale);
  return {
    metric,
    quantity: { value, unit: t(`unit.per_${per}`) },
    caption: t('tile.frequency', { deployments, text: formatNumber(deployments, locale), days }),
    change: comparison?.[metric].reason === 'too_few' ? null : (comparison?.[metric] ?? null),
    partial: null,
  };
}

function failRate(input: FigureInput): Figure {
  const { report, comparison, t, locale } = input;
  const metric = 'change_fail_rate';
  const { value, failed, n } = report[metric];
  const state = tooLittle(report[metric], 'tile.no_deployments', input);
  if (state || value === null) return nothing(metric, state ?? noValue(input, 'tile.no_deployments'));
  const counts = { failed: formatNumber(failed, locale), n: formatNumber(n, locale) };
  return {
    metric,
    quantity: percentQuantity(value, locale),
    caption: t(failed === 0 ? 'tile.fail_zero' : 'tile.fail', counts),
    change: comparison?.[metric] ?? null,
    partial: null,
  };
}

function recovery(input: FigureInput): Figure {
  const { report, comparison, t, locale } = input;
  const metric = 'failed_deployment_recovery_time';
  const of = report[metric];
  if (of.n === 0 && of.unresolved === 0 && report.change_fail_rate.n > 0 && report.change_fail_rate.failed === 0) {
    return nothing(metric, { quantity: null, reason: noFailure, caption: t('tile.recovery_zero') });
  }
  const value = headline(of);
  const state = tooLittle(of, 'tile.recovery_none', input);
  if (state || value === null) {
    return nothing(metric, withUnresolved(state ?? noValue(input, 'tile.recovery_none'), of.unresolved, t));
  }
  const caption = percentileCaption(of, 'tile.recovery', 'tile.recovery_short', input);
  return {
    metric,
    quantity: durationQuantity(value, locale),
    caption: withUnresolved({ caption }, of.unresolved, t).caption,
    change: comparison?.[metric] ?? null,
    partial: null,
  };
}

/** Zero failures leave nothing to measure; a dash, because no time was measured. */
const noFailure = '–';

function withUnresolved<T extends { caption: string }>(of: T, unresolved: number, t: Translate): T {
  if (unresolved === 0) return of;
  return { ...of, caption: `${of.caption} · ${t('tile.unresolved', { count: unresolved })}` };
}

function rework(input: FigureInput): Figure {
  const { report, comparison, t, locale } = input;
  const metric = 'deployment_rework_rate';
  const { value, rework: fixes, n } = report[metric];
  const state = tooLittle(report[metric], 'tile.no_deployments', input);
  if (state || value === null) return nothing(metric, state ?? noValue(input, 'tile.no_deployments'));
  const counts = { rework: formatNumber(fixes, locale), n: formatNumber(n, locale) };
  return {
    metric,
    quantity: percentQuantity(value, locale),
    caption: t(fixes === 0 ? 'tile.rework_zero' : 'tile.rework', counts),
    change: comparison?.[metric] ?? null,
    partial: null,
  };
}

function incidents({ report, previous, comparison, t, locale }: FigureInput): Figure {
  const { opened, attributed } = report.incidents;
  const counts = { n: formatNumber(opened, locale), attributed: formatNumber(attributed, locale) };
  const before =
    comparison && previous ? ` · ${t('tile.previous', { value: formatNumber(previous.incidents.opened, locale) })}` : '';
  return {
    metric: 'incidents',
    quantity: { value: counts.n, unit: t('unit.incidents', { count: opened }) },
    caption: t(opened === 0 ? 'tile.incidents_zero' : 'tile.incidents', counts) + before,
    change: comparison?.incidents ?? null,
    partial: null,
  };
}

const makers: Readonly<Record<FigureName, (input: FigureInput) => Figure>> = {
  change_lead_time: leadTime,
  deployment_frequency: frequency,
  failed_deployment_recovery_time: recovery,
  change_fail_rate: failRate,
  deployment_rework_rate: rework,
  incidents,
};

/** Words one figure of a report. */
export function figureOf(metric: FigureName, input: FigureInput): Figure {
  return makers[metric](input);
}

/** The headline value of a metric if it rests on enough cases, and on enough of the deployments. */
export function shownValue(metric: MetricName, report: DoraReport): number | null {
  return report[metric].withheld ? null : valueOf(metric, report);
}

/** A value in the words of its metric, or a dash. */
export function formatMetric(metric: MetricName, value: number | null, t: Translate, locale: string): string {
  if (value === null) return '–';
  if (metric === 'change_fail_rate' || metric === 'deployment_rework_rate') return formatPercent(value, locale);
  if (metric !== 'deployment_frequency') return formatDuration(value, locale);
  const { value: number, per } = frequencyQuantity(value, locale);
  return joinQuantity({ value: number, unit: t(`unit.per_${per}`) });
}

/** The headline value of a metric in a report: seconds, a share, or a number per day. */
export function valueOf(metric: MetricName, report: DoraReport): number | null {
  switch (metric) {
    case 'change_lead_time':
    case 'failed_deployment_recovery_time':
      return headline(report[metric]);
    case 'deployment_frequency':
      return report[metric].per_day;
    default:
      return report[metric].value;
  }
}

/** How many cases a figure rests on. */
export function casesOf(metric: MetricName, report: DoraReport): number {
  return metric === 'deployment_frequency' ? report[metric].deployments : report[metric].n;
}

/** The value of a metric in one bucket; too few cases leave a gap. */
export function bucketValue(metric: MetricName, bucket: Bucket): number | null {
  switch (metric) {
    case 'change_lead_time':
    case 'failed_deployment_recovery_time':
      return headline(bucket[metric]);
    case 'deployment_frequency':
      return bucket[metric].per_day;
    default:
      return bucket[metric].value;
  }
}

const bandNames = ['elite', 'high', 'medium', 'low'] as const;

/** The reader's word for a band of a benchmark. */
export function bandName(name: string, t: Translate): string {
  const known = bandNames.find((candidate) => candidate === name.toLowerCase());
  return known ? t(`band.${known}`) : name;
}

/**
 * Where a value lies in a published benchmark: every range that holds it, or
 * the nearest published figure. Context, not a grade; null where nothing applies.
 */
export function benchmarkNote(
  metric: MetricName,
  value: number | null,
  benchmark: Benchmark | null,
  t: Translate,
  locale: string,
): string | null {
  const bands = benchmark?.bands[metric];
  if (value === null || !benchmark || !bands?.length) return null;
  const ranges = mergeRanges(bands, t).filter((band) => inRange(band, value));
  if (ranges.length > 0) return t('tile.benchmark_range', { benchmark: benchmark.name, band: ranges.map((band) => band.name).join(', ') });
  const points = bands.filter((band) => typeof band.value === 'number');
  const nearest = points.toSorted((a, b) => distance(a, value) - distance(b, value))[0];
  if (!nearest) return null;
  return t('tile.benchmark_point', {
    benchmark: benchmark.name,
    band: bandName(nearest.name, t),
    value: formatMetric(metric, nearest.value ?? null, t, locale),
  });
}

/** The ranges of a benchmark in the reader's words; ranges that are published as the same become one. */
export function mergeRanges(bands: readonly BenchmarkBand[], t: Translate): readonly Required<Pick<BenchmarkBand, 'name' | 'from' | 'to'>>[] {
  const merged = new Map<string, { name: string; from: number; to: number | null }>();
  for (const { name, from, to = null } of bands) {
    if (typeof from !== 'number') continue;
    const known = merged.get(`${from}/${to}`);
    merged.set(`${from}/${to}`, { name: known ? `${known.name}, ${bandName(name, t)}` : bandName(name, t), from, to });
  }
  return [...merged.values()];
}

function inRange(band: Pick<BenchmarkBand, 'from' | 'to'>, value: number): boolean {
  if (typeof band.from !== 'number') return false;
  return value >= band.from && (typeof band.to !== 'number' || value < band.to);
}

function distance(band: BenchmarkBand, value: number): number {
  return Math.abs((band.value ?? 0) - value);
}
