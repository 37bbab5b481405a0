import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ApiError } from '../../api/problem';
import { groupsQuery, overviewQuery } from '../../api/queries';
import type { Overview } from '../../api/types';
import { useFreshness } from '../../app/context';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { LongWait } from '../../ui/LongWait';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState, PanelBoundary } from '../../ui/states';
import { grainOf, type RangeDays } from '../../url/state';
import { useUrl, type Url } from '../../url/useUrl';
import { ApplicationsTable } from '../applications/ApplicationsTable';
import { DeliveryTiles, TilesSkeleton } from '../delivery/DeliveryTiles';
import { PeriodControls } from '../delivery/PeriodControls';
import { spanText } from '../delivery/span';
import { FailTrend, LeadTrend } from '../delivery/TrendCharts';
import { Attention } from '../overview/Attention';
import { Verdict } from '../overview/Verdict';
import { pathTo } from './tree';
import styles from '../overview/overview.module.css';

const days: RangeDays = 90;

/** How one team and everything below it delivers. */
export function GroupPage() {
  const { t, locale } = useT();
  const { workspace = '', slug = '' } = useParams({ strict: false });
  const url = useUrl(days);
  const { state } = url;
  const query = useQuery(
    overviewQuery({ workspace, range: state.range, grain: grainOf(state), bench: state.bench, group: slug }),
  );
  const overview = query.data?.scope.slug === slug ? query.data : undefined;
  const name = overview?.scope.name ?? slug;
  useTitle(name, t('groups.title'));
  useFreshness(overview?.last_fact_at, overview?.time_zone);
  return (
    <>
      <PageHeader
        title={name}
        trail={useTrail(workspace, slug)}
        scope={
          overview ? (
            t('group.scope', {
              span: spanText(overview.window, overview.time_zone, t, locale),
              applications: overview.counts.applications,
            })
          ) : (
            <Skeleton component="span" height={14} width={260} display="inline-block" />
          )
        }
        controls={<PeriodControls url={url} days={days} workspace={workspace} />}
        url={url}
      />
      {overview && <GroupBody overview={overview} url={url} slug={slug} />}
      {!overview && query.error && <GroupError error={query.error} slug={slug} onRetry={() => void query.refetch()} />}
      {!overview && !query.error && <GroupSkeleton />}
    </>
  );
}

function useTrail(workspace: string, slug: string) {
  const { t } = useT();
  const groups = useQuery(groupsQuery(workspace));
  const above = pathTo(groups.data?.items ?? [], slug);
  return [
    <Link key="all" to="/w/$workspace/groups" params={{ workspace }} search={{}}>
      {t('groups.title')}
    </Link>,
    ...above.map((group) => (
      <Link key={group.slug} to="/w/$workspace/groups/$slug" params={{ workspace, slug: group.slug }} search={{}}>
        {group.name}
      </Link>
    )),
  ];
}

function GroupError({ error, slug, onRetry }: { error: unknown; slug: string; onRetry: () => void }) {
  const { t } = useT();
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <Panel>
      {missing ? <EmptyState title={t('group.missing', { slug })} /> : <ErrorState error={error} onRetry={onRetry} />}
    </Panel>
  );
}

function GroupBody({ overview, url, slug }: { overview: Overview; url: Url; slug: string }) {
  const { t } = useT();
  const compare = url.state.cmp === 'prev';
  const workspace = overview.workspace.slug;
  const benchmark = url.state.bench === 'none' ? null : overview.benchmark;
  const shared = { scope: { workspace, group: slug }, report: overview.report, series: overview.series, benchmark, control: overview.control, standings: overview.standings, timeZone: overview.time_zone };
  return (
    <div className={styles.body}>
      <PanelBoundary>{compare && <Verdict overview={overview} />}</PanelBoundary>
      <PanelBoundary>
        <DeliveryTiles {...shared} previous={overview.previous} comparison={compare ? overview.comparison : null} />
      </PanelBoundary>
      <div className={styles.halves}>
        <Panel className={styles.chart}>
          <LeadTrend {...shared} />
        </Panel>
        <Panel className={styles.chart}>
          <FailTrend {...shared} />
        </Panel>
      </div>
      <Panel title={t('overview.attention')}>
        <Attention items={overview.attention} workspace={workspace} />
      </Panel>
      <ApplicationsTable
        title={t('group.applications', { name: overview.scope.name })}
        params={{ workspace, group: slug, limit: 100 }}
        url={url}
        empty={() => <EmptyState title={t('applications.none')}>{t('applications.none_text')}</EmptyState>}
      />
    </div>
  );
}

function GroupSkeleton() {
  return (
    <div className={styles.body} aria-busy="true">
      <LongWait />
      <Skeleton className={styles.verdictSkeleton} />
      <TilesSkeleton />
      <div className={styles.halves}>
        <Skeleton className={styles.chartSkeleton} />
        <Skeleton className={styles.chartSkeleton} />
      </div>
      <Skeleton className={styles.tableSkeleton} />
    </div>
  );
}
