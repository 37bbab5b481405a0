import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { connectionsQuery } from '../../api/queries';
import { connectionStates, type Connection } from '../../api/types';
import { useT } from '../../i18n/useT';
import { CsvButton, DataTable } from '../../ui/DataTable';
import { formatTime } from '../../ui/format';
import { IconPause, IconPlay } from '../../ui/icons';
import { LongWait } from '../../ui/LongWait';
import { Panel } from '../../ui/Panel';
import { SearchField } from '../../ui/SearchField';
import { EmptyState, ErrorState } from '../../ui/states';
import type { Url } from '../../url/useUrl';
import { NoConnection } from '../deliveries/NoConnection';
import { connectionColumns } from './columns';
import styles from './connectors.module.css';
import { stateText, useZone } from './words';
import { chosen, worstFirst } from './logic';
import { useProgress } from './progress';

/** A vendor that refuses a token is noticed within 45 seconds; with this it is shown within a minute. */
export const lookEvery = 15_000;

/** How many rows are shown at first, and how many more at a time. */
const pageSize = 50;

interface TabProps {
  readonly url: Url;
  readonly workspace: string;
}

/** All connections, worst first. */
export function ConnectionsTab({ url, workspace }: TabProps) {
  const { t, locale } = useT();
  const [paused, setPaused] = useState(false);
  const zone = useZone(workspace);
  const query = useQuery({ ...connectionsQuery(workspace), refetchInterval: paused ? false : lookEvery });
  const all = query.data?.items;
  const list = useMemo(() => worstFirst(all ?? []), [all]);
  return (
    <>
      {list.length > 0 && <Filters url={url} list={list} />}
      <Panel
        title={t('connectors.list')}
        action={
          <span className={styles.live}>
            {query.dataUpdatedAt > 0 && <span>{t('connectors.looked', { time: formatTime(query.dataUpdatedAt, locale, zone) })}</span>}
            <Button
              size="compact-sm"
              variant="default"
              leftSection={paused ? <IconPlay size={13} aria-hidden /> : <IconPause size={13} aria-hidden />}
              onClick={() => setPaused(!paused)}
            >
              {t(paused ? 'connectors.resume' : 'connectors.pause')}
            </Button>
          </span>
        }
      >
        {query.isPending && <TableSkeleton />}
        {query.error && !all && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {all?.length === 0 && <NoConnection />}
        {list.length > 0 && <Rows url={url} workspace={workspace} list={list} at={query.dataUpdatedAt} zone={zone} />}
      </Panel>
    </>
  );
}

interface RowsProps extends TabProps {
  readonly list: readonly Connection[];
  /** When the list was read, in milliseconds. */
  readonly at: number;
  readonly zone: string;
}

function Rows({ url, workspace, list, at, zone }: RowsProps) {
  const { t, locale } = useT();
  const navigate = useNavigate();
  const [pages, setPages] = useState(1);
  const left = useProgress(list, at);
  const columns = useMemo(() => connectionColumns({ workspace, t, locale, zone, left }), [workspace, t, locale, zone, left]);
  const rows = chosen(list, url.state);
  if (rows.length === 0) {
    return (
      <EmptyState
        title={t('connectors.filtered')}
        action={
          <Button size="xs" variant="default" onClick={() => url.update({ q: '', status: [], source: [] })}>
            {t('empty.clear')}
          </Button>
        }
      />
    );
  }
  const shared = { name: t('connectors.list'), columns, sort: url.state.sort, fileName: `connections-${workspace}` };
  return (
    <>
      <DataTable
        {...shared}
        rows={rows.slice(0, pages * pageSize)}
        rowKey={(row) => row.id}
        onSort={(sort) => url.update({ sort })}
        onOpen={(row) => void navigate({ to: '/w/$workspace/connectors/$id', params: { workspace, id: row.id }, search: {} })}
      />
      <p className={styles.foot}>
        <output>{t('table.count', { count: rows.length })}</output>
        <CsvButton {...shared} rows={rows} />
      </p>
      {rows.length > pages * pageSize && (
        <Button className={styles.more} size="xs" variant="default" onClick={() => setPages(pages + 1)}>
          {t('table.more')}
        </Button>
      )}
    </>
  );
}

function Filters({ url, list }: { url: Url; list: readonly Connection[] }) {
  const { t } = useT();
  const { state, update } = url;
  const sources = [...new Map(list.map(({ source, title }) => [source, title]))].toSorted((a, b) => a[1].localeCompare(b[1]));
  return (
    <search className={styles.filters} aria-label={t('events.filters_title')}>
      <SearchField label={t('connectors.search')} placeholder={t('connectors.search_hint')} value={state.q} onChange={(q) => update({ q })} />
      <NativeSelect
        size="xs"
        label={t('connectors.column.state')}
        value={state.status[0] ?? ''}
        onChange={(event) => update({ status: event.currentTarget.value ? [event.currentTarget.value] : [] })}
        data={[{ value: '', label: t('connectors.all_states') }, ...connectionStates.map((one) => ({ value: one as string, label: stateText(one, t) }))]}
      />
      <NativeSelect
        size="xs"
        label={t('deliveries.filter.source')}
        value={state.source[0] ?? ''}
        onChange={(event) => update({ source: event.currentTarget.value ? [event.currentTarget.value] : [] })}
        data={[{ value: '', label: t('deliveries.all_sources') }, ...sources.map(([value, label]) => ({ value, label }))]}
      />
    </search>
  );
}

const rowsShown = [1, 2, 3, 4, 5];

export function TableSkeleton() {
  return (
    <div aria-busy="true">
      <LongWait />
      {rowsShown.map((row) => (
        <Skeleton key={row} height={22} my={20} />
      ))}
    </div>
  );
}
