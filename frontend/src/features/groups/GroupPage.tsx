import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ApiError } from '../../api/problem';
import { capabilitiesQuery, groupsQuery, overviewQuery } from '../../api/queries';
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
import { Breaks } from '../delivery/Breaks';
import { FailTrend, LeadTrend } from '../delivery/TrendCharts';
import { Attention } from '../overview/Attention';
import { Verdict } from '../overview/Verdict';
import { OwnershipSwitch } from './OwnershipSwitch';
import { pathTo } from './tree';
import styles from '../overview/overview.module.css';

const days: RangeDays = 90;

type Kind = 'group' | 'capability';

/** How one team and everything below it delivers. */
export function GroupPage() {
  return <ScopePage kind="group" />;
}

/** How the software of one business capability and of those below it is delivered, whoever owns it. */
export function CapabilityPage() {
  return <ScopePage kind="capability" />;
}

function ScopePage({ kind }: { kind: Kind }) {
  const { t, locale } = useT();
  const { workspace = '', slug = '' } = useParams({ strict: false });
  const url = useUrl(days);
  const { state } = url;
  const query = useQuery(
    overviewQuery({
      workspace, range: state.range, grain: grainOf(state), bench: state.bench,
      ...(kind === 'group' ? { group: slug, ownership: state.ownership } : { group: null, capability: slug }),
    }),
  );
  const overview = query.data?.scope.slug === slug ? query.data : undefined;
  const name = overview?.scope.name ?? slug;
  useTitle(name, t('groups.title'));
  useFreshness(overview?.last_fact_at, overview?.time_zone);
  return (
    <>
      <PageHeader
        title={name}
        trail={useTrail(workspace, kind, slug)}
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
      {kind === 'group' && <OwnershipSwitch url={url} />}
      {overview && <GroupBody overview={overview} url={url} kind={kind} slug={slug} />}
      {!overview && query.error && <GroupError error={query.error} kind={kind} slug={slug} onRetry={() => void query.refetch()} />}
      {!overview && !query.error && <GroupSkeleton />}
    </>
  );
}

const pages = { group: '/w/$workspace/groups/$slug', capability: '/w/$workspace/capabilities/$slug' } as const;

function useTrail(workspace: string, kind: Kind, slug: string) {
  const { t } = useT();
  const groups = useQuery(kind === 'group' ? groupsQuery(workspace) : capabilitiesQuery(workspace));
  const above = pathTo(groups.data?.items ?? [], slug);
  return [
    <Link key="all" to="/w/$workspace/groups" params={{ workspace }} search={kind === 'group' ? {} : { by: kind }}>
      {t(kind === 'group' ? 'groups.title' : 'groups.capabilities')}
    </Link>,
    ...above.map((group) => (
      <Link key={group.slug} to={pages[kind]} params={{ workspace, slug: group.slug }} search={{}}>
        {group.name}
      </Link>
    )),
  ];
}

function GroupError({ error, kind, slug, onRetry }: { error: unknown; kind: Kind; slug: string; onRetry: () => void }) {
  const { t } = useT();
  const missing = error instanceof ApiError && error.status === 404;
  return (
    <Panel>
      {missing ? <EmptyState title={t(`${kind}.missing`, { slug })} /> : <ErrorState error={error} onRetry={onRetry} />}
    </Panel>
  );
}

function GroupBody({ overview, url, kind, slug }: { overview: Overview; url: Url; kind: Kind; slug: string }) {
  const { t } = useT();
  const compare = url.state.cmp === 'prev';
  const workspace = overview.workspace.slug;
  const benchmark = url.state.bench === 'none' ? null : overview.benchmark;
  const shared = { scope: { workspace, [kind]: slug, ...(kind === 'group' && { ownership: url.state.ownership }) }, report: overview.report, series: overview.series, benchmark, control: overview.control, breaks: overview.breaks, standings: overview.standings, timeZone: overview.time_zone };
  return (
    <div className={styles.body}>
      <PanelBoundary>{compare && <Verdict overview={overview} />}</PanelBoundary>
      <Breaks breaks={overview.breaks} timeZone={overview.time_zone} />
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
        title={t(`${kind}.applications`, { name: overview.scope.name })}
        params={{ workspace, [kind]: slug, limit: 100 }}
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
