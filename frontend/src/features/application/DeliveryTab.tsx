import { useInfiniteQuery, useQuery, keepPreviousData } from '@tanstack/react-query';
import { changesQuery, deploymentsQuery, doraQuery, incidentsQuery } from '../../api/queries';
import type { ApplicationDetail, ScopedDora } from '../../api/types';
import { useFreshness } from '../../app/context';
import { useT } from '../../i18n/useT';
import { formatDate, formatLastDay } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { Sensitivity } from '../../ui/Sensitivity';
import { EmptyState, ErrorState } from '../../ui/states';
import { TableExport } from '../../ui/TableExport';
import { StatusMark } from '../../ui/StateBadge';
import { grainOf, lengthOf, windowOf, type Grain } from '../../url/state';
import type { Url } from '../../url/useUrl';
import { BadgeButton } from '../badge';
import { Breaks } from '../delivery/Breaks';
import { DeliveryTiles, TilesSkeleton } from '../delivery/DeliveryTiles';
import type { FigureName } from '../delivery/figures';
import classes from './application.module.css';
import { DeliveryCharts } from './DeliveryCharts';
import { DeliveryControls, environmentName } from './DeliveryControls';
import { incidentEnvironment, listEnvironment } from './environments';
import { Facts } from './Facts';
import { PhaseLanes } from './PhaseLanes';
import { changeColumns, deploymentColumns, incidentColumns } from './rows';
import { readableGrain } from './series';
import { Skeletons } from './Skeletons';

interface DeliveryTabProps {
  workspace: string;
  url: Url;
  application: ApplicationDetail;
}

/** Rows of a list asked for at a time. */
const pageSize = 25;

/** Days between the first known fact and now, at least 1. */
function knownDays(application: ApplicationDetail): number {
  const { first_fact_at: first, last_fact_at: last } = application;
  if (!first || !last) return 1;
  return Math.max(1, (Date.parse(last) - Date.parse(first)) / 86_400_000);
}

/** The grain of the address, else one in which a span holds enough to show. */
function chooseGrain({ url: { state }, application }: DeliveryTabProps): Grain {
  if (state.grain) return state.grain;
  const days = knownDays(application);
  if (lengthOf(state.range) <= 31) return grainOf(state);
  return readableGrain(application.deployments, days, grainOf(state));
}

/** How an application is delivered: figures, trends, waits, and the rows behind them. */
export function DeliveryTab(props: DeliveryTabProps) {
  const { workspace, url, application } = props;
  const { slug } = application;
  const { state } = url;
  const { t } = useT();
  const grain = chooseGrain(props);
  const query = useQuery({
    ...doraQuery({ workspace, application: slug, range: state.range, environment: state.env, grain, bench: state.bench }),
    placeholderData: keepPreviousData,
  });
  const timeZone = query.data?.time_zone ?? 'UTC';
  useFreshness(application.last_fact_at, query.data?.time_zone);

  if (application.deployments === 0 && application.last_fact_at === null) {
    return <EmptyState title={t('delivery.first_run')}>{t('delivery.first_run_text', { slug })}</EmptyState>;
  }
  return (
    <>
      <DeliveryControls url={url} workspace={workspace} environments={application.environments} />
      <Stale application={application} timeZone={timeZone} />
      <Figures {...props} query={query} grain={grain} />
      <Rows {...props} timeZone={timeZone} />
    </>
  );
}

function Stale({ application, timeZone }: { application: ApplicationDetail; timeZone: string }) {
  const { t, locale } = useT();
  if (application.state !== 'stale' || application.last_fact_at === null) return null;
  return (
    <p className={classes.stale} role="note">
      <StatusMark status="watch" />
      {t('delivery.stale', { date: formatDate(application.last_fact_at, locale, timeZone) })}
    </p>
  );
}

