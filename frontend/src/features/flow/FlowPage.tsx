import { NativeSelect, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { assistedQuery, flowQuery, groupsQuery, type FlowParams } from '../../api/queries';
import type { ValueStream } from '../../api/types';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { CsvButton, DataTable, type Column } from '../../ui/DataTable';
import { durationQuantity, formatDuration, formatNumber, formatPercent, percentQuantity, type Quantity } from '../../ui/format';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { Tile } from '../../ui/Tile';
import { TableExport } from '../../ui/TableExport';
import type { TableParams } from '../../ui/tableAddress';
import { windowOf, type RangeDays, type Sort } from '../../url/state';
import { useUrl, type Url } from '../../url/useUrl';
import { PeriodControls } from '../delivery/PeriodControls';
import { spanText } from '../delivery/span';
import { Assisted } from './Assisted';
import styles from './flow.module.css';
import { Multiples } from './Multiples';
import { longColumns, openColumns } from './rows';
import { Scatter } from './Scatter';
import { StageLanes } from './StageLanes';

const days: RangeDays = 90;

/** Where the changes of a team, an application or the company spend their time on the way to production. */
export function FlowPage() {
  const { t, locale } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl(days);
  const { range, group, app } = url.state;
  useTitle(t('flow.title'));
  const params: FlowParams = { workspace, range, ...(app ? { application: app } : group ? { group } : {}) };
  const query = useQuery(flowQuery(params));
  const flow = query.data;
  return (
    <div className={styles.page}>
      <PageHeader
        title={t('flow.title')}
        scope={
          flow ? (
            t('flow.scope', { name: flow.scope.name, span: spanText(flow.window, flow.time_zone, t, locale), n: flow.changes })
          ) : (
            <Skeleton component="span" height={14} width={260} display="inline-block" />
          )
        }
        controls={<PeriodControls url={url} days={days} workspace={workspace} />}
        url={url}
      />
      <GroupFilter url={url} workspace={workspace} />
      {flow && <Body flow={flow} params={params} workspace={workspace} url={url} />}
      {!flow && query.isPending && <Waiting />}
      {!flow && query.error && (
        <Panel>
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        </Panel>
      )}
    </div>
  );
}

function Waiting() {
  return (
    <>
      <Skeleton height={150} />
      <Skeleton height={360} />
      <Skeleton height={360} />
    </>
  );
}

function GroupFilter({ url, workspace }: { url: Url; workspace: string }) {
  const { t } = useT();
  const groups = useQuery(groupsQuery(workspace)).data?.items ?? [];
  const listed = groups.toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <div className={styles.filters}>
      <NativeSelect
        size="xs"
        data-page-filter
        label={t('flow.filter')}
        value={url.state.group ?? ''}
        onChange={(event) => url.update({ group: event.currentTarget.value || null, app: null })}
        data={[{ value: '', label: t('flow.everything') }, ...listed.map(({ slug, name }) => ({ value: slug, label: name }))]}
      />
    </div>
  );
}

interface BodyProps {
  readonly flow: ValueStream;
  readonly params: FlowParams;
  readonly workspace: string;
  readonly url: Url;
}

function Body({ flow, params, workspace, url }: BodyProps) {
  const { t, locale } = useT();
  if (flow.changes === 0 && flow.wip.n === 0) {
    return (
      <Panel>
        <EmptyState title={t('flow.none')}>{t('flow.none_text')}</EmptyState>
      </Panel>
    );
  }
  const words = { workspace, t, locale, timeZone: flow.time_zone };
  const exported = { workspace, ...windowOf(params.range), application: params.application, group: params.group };
  return (
    <>
      <Tiles flow={flow} />
      <Panel title={t('flow.stages')} action={<TableExport table="stages" name={t('flow.stages')} params={exported} />}>
        <StageLanes stages={flow.stages} />
        <p className={styles.note}>{t('flow.stages_note')}</p>
      </Panel>
      <Panel>
        <Changes flow={flow} />
      </Panel>
      {flow.groups.length > 1 && (
        <Panel title={t('flow.groups')}>
          <Multiples groups={flow.groups} workspace={workspace} />
        </Panel>
      )}
      <Rows name={t('flow.longest')} note={t('flow.longest_note')} rows={flow.longest} columns={longColumns(words)} fileName="longest-waits" url={url} exported={exported} />
      <Rows name={t('flow.oldest')} note={t('flow.oldest_note')} rows={flow.wip.oldest} columns={openColumns(words)} fileName="work-in-progress" url={null} />
      <Panel title={t('assisted.title')} action={<TableExport table="assisted" name={t('assisted.title')} params={exported} />}>
        <AssistedPanel params={params} />
      </Panel>
    </>
  );
}

