import type { Benchmark, Break, Bucket, Controls, DoraReport } from '../../api/types';
import { PercentileBand, RateInterval, type BenchmarkBands } from '../../charts';
import { ExplainButton, type ExplainScope } from '../../explain';
import { useT } from '../../i18n/useT';
import type { Translate } from '../../i18n/useT';
import { Verdict } from '../../ui/Delta';
import { controlLayer, controlNote, movedUp } from './control';
import { bandName, mergeRanges } from './figures';
import { bandsOf, evidenceText } from './standing';

interface TrendProps {
  readonly series: readonly Bucket[];
  readonly report: DoraReport;
  readonly scope: ExplainScope;
  readonly timeZone: string;
  readonly control: Controls | null;
  readonly breaks?: readonly Break[];
}

/** The verdict of a figure's weekly chart beside its title. */
export function ChartVerdict({ control, metric, timeZone }: Pick<TrendProps, 'control' | 'timeZone'> & { metric: keyof Controls }) {
  const { t, locale } = useT();
  const of = control?.[metric];
  if (!of) return null;
  return <Verdict verdict={of.verdict} up={movedUp(of)} full={controlNote(of, { t, locale, timeZone })} />;
}

/** The ranges of a benchmark for the lead time; a benchmark of single figures has none. */
export function leadBands(benchmark: Benchmark | null, t: Translate): BenchmarkBands | undefined {
  const bands = mergeRanges(benchmark?.bands.change_lead_time ?? [], t).map(({ name, from, to }) => ({
    name,
    from: from ?? 0,
    to,
  }));
  if (!benchmark || bands.length === 0) return undefined;
  const evidence = `${evidenceText(bandsOf(benchmark, 'change_lead_time'), (name) => bandName(name, t), t)}.`;
  return { name: benchmark.name, source: benchmark.source, evidence: evidence.charAt(0).toUpperCase() + evidence.slice(1), bands };
}

/** Lead time over the period: median with the spread to p75 and p90. */
export function LeadTrend({ series, report, scope, timeZone, control, breaks, benchmark, height }: TrendProps & { benchmark: Benchmark | null; height?: number }) {
  const { t, locale } = useT();
  return (
    <PercentileBand
      title={t('overview.lead_chart')}
      headingLevel={2}
      height={height}
      caption={t('overview.lead_caption')}
      timeZone={timeZone}
      fileName="change-lead-time"
      benchmark={leadBands(benchmark, t)}
      breaks={breaks}
      control={controlLayer(control?.change_lead_time, { t, locale, timeZone })}
      action={
        <>
          <ExplainButton metric="change_lead_time" report={report} scope={scope} timeZone={timeZone} />
          <ChartVerdict control={control} metric="change_lead_time" timeZone={timeZone} />
        </>
      }
      buckets={series.map(({ from, to, complete, change_lead_time: lead }) => ({
        from,
        to,
        complete,
        median: lead.median_seconds,
        p75: lead.p75_seconds,
        p90: lead.p90_seconds,
        n: lead.n,
      }))}
    />
  );
}

/** Fail rate over the period with its interval. */
export function FailTrend({ series, report, scope, timeZone, control, breaks, height }: TrendProps & { height?: number }) {
  const { t, locale } = useT();
  return (
    <RateInterval
      title={t('fail_chart.title')}
      headingLevel={2}
      height={height}
      caption={t('fail_chart.caption')}
      countLabel={t('fail_chart.count')}
      timeZone={timeZone}
      fileName="change-fail-rate"
      breaks={breaks}
      control={controlLayer(control?.change_fail_rate, { t, locale, timeZone })}
      action={
        <>
          <ExplainButton metric="change_fail_rate" report={report} scope={scope} timeZone={timeZone} />
          <ChartVerdict control={control} metric="change_fail_rate" timeZone={timeZone} />
        </>
      }
      buckets={series.map(({ from, to, complete, change_fail_rate: rate }) => ({
        from,
        to,
        complete,
        value: rate.value,
        low: rate.low80,
        high: rate.high80,
        events: rate.failed,
        n: rate.n,
      }))}
    />
  );
}
