import { Button } from '@mantine/core';
import { useT } from '../../i18n/useT';
import { CsvButton, DataTable, type Column } from '../../ui/DataTable';
import { ErrorState } from '../../ui/states';
import { Panel } from '../../ui/Panel';
import classes from './application.module.css';
import { Skeletons } from './Skeletons';

/** What a list needs of a query that loads page by page. */
interface PagedQuery<Row> {
  data?: { pages: { items: Row[] }[] } | undefined;
  error: unknown;
  isPending: boolean;
  isError: boolean;
  isSuccess: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch: () => unknown;
  fetchNextPage: () => unknown;
}

interface FactsProps<Row> {
  /** The target of links to this list. */
  anchor: string;
  title: string;
  columns: readonly Column<Row>[];
  query: PagedQuery<Row>;
  rowKey: (row: Row) => string;
  /** What is said when there are no rows. */
  empty: string;
  fileName: string;
}

function noSort() {}

/** A list of facts, newest first, page by page; its errors stay in its panel. */
export function Facts<Row>({ anchor, title, columns, query, rowKey, empty, fileName }: FactsProps<Row>) {
  const { t } = useT();
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const table = { name: title, columns, rows, sort: null, fileName };
  return (
    <div id={anchor} className={classes.anchor}>
      <Panel title={title} action={rows.length > 0 && <CsvButton {...table} />}>
        {query.isPending && <Skeletons height={220} />}
        {query.isError && rows.length === 0 && (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        )}
        {query.isSuccess && rows.length === 0 && <p className={classes.quiet}>{empty}</p>}
        {rows.length > 0 && <DataTable {...table} rowKey={rowKey} onSort={noSort} />}
        {rows.length > 0 && query.isError && (
          <ErrorState error={query.error} onRetry={() => void query.fetchNextPage()} />
        )}
        {rows.length > 0 && (
          <div className={classes.more}>
            <output>{t('table.count', { count: rows.length })}</output>
            {query.hasNextPage && (
              <Button
                size="xs"
                variant="default"
                disabled={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t(query.isFetchingNextPage ? 'table.loading_more' : 'table.more')}
              </Button>
            )}
          </div>
        )}
      </Panel>
    </div>
  );
}
