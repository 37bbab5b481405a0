import { Skeleton } from '@mantine/core';
import { useId } from 'react';
import type { Benchmark, Break, Bucket, Comparison, DoraReport, MetricName, Standings } from '../../api/types';
import { cutsOf, Sparkline } from '../../charts';
import { ExplainButton, type ExplainScope } from '../../explain';
import { useT } from '../../i18n/useT';
import { Tile } from '../../ui/Tile';
import { bandName, benchmarkNote, bucketValue, figureOf, formatMetric, valueOf, type FigureName } from './figures';
import { bandsOf, evidenceText, standingSource, standingText } from './standing';
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
  readonly breaks?: readonly Break[];
  readonly benchmark: Benchmark | null;
  readonly standings: Standings | null;
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
  const { report, previous, comparison, series, timeZone, scope, rowsHref } = props;
  const figure = figureOf(metric, { report, previous, comparison, t, locale });
  const dora = metric === 'incidents' ? null : metric;
  const context = useContextOf(figure.quantity ? dora : null, props);
  return (
    <Tile
      label={t(`metric.${metric}`)}
      quantity={figure.quantity}
      reason={figure.reason}
      change={figure.change}
      caption={figure.caption}
      partial={figure.partial}
      spark={dora && <TileSpark metric={dora} series={series} breaks={props.breaks} />}
      benchmark={context[0] ?? null}
      benchmarkHint={context.join('. ')}
      explain={
        <ExplainButton
          metric={metric}
          report={report}
          scope={scope}
          timeZone={timeZone}
          rowsHref={rowsHref?.(metric)}
          context={context}
        />
      }
    />
  );
}

/**
 * What is known of others: the benchmark's ranges that hold the value, where it
 * stands among the latest answers, and how well each is known. Published
 * frequencies are those of one application, not of several together.
 */
function useContextOf(metric: MetricName | null, { report, benchmark, standings, scope }: DeliveryTilesProps): string[] {
  const { t, locale } = useT();
  if (!metric || !benchmark || (metric === 'deployment_frequency' && !scope.application)) return [];
  const lines: string[] = [];
  const note = benchmarkNote(metric, valueOf(metric, report), benchmark, t, locale);
  if (note) lines.push(note, `${benchmark.name}: ${evidenceText(bandsOf(benchmark, metric), (name) => bandName(name, t), t)}`);
  const standing = standings?.[metric];
  const text = standingText(standing, t, locale);
  if (standing && text) lines.push(text, standingSource(standing, t, locale));
  return lines;
}

/** A sparkline of fewer points is no line. */
const leastPoints = 5;

function TileSpark({ metric, series, breaks }: Pick<DeliveryTilesProps, 'series' | 'breaks'> & { metric: MetricName }) {
  const { t, locale } = useT();
  if (series.filter((bucket) => bucketValue(metric, bucket) !== null).length < leastPoints) return null;
  return (
    <Sparkline
      values={series.map((bucket) => bucketValue(metric, bucket))}
      cuts={cutsOf(breaks, series)}
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