interface RowsProps<Row> {
  readonly name: string;
  readonly note: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly fileName: string;
  /** Holds the order of the rows; null keeps that of the server. */
  readonly url: Url | null;
  /** Asks for all of the rows as a file; without it there is none. */
  readonly exported?: TableParams;
}

function Rows<Row extends { id: string }>({ name, note, rows, columns, fileName, url, exported }: RowsProps<Row>) {
  const { t } = useT();
  const sort = url?.state.sort ?? null;
  const onSort = (next: Sort | null) => url?.update({ sort: next });
  const csv = <CsvButton name={name} columns={columns} rows={rows} sort={sort} fileName={fileName} />;
  const fixed = url ? columns : columns.map(unsortable);
  return (
    <Panel title={name} action={exported ? <TableExport table="changes" name={name} params={exported}>{csv}</TableExport> : csv}>
      <p className={styles.note}>{note}</p>
      {rows.length === 0 ? (
        <EmptyState title={t('flow.nothing')} status="good" />
      ) : (
        <DataTable name={name} columns={fixed} rows={rows} rowKey={(row) => row.id} sort={sort} onSort={onSort} fileName={fileName} />
      )}
    </Panel>
  );
}

function unsortable<Row>({ id, header, align, render, wide }: Column<Row>): Column<Row> {
  return { id, header, render, ...(align && { align }), ...(wide && { wide }) };
}

function Tiles({ flow }: { flow: ValueStream }) {
  const { t, locale } = useT();
  const { lead, efficiency, batch, wip, builds } = flow;
  const duration = (seconds: number | null) => (seconds === null ? null : durationQuantity(seconds, locale));
  const number = (value: number | null, unit: string): Quantity | null => (value === null ? null : { value: formatNumber(value, locale, 1), unit });
  return (
    <div className={styles.tiles}>
      <Tile headingLevel={2} label={t('flow.lead')} quantity={duration(lead.p50_seconds)} reason={t('flow.no_value')} caption={t('flow.lead_caption', { p90: formatDuration(lead.p90_seconds, locale), n: formatNumber(lead.n, locale) })} />
      <Tile headingLevel={2} label={t('flow.efficiency')} quantity={efficiency.value === null ? null : percentQuantity(efficiency.value, locale)} reason={t('flow.no_value')} caption={t('flow.efficiency_caption', { n: formatNumber(efficiency.n, locale) })} />
      <Tile headingLevel={2} label={t('flow.batch')} quantity={number(batch.changes_median, t('flow.changes_unit'))} reason={t('flow.no_value')} caption={t('flow.batch_caption', { lines: batch.lines_median === null ? '–' : formatNumber(batch.lines_median, locale), n: formatNumber(batch.changes_n, locale) })} />
      <Tile headingLevel={2} label={t('flow.wip')} quantity={{ value: formatNumber(wip.n, locale), unit: t('flow.changes_unit') }} caption={t('flow.wip_caption', { median: formatDuration(wip.age_median_seconds, locale), p85: formatDuration(wip.age_p85_seconds, locale) })} />
      <Tile headingLevel={2} label={t('flow.ci')} quantity={duration(builds.wait_median_seconds)} reason={t('flow.no_builds')} caption={t('flow.ci_caption', { p90: formatDuration(builds.wait_p90_seconds, locale), reruns: formatPercent(builds.reruns.value, locale), n: formatNumber(builds.n, locale) })} />
    </div>
  );
}

function Changes({ flow }: { flow: ValueStream }) {
  const { t, locale } = useT();
  const { lead, points, points_of: of } = flow;
  const lines = [
    { label: 'p50', value: lead.p50_seconds },
    { label: 'p90', value: lead.p90_seconds },
  ].flatMap(({ label, value }) => (value === null ? [] : [{ label, value }]));
  return (
    <Scatter
      title={t('flow.scatter')}
      caption={t('flow.scatter_caption', { shown: formatNumber(points.length, locale), of: formatNumber(of, locale) })}
      timeZone={flow.time_zone}
      headingLevel={2}
      fileName="changes"
      span={flow.window}
      points={points.map((point) => ({ id: point.id, name: point.application.name, at: point.at, value: point.lead_seconds, strong: point.tier === 1 }))}
      lines={lines}
      valueLabel={t('flow.lead')}
      nameLabel={t('column.application')}
    />
  );
}

function AssistedPanel({ params }: { params: FlowParams }) {
  const query = useQuery(assistedQuery(params));
  if (query.data) return <Assisted answer={query.data} />;
  return query.isPending ? <Skeleton height={220} /> : <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
}
