import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { overviewQuery } from '../../api/queries';
import type { Overview } from '../../api/types';
import { useFreshness } from '../../app/context';
import { overviewDays } from '../../app/days';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { formatPercent } from '../../ui/format';
import { LongWait } from '../../ui/LongWait';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { Command } from '../../ui/Command';
import { EmptyState, ErrorState, PanelBoundary } from '../../ui/states';
import { grainOf } from '../../url/state';
import { useUrl, type Url } from '../../url/useUrl';
import { Breaks } from '../delivery/Breaks';
import { DeliveryTiles, TilesSkeleton } from '../delivery/DeliveryTiles';
import { PeriodControls } from '../delivery/PeriodControls';
import { spanText } from '../delivery/span';
import { FailTrend, LeadTrend } from '../delivery/TrendCharts';
import { Attention } from './Attention';
import { GroupsTable } from './GroupsTable';
import { Verdict } from './Verdict';
import styles from './overview.module.css';

const RiskMatrix = lazy(() => import('../budget/RiskMatrix').then((module) => ({ default: module.RiskMatrix })));

/** Are we faster and safer, and where must somebody act? */
export function OverviewPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl(overviewDays);
  const { state } = url;
  const query = useQuery(
    overviewQuery({ workspace, range: state.range, grain: grainOf(state), bench: state.bench, group: state.group }),
  );
  const overview = query.data;
  useTitle(t('overview.title'));
  useFreshness(overview?.last_fact_at, overview?.time_zone);
  return (
    <>
      <PageHeader
        title={t('overview.title')}
        scope={overview ? <ScopeLine overview={overview} /> : <Skeleton component="span" height={14} width={320} display="inline-block" />}
        controls={<PeriodControls url={url} days={overviewDays} workspace={workspace} />}
        url={url}
      />
      {overview && <OverviewBody overview={overview} url={url} />}
      {!overview && query.error && (
        <Panel>
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        </Panel>
      )}
      {!overview && !query.error && <OverviewSkeleton />}
    </>
  );
}

function ScopeLine({ overview }: { overview: Overview }) {
  const { t, locale } = useT();
  const { window, time_zone: zone, counts, coverage } = overview;
  const scope = t('overview.scope', {
    span: spanText(window, zone, t, locale),
    groups: counts.groups,
    applications: counts.applications,
  });
  if (coverage === null) return <>{scope}</>;
  return (
    <>
      {scope} · {t('overview.coverage', { coverage: formatPercent(coverage, locale) })}
    </>
  );
}

function OverviewBody({ overview, url }: { overview: Overview; url: Url }) {
  const { t } = useT();
  const { state } = url;
  if (overview.counts.applications_with_deployments === 0) {
    return (
      <Panel>
        <EmptyState title={t('overview.empty_title')} action={<Command>{`evenkeel import git . --workspace ${overview.workspace.slug}`}</Command>}>
          {t('overview.empty_text')}
        </EmptyState>
      </Panel>
    );
  }
  const compare = state.cmp === 'prev';
  const benchmark = state.bench === 'none' ? null : overview.benchmark;
  const workspace = overview.workspace.slug;
  const scope = { workspace, ...(state.group && { group: state.group }) };
  const shared = { scope, report: overview.report, series: overview.series, benchmark, control: overview.control, breaks: overview.breaks, standings: overview.standings, timeZone: overview.time_zone };
  return (
    <div className={styles.body}>
      {overview.counts.deployments === 0 && <EmptyPeriod url={url} />}
      <PanelBoundary>{compare && <Verdict overview={overview} />}</PanelBoundary>
      <Breaks breaks={overview.breaks} timeZone={overview.time_zone} />
      <PanelBoundary>
        <DeliveryTiles {...shared} previous={overview.previous} comparison={compare ? overview.comparison : null} />
      </PanelBoundary>
      <div className={styles.pair}>
        <div className={styles.charts}>
          <Panel>
            <LeadTrend {...shared} height={250} />
          </Panel>
          <Panel>
            <FailTrend {...shared} height={220} />
          </Panel>
        </div>
        <Panel title={t('overview.attention')} className={styles.side}>
          <Attention items={overview.attention} workspace={workspace} />
        </Panel>
      </div>
      <Panel title={t('budget.matrix.title')} className={styles.matrix}>
        <Suspense fallback={null}>
          <RiskMatrix workspace={workspace} group={state.group} />
        </Suspense>
      </Panel>
      <GroupsTable rows={overview.groups} workspace={workspace} compare={compare} url={url} />
    </div>
  );
}

function EmptyPeriod({ url }: { url: Url }) {
  const { t } = useT();
  return (
    <Panel>
      <EmptyState
        title={t('overview.empty_period')}
        action={
          <Button size="xs" variant="default" onClick={() => url.update({ range: { kind: 'days', days: 365 } })}>
            {t('overview.longest')}
          </Button>
        }
      >
        {t('overview.empty_period_text')}
      </EmptyState>
    </Panel>
  );
}

/** The page's parts at their final size. */
function OverviewSkeleton() {
  return (
    <div className={styles.body} aria-busy="true">
      <LongWait />
      <Skeleton className={styles.verdictSkeleton} />
      <TilesSkeleton />
      <div className={styles.pair}>
        <Skeleton className={styles.chartSkeleton} />
        <Skeleton className={styles.chartSkeleton} />
      </div>
      <Skeleton className={styles.tableSkeleton} />
    </div>
  );
}
