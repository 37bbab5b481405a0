import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { known } from '../../api/known';
import { entriesQuery, entriesSummaryQuery, newestEntries, type EntriesParams } from '../../api/queries';
import type { Entry } from '../../api/types';
import { useT } from '../../i18n/useT';
import { Dialog } from '../../ui/Dialog';
import { IconFilter } from '../../ui/icons';
import { Panel } from '../../ui/Panel';
import { SearchField } from '../../ui/SearchField';
import { ErrorState } from '../../ui/states';
import type { Url } from '../../url/useUrl';
import { EmptyEvents } from './EmptyEvents';
import { EventDrawer } from './EventDrawer';
import { EventHistogram } from './EventHistogram';
import styles from './events.module.css';
import { EventsTable } from './EventsTable';
import { ExportMenu } from './ExportMenu';
import { Facets } from './Facets';
import { apiAddress, chosen, entriesParams } from './filters';
import { LiveTail, News } from './LiveTail';
import { HistogramSkeleton, TableSkeleton } from './skeletons';
import { useTail } from './useTail';

interface EventsTabProps {
  readonly url: Url;
  readonly workspace: string;
}

/** Events over time, what can be chosen among them, and the list. */
export function EventsTab({ url, workspace }: EventsTabProps) {
  const { t } = useT();
  const [sheet, setSheet] = useState(false);
  const params = useMemo(() => entriesParams(workspace, url.state), [workspace, url.state]);
  const summary = useQuery(entriesSummaryQuery(params));
  const list = useInfiniteQuery(entriesQuery(params));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const live = useLive(params, rows);
  const filters = Object.keys(chosen(url.state)).length;
  const error = list.data ? null : list.error;
  return (
    <>
      <div className={styles.bar}>
        <SearchField
          className={styles.search}
          label={t('events.search')}
          placeholder={t('events.search_hint')}
          value={url.state.q}
          onChange={(q) => url.update({ q })}
        />
        <Button
          className={styles.sheetButton}
          size="xs"
          variant="default"
          leftSection={<IconFilter size={14} aria-hidden />}
          onClick={() => setSheet(true)}
        >
          {t('events.filters', { count: filters })}
        </Button>
        {!known.asOf && <LiveTail tail={live.tail} />}
        <ExportMenu params={params} total={summary.data?.total ?? null} />
      </div>
      <div className={styles.columns}>
        <div className={styles.facets}>
          <Facets url={url} workspace={workspace} summary={summary.data} />
        </div>
        <div className={styles.content}>
          <Panel>
            <div className={styles.histogramPlace}>
              {summary.data ? (
                <EventHistogram url={url} summary={summary.data} />
              ) : (
                <HistogramSkeleton error={summary.error} onRetry={() => void summary.refetch()} />
              )}
            </div>
          </Panel>
          <Panel title={t('events.table')} action={<News tail={live.tail} onShow={live.show} />}>
            {error && <ErrorState error={error} onRetry={() => void list.refetch()} />}
            {list.isPending && <TableSkeleton />}
            {list.data && rows.length === 0 && <EmptyEvents url={url} summary={summary.data} />}
            {rows.length > 0 && <EventsTable url={url} list={list} rows={rows} total={summary.data?.total} />}
          </Panel>
        </div>
      </div>
      <Dialog side="end" open={sheet} onClose={() => setSheet(false)} title={t('events.filters_title')} closeLabel={t('events.close')}>
        <Facets url={url} workspace={workspace} summary={summary.data} />
      </Dialog>
      <EventDrawer url={url} workspace={workspace} />
    </>
  );
}

/** Follows what arrives; it is shown only when the reader asks for it. */
function useLive(params: EntriesParams, rows: readonly Entry[]) {
  const client = useQueryClient();
  const shown = useMemo(() => new Set(rows.map((row) => row.id)), [rows]);
  const missed = async () => {
    if (shown.size === 0) return [];
    const newest = await newestEntries(params);
    return newest.items.filter((row) => !shown.has(row.id)).map((row) => row.id);
  };
  const tail = useTail(known.asOf ? null : apiAddress('facts/stream', params), missed); // Nothing comes to the past.
  const show = async () => {
    tail.clear();
    const { queryKey } = entriesQuery(params);
    // Only the first page is asked for again; the others follow by scrolling.
    client.setQueryData(queryKey, (old) => old && { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) });
    await Promise.all([
      client.invalidateQueries({ queryKey }),
      client.invalidateQueries({ queryKey: entriesSummaryQuery(params).queryKey }),
    ]);
  };
  return { tail, show: () => void show() };
}
