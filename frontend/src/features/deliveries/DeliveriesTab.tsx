import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { connectionsQuery, deliveriesQuery } from '../../api/queries';
import { useT } from '../../i18n/useT';
import { formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { VirtualTable } from '../../ui/VirtualTable';
import type { Url } from '../../url/useUrl';
import { TableSkeleton } from '../events/skeletons';
import { deliveryColumns } from './columns';
import events from '../events/events.module.css';
import styles from './deliveries.module.css';
import { DeliveryDrawer } from './DeliveryDrawer';
import { DeliveryFilters } from './DeliveryFilters';
import { activeFilters, deliveriesParams, replayOfList, withoutFilters } from './filters';
import { NoConnection } from './NoConnection';
import { ReplayDialog, type Replayed } from './ReplayDialog';

interface DeliveriesTabProps {
  readonly url: Url;
  readonly workspace: string;
  /** Id of the one connection whose deliveries are shown; all are if not given. */
  readonly connection?: string;
}

/** What sources delivered, and what became of it. */
export function DeliveriesTab({ url: whole, workspace, connection }: DeliveriesTabProps) {
  const { t, locale } = useT();
  const url = useMemo(() => (connection ? { ...whole, state: { ...whole.state, connection, source: [] } } : whole), [whole, connection]);
  const { state } = url;
  const params = useMemo(() => deliveriesParams(workspace, state), [workspace, state]);
  const list = useInfiniteQuery(deliveriesQuery(params));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [replayed, setReplayed] = useState<Replayed | null>(null);
  const toggle = useCallback(
    (id: string) =>
      setPicked((before) => {
        const next = new Set(before);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [],
  );
  const columns = useMemo(() => deliveryColumns(t, locale, picked, toggle, connection !== undefined), [t, locale, picked, toggle, connection]);
  const { fetchNextPage, isFetchingNextPage } = list;
  const onEnd = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const chosen = rows.filter((row) => picked.has(row.id)).map((row) => row.id);
  const all = replayOfList(state);
  const shown = { shown: formatNumber(rows.length, locale), count: rows.length };
  return (
    <>
      <DeliveryFilters url={url} workspace={workspace} single={connection !== undefined} />
      <Panel>
        {list.isPending && <TableSkeleton />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && rows.length === 0 && <NoRows url={whole} workspace={workspace} />}
        {rows.length > 0 && (
          <>
            <div className={styles.actions}>
              <Button size="xs" variant="default" disabled={chosen.length === 0} onClick={() => setReplayed({ ids: chosen })}>
                {t('deliveries.replay_picked', { count: chosen.length })}
              </Button>
              <Button size="xs" variant="default" disabled={all === null} onClick={() => all && setReplayed(all)}>
                {t('deliveries.replay_list')}
              </Button>
              {all === null && <span className={styles.quiet}>{t('deliveries.replay_event')}</span>}
            </div>
            <div className={styles.table}>
              <VirtualTable
                name={t('deliveries.table')}
                columns={columns}
                rows={rows}
                rowKey={(row) => row.id}
                selected={state.sel}
                onOpen={(row) => url.update({ sel: row.id }, true)}
                more={list.hasNextPage && !isFetchingNextPage && !list.isFetchNextPageError}
                onEnd={onEnd}
              />
              <p className={events.foot}>
                <span>{t('events.keys')}</span>
                <output>{t(list.hasNextPage ? 'deliveries.shown_more' : 'deliveries.shown_all', shown)}</output>
              </p>
            </div>
          </>
        )}
      </Panel>
      <DeliveryDrawer url={url} workspace={workspace} onReplay={(id) => setReplayed({ ids: [id] })} />
      <ReplayDialog workspace={workspace} chosen={replayed} onClose={() => setReplayed(null)} />
    </>
  );
}

/** Nothing was delivered: there is no connection, nothing came, or a filter leaves nothing. */
function NoRows({ url, workspace }: DeliveriesTabProps) {
  const { t } = useT();
  const connections = useQuery(connectionsQuery(workspace));
  const active = activeFilters(url.state);
  if (active.length > 0) {
    return (
      <EmptyState
        title={t('deliveries.filtered')}
        action={
          <Button size="xs" variant="default" onClick={() => url.update(withoutFilters)}>
            {t('empty.clear')}
          </Button>
        }
      >
        {t('deliveries.filtered_text', { filters: active.map((name) => t(`deliveries.filter.${name}`)).join(', ') })}
      </EmptyState>
    );
  }
  if (connections.isPending) return <TableSkeleton />;
  if (connections.data?.items.length === 0) return <NoConnection />;
  return <EmptyState title={t('deliveries.none')}>{t('deliveries.none_text')}</EmptyState>;
}
