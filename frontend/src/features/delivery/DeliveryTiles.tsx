import { Skeleton } from '@mantine/core';
import { useId } from 'react';
import type { Benchmark, Bucket, Comparison, DoraReport, MetricName } from '../../api/types';
import { Sparkline } from '../../charts';
import { ExplainButton, type ExplainScope } from '../../explain';
import { useT } from '../../i18n/useT';
import { Tile } from '../../ui/Tile';
import { benchmarkNote, bucketValue, figureOf, formatMetric, leastCases, valueOf, type FigureName } from './figures';
import styles from './delivery.module.css';

interface Grouped {
  readonly group: 'throughput' | 'instability' | 'reliability';
  readonly metrics: readonly FigureName[];
}

/** The order and the grouping of the figures. */
const groups: readonly Grouped[] = [
  { group: 'throughput', metrics: ['change_lead_time', 'deployment_frequency', 'failed_deployment_recovery_time'] },
  { group: 'instability', metrics: ['change_fail_rate', 'deployment_rework_rate'] },
  { group: 'reliability', metrics: ['incidents'] },
];

interface DeliveryTilesProps {
  readonly report: DoraReport;
  readonly previous: DoraReport | null;
  readonly comparison: Comparison | null;
  readonly series: readonly Bucket[];
  readonly benchmark: Benchmark | null;
  readonly timeZone: string;
  readonly scope: ExplainScope;
  /** Where the rows behind a figure are listed. */
  readonly rowsHref?: (metric: FigureName) => string;
}

/** The six figures in their three groups. */
export function DeliveryTiles(props: DeliveryTilesProps) {
  const { t } = useT();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="ek-hidden">
        {t('overview.tiles')}
      </h2>
      <div className={styles.groups}>
        {groups.map(({ group, metrics }) => (
          <div key={group} className={styles.group} data-group={group}>
            <h3 className={styles.groupLabel}>{t(`group.${group}`)}</h3>
            <div className={styles.tiles}>
              {metrics.map((metric) => (
                <FigureTile key={metric} metric={metric} {...props} />
              ))}
            </div>
          </div>
        ))}
      </div>
    </section>
  );
}

function FigureTile({ metric, ...props }: DeliveryTilesProps & { metric: FigureName }) {
  const { t, locale } = useT();
  const { report, previous, comparison, series, benchmark, timeZone, scope, rowsHref } = props;
  const figure = figureOf(metric, { report, previous, comparison, t, locale });
  const dora = metric === 'incidents' ? null : metric;
  return (
    <Tile
      label={t(`metric.${metric}`)}
      quantity={figure.quantity}
      reason={figure.reason}
      change={figure.change}
      caption={figure.caption}
      partial={figure.partial}
      spark={dora && <TileSpark metric={dora} series={series} />}
      benchmark={dora && figure.quantity ? benchmarkNote(dora, valueOf(dora, report), benchmark, t, locale) : null}
      explain={<ExplainButton metric={metric} report={report} scope={scope} timeZone={timeZone} rowsHref={rowsHref?.(metric)} />}
    />
  );
}

function TileSpark({ metric, series }: { metric: MetricName; series: readonly Bucket[] }) {
  const { t, locale } = useT();
  if (series.filter((bucket) => bucketValue(metric, bucket) !== null).length < leastCases) return null;
  return (
    <Sparkline
      values={series.map((bucket) => bucketValue(metric, bucket))}
      label={t('tile.spark', { metric: t(`metric.${metric}`) })}
      format={(value) => formatMetric(metric, value, t, locale)}
      width={150}
      height={28}
      incomplete={series.at(-1)?.complete === false}
    />
  );
}

/** The tiles' place while their figures are computed. */
export function TilesSkeleton() {
  return (
    <div className={styles.groups} aria-hidden="true">
      {groups.map(({ group, metrics }) => (
        <div key={group} className={styles.group} data-group={group}>
          <Skeleton height={12} width={90} mt={4} mb={4} />
          <div className={styles.tiles}>
            {metrics.map((metric) => (
              <Skeleton key={metric} className={styles.tileSkeleton} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
