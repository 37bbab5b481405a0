import type { QueryClient } from '@tanstack/react-query';
import { explainQuery, type ExplainParams } from '../../api/queries';
import type { ExplainRow } from '../../api/types';
import { toCsv } from '../../ui/csv';

/** Names as in the API: a file is read by programs. */
const columns = [
  'at', 'kind', 'id', 'external_id', 'source', 'repository', 'application', 'environment', 'status', 'value', 'included', 'reason', 'summary',
] as const;

function cells(row: ExplainRow): Record<(typeof columns)[number], string | number | null> {
  return { ...row, application: row.belongs_to.map((a) => a.slug).join(' '), included: String(row.included) };
}

/** Rows as CSV text. */
export function rowsCsv(rows: readonly ExplainRow[]): string {
  return toCsv([columns, ...rows.map(cells).map((row) => columns.map((column) => row[column]))]);
}

/** Every fact behind a figure, those left out included. */
export async function allRows(client: QueryClient, params: ExplainParams): Promise<ExplainRow[]> {
  const query = explainQuery({ ...params, include: 'all' }, 500);
  const { pages } = await client.fetchInfiniteQuery({ ...query, pages: Number.MAX_SAFE_INTEGER, gcTime: 0 });
  return pages.flatMap((page) => page.rows.items);
}
