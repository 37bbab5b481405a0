import type { Bucket } from '../../api/types';
import type { CountBucket, PercentileBucket, RateBucket } from '../../charts';
import type { Grain } from '../../url/state';

function span(bucket: Bucket) {
  return { from: bucket.from, to: bucket.to, complete: bucket.complete };
}

/** Lead times of a series. */
export function leadTimes(series: readonly Bucket[]): PercentileBucket[] {
  return series.map((bucket) => ({
    ...span(bucket),
    median: bucket.change_lead_time.median_seconds,
    p75: bucket.change_lead_time.p75_seconds,
    p90: bucket.change_lead_time.p90_seconds,
    n: bucket.change_lead_time.n,
  }));
}

/** Fail rates of a series. */
export function failRates(series: readonly Bucket[]): RateBucket[] {
  return series.map((bucket) => ({
    ...span(bucket),
    value: bucket.change_fail_rate.value,
    low: bucket.change_fail_rate.low80,
    high: bucket.change_fail_rate.high80,
    events: bucket.change_fail_rate.failed,
    n: bucket.change_fail_rate.n,
  }));
}

/** Deployments of a series; without a frequency nothing is known, not 0. */
export function deploymentCounts(series: readonly Bucket[]): CountBucket[] {
  return series.map((bucket) => ({
    ...span(bucket),
    value: bucket.deployment_frequency.per_day === null ? null : bucket.deployment_frequency.deployments,
  }));
}

const daysIn: Record<Grain, number> = { day: 1, week: 7, month: 365.25 / 12 };
const wantedDays: Record<string, number> = { daily: 1, weekly: 7, monthly: 365.25 / 12, quarterly: 365.25 / 4 };

/**
 * Deployments per span that a wanted cadence asks for. Null where it names no
 * time, and where a span holds so little of one that a line would mislead.
 */
export function wantedPerSpan(cadence: string, grain: Grain): number | null {
  const days = Object.hasOwn(wantedDays, cadence) ? wantedDays[cadence]! : null;
  if (days === null) return null;
  const wanted = daysIn[grain] / days;
  return wanted < 0.2 ? null : wanted;
}

/** The finest grain up to a month in which a typical span holds five deployments. */
export function readableGrain(deployments: number, days: number, finest: Grain): Grain {
  const perDay = days > 0 ? deployments / days : 0;
  const grains: Grain[] = ['day', 'week', 'month'];
  const from = grains.indexOf(finest);
  return grains.slice(from).find((grain) => perDay * daysIn[grain] >= 5) ?? 'month';
}
