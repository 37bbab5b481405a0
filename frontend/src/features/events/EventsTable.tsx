import { Button } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Entry, List } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatNumber } from '../../ui/format';
import { VirtualTable } from '../../ui/VirtualTable';
import type { Url } from '../../url/useUrl';
import { eventColumns } from './columns';
import styles from './events.module.css';

interface EventsTableProps {
  readonly url: Url;
  readonly list: UseInfiniteQueryResult<InfiniteData<List<Entry>>>;
  readonly rows: readonly Entry[];
  readonly total: number | undefined;
}

/** The list of events, newest first; more come when the end is near. */
export function EventsTable({ url, list, rows, total }: EventsTableProps) {
  const { t, locale } = useT();
  const columns = useMemo(() => eventColumns(t, locale), [t, locale]);
  const { fetchNextPage, isFetchingNextPage, isFetchNextPageError } = list;
  const onEnd = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const known = Math.max(rows.length, total ?? 0);
  const shown = { shown: formatNumber(rows.length, locale), total: formatNumber(known, locale) };
  return (
    <div className={styles.tablePart}>
      <VirtualTable
        name={t('events.table')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        total={known}
        selected={url.state.sel}
        onOpen={(row) => url.update({ sel: row.id }, true)}
        more={list.hasNextPage && !isFetchingNextPage && !isFetchNextPageError}
        onEnd={onEnd}
      />
      <p className={styles.foot}>
        <span>{t('events.keys')}</span>
        {isFetchNextPageError ? (
          <Button size="compact-sm" variant="default" onClick={onEnd}>
            {t('events.more_failed')}
          </Button>
        ) : (
          <output>{list.hasNextPage ? t('events.shown_of', shown) : t('events.shown_all', { count: rows.length, ...shown })}</output>
        )}
      </p>
    </div>
  );
}
