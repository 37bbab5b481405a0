import type { Bucket, ScopedDora } from '../../api/types';
import { Bars, PercentileBand, RateInterval } from '../../charts';
import { ExplainButton, type ExplainMetric, type ExplainScope } from '../../explain';
import { useT } from '../../i18n/useT';
import { formatNumber, formatPercent } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { EmptyState } from '../../ui/states';
import type { Grain } from '../../url/state';
import { controlLayer } from '../delivery/control';
import { ChartVerdict, leadBands } from '../delivery/TrendCharts';
import { cadenceMessage } from './ApplicationHeader';
import classes from './application.module.css';
import { deploymentCounts, failRates, leadTimes, wantedPerSpan } from './series';

interface ChartsProps {
  data: ScopedDora;
  scope: ExplainScope;
  series: readonly Bucket[];
  cadence: string;
  grain: Grain;
}

interface ExplainChartProps extends Pick<ChartsProps, 'data' | 'scope'> {
  metric: Exclude<ExplainMetric, 'incidents'>;
  anchor: string;
}

function Explain({ data, scope, metric, anchor }: ExplainChartProps) {
  return (
    <>
      <ExplainButton metric={metric} report={data} scope={scope} timeZone={data.time_zone} rowsHref={`#${anchor}`} />
      <ChartVerdict control={data.control} metric={metric} timeZone={data.time_zone} />
    </>
  );
}

function LeadTime({ data, scope, series }: ChartsProps) {
  const { t, locale } = useT();
  const { coverage, withheld } = data.change_lead_time;
  if (coverage !== null && withheld === 'low_coverage') {
    return (
      <Panel title={t('delivery.lead_time')} action={<Explain data={data} scope={scope} metric="change_lead_time" anchor="changes" />}>
        <EmptyState title={t('delivery.withheld')} status="watch">
          {t('delivery.withheld_text', { coverage: formatPercent(coverage, locale) })}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel>
      <PercentileBand
        title={t('delivery.lead_time')}
        headingLevel={2}
        caption={t('delivery.lead_time_caption')}
        timeZone={data.time_zone}
        breaks={data.breaks}
        fileName={`${data.scope.slug}-lead-time`}
        buckets={leadTimes(series)}
        benchmark={leadBands(data.benchmark, t)}
        control={controlLayer(data.control?.change_lead_time, { t, locale, timeZone: data.time_zone })}
        action={<Explain data={data} scope={scope} metric="change_lead_time" anchor="changes" />}
      />
    </Panel>
  );
}

function FailRate({ data, scope, series }: ChartsProps) {
  const { t, locale } = useT();
  return (
    <Panel>
      <RateInterval
        title={t('delivery.fail_rate')}
        headingLevel={2}
        caption={t('delivery.fail_rate_caption')}
        timeZone={data.time_zone}
        breaks={data.breaks}
        fileName={`${data.scope.slug}-fail-rate`}
        buckets={failRates(series)}
        countLabel={t('delivery.deployments_unit')}
        control={controlLayer(data.control?.change_fail_rate, { t, locale, timeZone: data.time_zone })}
        action={<Explain data={data} scope={scope} metric="change_fail_rate" anchor="deployments" />}
      />
    </Panel>
  );
}

function Frequency({ data, scope, series, cadence, grain }: ChartsProps) {
  const { t, locale } = useT();
  const wanted = wantedPerSpan(cadence, grain);
  const label = t('delivery.wanted', { value: formatNumber(wanted ?? 0, locale, 1) });
  const caption = [t('delivery.frequency_caption')];
  if (wanted !== null) caption.push(t('delivery.frequency_wanted', { cadence: t(cadenceMessage(cadence)) }));
  return (
    <Panel>
      <Bars
        title={t(`delivery.frequency.${grain}`)}
        headingLevel={2}
        caption={caption.join(' ')}
        height={280}
        timeZone={data.time_zone}
        breaks={data.breaks}
        fileName={`${data.scope.slug}-deployments`}
        buckets={deploymentCounts(series)}
        valueLabel={t('delivery.deployments_unit')}
        control={controlLayer(data.control?.deployment_frequency, { t, locale, timeZone: data.time_zone })}
        reference={wanted === null ? undefined : { value: wanted, label }}
        action={<Explain data={data} scope={scope} metric="deployment_frequency" anchor="deployments" />}
      />
    </Panel>
  );
}

/** The trends of an application. */
export function DeliveryCharts(props: ChartsProps) {
  return (
    <>
      <LeadTime {...props} />
      <div className={classes.pair}>
        <FailRate {...props} />
        <Frequency {...props} />
      </div>
    </>
  );
}
