import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { groupsQuery } from '../../../api/queries';
import { coverageGroupsQuery, coverageQuery, signals, signalStates, type CoverageCell, type CoverageRow } from '../../../api/quality';
import { useT } from '../../../i18n/useT';
import { CsvButton, DataTable } from '../../../ui/DataTable';
import { Dialog } from '../../../ui/Dialog';
import { formatNumber } from '../../../ui/format';
import { Panel } from '../../../ui/Panel';
import { SearchField } from '../../../ui/SearchField';
import { EmptyState, ErrorState } from '../../../ui/states';
import { TableExport } from '../../../ui/TableExport';
import type { Url } from '../../../url/useUrl';
import { Skeletons } from '../../application/Skeletons';
import { CellDetail } from './CellDetail';
import { coverageColumns, groupColumns } from './columns';
import styles from './quality.module.css';
import type { QualityProps } from './QualityTab';

const keys = { sort: null, sel: null } as const;

/** The choices of the address that the matrix knows. */
function chosen({ signal, status }: Url['state']) {
  const state = signalStates.find((one) => one === status[0]);
  return { signal: signals.find((one) => one === signal), state };
}

/** Applications and signals: what flows, what is stale, what never came, and why. */
export function Coverage({ url, workspace }: QualityProps) {
  const { t, locale } = useT();
  const { group, q, sort, sel } = url.state;
  const { signal, state } = chosen(url.state);
  const query = useInfiniteQuery(
    coverageQuery({
      workspace,
      ...(group && { group }),
      ...(q && { q }),
      ...(state && { state, ...(signal && { signal }) }),
      ...(sort && sort.column !== 'application' && { sort: sort.column }),
      ...(sort?.descending && { descending: true }),
    }),
  );
  const columns = useMemo(() => coverageColumns(workspace, (id) => url.update({ sel: id }), t, locale), [workspace, url, t, locale]);
  const first = query.data?.pages[0];
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const table = { name: t('quality.coverage'), columns, rows, sort, fileName: `coverage-${workspace}` };
  const opened = openedCell(rows, sel);
  return (
    <Panel
      title={t('quality.coverage')}
      action={
        first && (
          <span className={styles.summary}>
            <output>{t('quality.summary', { found: formatNumber(first.found, locale), applications: formatNumber(first.applications, locale) })}</output>
            <TableExport table="coverage" name={t('quality.coverage')} params={{ workspace, group }}>
              <CsvButton {...table} />
            </TableExport>
          </span>
        )
      }
    >
      <p className={styles.note}>{t('quality.coverage_text')}</p>
      <Filters url={url} workspace={workspace} />
      {query.isPending && <Skeletons height={320} />}
      {query.error && !first && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {first && rows.length === 0 && <NoRows url={url} any={first.applications > 0} />}
      {rows.length > 0 && <DataTable {...table} rowKey={(row) => row.application.slug} onSort={(next) => url.update({ sort: next })} />}
      {query.hasNextPage && (
        <Button className={styles.more} variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('table.more')}
        </Button>
      )}
      <Groups url={url} workspace={workspace} />
      <Dialog open={opened !== null} onClose={() => url.update({ sel: null })} title={opened ? `${opened.row.application.name}: ${t(`quality.signal.${opened.cell.signal}`)}` : ''} closeLabel={t('quality.close')} side="end">
        {opened && <CellDetail row={opened.row} cell={opened.cell} workspace={workspace} />}
      </Dialog>
    </Panel>
  );
}

/** The cell that the address names, "checkout:deployment". */
function openedCell(rows: readonly CoverageRow[], sel: string | null): { row: CoverageRow; cell: CoverageCell } | null {
  const [slug, signal] = sel?.split(':') ?? [];
  const row = rows.find((one) => one.application.slug === slug);
  const cell = row?.cells.find((one) => one.signal === signal);
  return row && cell ? { row, cell } : null;
}

function Filters({ url, workspace }: QualityProps) {
  const { t } = useT();
  const { state, update } = url;
  const { signal, state: wanted } = chosen(state);
  const groups = useQuery(groupsQuery(workspace));
  return (
    <search className={styles.filters}>
      <SearchField label={t('quality.search')} placeholder={t('quality.search_hint')} value={state.q} onChange={(q) => update({ q })} />
      <NativeSelect
        size="xs"
        label={t('quality.group')}
        value={state.group ?? ''}
        onChange={(event) => update({ group: event.currentTarget.value || null, app: null })}
        data={[{ value: '', label: t('quality.all_groups') }, ...(groups.data?.items ?? []).map((one) => ({ value: one.slug, label: one.name }))]}
      />
      <NativeSelect
        size="xs"
        label={t('quality.state')}
        value={wanted ?? ''}
        onChange={(event) => update({ status: event.currentTarget.value ? [event.currentTarget.value] : [] })}
        data={[{ value: '', label: t('quality.all_states') }, ...signalStates.map((one) => ({ value: one, label: t(`quality.state.${one}`) }))]}
      />
      <NativeSelect
        size="xs"
        label={t('quality.signal')}
        value={signal ?? ''}
        disabled={!wanted}
        onChange={(event) => update({ signal: event.currentTarget.value || null })}
        data={[{ value: '', label: t('quality.any_signal') }, ...signals.map((one) => ({ value: one, label: t(`quality.signal.${one}`) }))]}
      />
    </search>
  );
}

function NoRows({ url, any }: { url: Url; any: boolean }) {
  const { t } = useT();
  const { q, group } = url.state;
  if (!any && !q && !group) return <EmptyState title={t('quality.no_applications')}>{t('quality.no_applications_text')}</EmptyState>;
  const clear = () => url.update({ ...keys, q: '', group: null, status: [], signal: null });
  return (
    <EmptyState
      title={t('quality.no_rows')}
      action={
        <Button size="xs" variant="default" onClick={clear}>
          {t('quality.clear')}
        </Button>
      }
    >
      {t('quality.no_rows_text')}
    </EmptyState>
  );
}

/** The matrix added up by group; a group narrows the matrix to itself. */
function Groups({ url, workspace }: QualityProps) {
  const { t, locale } = useT();
  const query = useQuery(coverageGroupsQuery(workspace));
  const columns = useMemo(() => groupColumns((group) => url.update({ group, app: null }), t, locale), [url, t, locale]);
  const rows = query.data?.items ?? [];
  if (rows.length === 0) return null;
  return (
    <details className={styles.details}>
      <summary>{t('quality.groups')}</summary>
      <DataTable name={t('quality.groups')} columns={columns} rows={rows} rowKey={(row) => row.group.slug} sort={null} onSort={() => {}} fileName={`coverage-groups-${workspace}`} />
    </details>
  );
}
