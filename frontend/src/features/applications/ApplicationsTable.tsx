import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { applicationsQuery, type ApplicationsParams } from '../../api/queries';
import type { ApplicationItem } from '../../api/types';
import { useT } from '../../i18n/useT';
import { CsvButton, DataTable } from '../../ui/DataTable';
import { LongWait } from '../../ui/LongWait';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { TableExport } from '../../ui/TableExport';
import { windowOf } from '../../url/state';
import type { Url } from '../../url/useUrl';
import { applicationColumns } from './columns';
import styles from './applications.module.css';

interface ApplicationsTableProps {
  readonly params: ApplicationsParams;
  readonly url: Url;
  readonly title: string;
  /** Keeps a loaded row; all are kept if not given. */
  readonly keep?: (row: ApplicationItem) => boolean;
  readonly withGroup?: boolean;
  /** Shown instead of a table without rows. */
  readonly empty: (loaded: number, more: boolean) => ReactNode;
}

/** Applications page by page, with sorting, download and "show more". */
export function ApplicationsTable({ params, url, title, keep, withGroup = true, empty }: ApplicationsTableProps) {
  const { t, locale } = useT();
  const navigate = useNavigate();
  const query = useInfiniteQuery(applicationsQuery(params));
  const { workspace } = params;
  const columns = useMemo(() => applicationColumns(workspace, t, locale, withGroup), [workspace, t, locale, withGroup]);
  const loaded = query.data?.pages.flatMap((page) => page.items) ?? [];
  const rows = keep ? loaded.filter(keep) : loaded;
  const shared = { name: title, columns, rows, sort: url.state.sort, fileName: `applications-${workspace}` };
  return (
    <Panel title={title} action={rows.length > 0 ? <TableNote count={rows.length} csv={
          <TableExport table="applications" name={title} params={{ workspace, ...windowOf(url.state.range), group: params.group, capability: params.capability, ownership: params.group && url.state.ownership }}>
            <CsvButton {...shared} />
          </TableExport>
        } /> : null}>
      {query.isPending && <TableSkeleton />}
      {query.error && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && rows.length === 0 && empty(loaded.length, query.hasNextPage)}
      {rows.length > 0 && (
        <DataTable
          {...shared}
          rowKey={(row) => row.slug}
          onSort={(sort) => url.update({ sort })}
          onOpen={(row) =>
            void navigate({ to: '/w/$workspace/applications/$slug', params: { workspace, slug: row.slug }, search: {} })
          }
        />
      )}
      {query.hasNextPage && (
        <Button
          className={styles.more}
          variant="default"
          size="xs"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t('table.more')}
        </Button>
      )}
    </Panel>
  );
}

function TableNote({ count, csv }: { count: number; csv: ReactNode }) {
  const { t } = useT();
  return (
    <span className={styles.note}>
      <output>{t('table.count', { count })}</output>
      {csv}
    </span>
  );
}

const rowsShown = [1, 2, 3, 4, 5, 6, 7, 8];

function TableSkeleton() {
  return (
    <div aria-busy="true">
      <LongWait />
      {rowsShown.map((row) => (
        <Skeleton key={row} height={20} my={17} />
      ))}
    </div>
  );
}