interface FiguresProps extends DeliveryTabProps {
  query: { data: ScopedDora | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  grain: Grain;
}

/** The list on this page that holds the rows behind a figure. */
function rowsHref(metric: FigureName): string {
  if (metric === 'change_lead_time') return '#changes';
  const ofIncidents = metric === 'incidents' || metric === 'failed_deployment_recovery_time';
  return ofIncidents ? '#incidents' : '#deployments';
}

function Figures({ query, grain, workspace, application, url: { state } }: FiguresProps) {
  const { t } = useT();
  const { data } = query;
  if (query.isPending) {
    return (
      <>
        <TilesSkeleton />
        <Panel>
          <Skeletons height={360} />
        </Panel>
      </>
    );
  }
  if (!data) {
    return (
      <Panel>
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      </Panel>
    );
  }
  const series = data.series ?? [];
  const benchmark = state.bench === 'none' ? null : data.benchmark;
  const scope = { workspace, application: application.slug, environment: data.environment };
  return (
    <>
      <div className={classes.scope}>
        <Scope data={data} />
        <TableExport table="series" name={t('application.series')} params={{ workspace, application: application.slug, environment: state.env, series: grain, ...windowOf(state.range) }}>
          <BadgeButton workspace={workspace} application={application.slug} />
        </TableExport>
      </div>
      <Breaks breaks={data.breaks} timeZone={data.time_zone} />
      <DeliveryTiles
        report={data}
        previous={data.previous}
        comparison={state.cmp === 'none' ? null : data.comparison}
        series={series}
        breaks={data.breaks}
        benchmark={benchmark}
        standings={benchmark ? data.standings : null}
        timeZone={data.time_zone}
        scope={scope}
        rowsHref={rowsHref}
      />
      <Sensitivity rates={data.change_fail_rate.sensitivity} />
      <DeliveryCharts data={{ ...data, benchmark }} scope={scope} series={series} cadence={application.cadence} grain={grain} />
      <Panel title={t('delivery.phases')}>
        <PhaseLanes phases={data.change_lead_time.phases} />
      </Panel>
    </>
  );
}

/** What the figures cover, also on paper, where the controls are not shown. */
function Scope({ data }: { data: ScopedDora }) {
  const { t, locale } = useT();
  const { window, environment, time_zone: zone } = data;
  const covered = {
    environment: environmentName(environment, t),
    from: formatDate(window.from, locale, zone),
    to: formatLastDay(window.to, locale, zone),
    zone,
  };
  return <p className={classes.quiet}>{t('delivery.scope', covered)}</p>;
}

function Rows({ workspace, url: { state }, application, timeZone }: DeliveryTabProps & { timeZone: string }) {
  const { slug } = application;
  const { t, locale } = useT();
  const words = { t, locale, timeZone };
  const base = { workspace, application: slug, ...windowOf(state.range), limit: pageSize };
  const environment = listEnvironment(application.environments, state.env);
  const forIncidents = incidentEnvironment(application.environments, state.env);
  const deployments = useInfiniteQuery(deploymentsQuery({ ...base, ...(environment && { environment }) }));
  const changes = useInfiniteQuery(changesQuery({ ...base, environment: state.env }));
  const incidents = useInfiniteQuery(incidentsQuery({ ...base, ...(forIncidents && { environment: forIncidents }) }));
  return (
    <>
      <Facts
        anchor="deployments"
        title={t('delivery.deployments')}
        columns={deploymentColumns(words, workspace)}
        query={deployments}
        rowKey={(row) => row.id}
        empty={t('delivery.no_deployments')}
        fileName={`${slug}-deployments`}
      />
      <Facts
        anchor="changes"
        title={t('delivery.changes')}
        columns={changeColumns(words, workspace)}
        query={changes}
        rowKey={(row) => row.id}
        empty={t('delivery.no_changes')}
        fileName={`${slug}-changes`}
      />
      <Facts
        anchor="incidents"
        title={t('delivery.incidents')}
        columns={incidentColumns(words, workspace)}
        query={incidents}
        rowKey={(row) => row.id}
        empty={t('delivery.no_incidents')}
        fileName={`${slug}-incidents`}
      />
    </>
  );
}
