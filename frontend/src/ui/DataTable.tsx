import { UnstyledButton } from '@mantine/core';
import { useMemo, type MouseEvent, type ReactNode } from 'react';
import { useT } from '../i18n/useT';
import type { Sort } from '../url/state';
import { download, toCsv, type Cell } from './csv';
import styles from './ui.module.css';

/** A value rows are ordered by; null always comes last. */
export type SortValue = string | number | null;

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly align?: 'start' | 'end';
  /** Not given: the column cannot be sorted. */
  readonly sortValue?: (row: Row) => SortValue;
  readonly render: (row: Row) => ReactNode;
  /** The cells of this column in a CSV file: heading and value. */
  readonly csv?: readonly { readonly header: string; readonly value: (row: Row) => Cell }[];
  /** Hidden on narrow screens. */
  readonly wide?: boolean;
}

interface DataTableProps<Row> {
  /** Names the table for screen readers and the CSV file. */
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
  /** Called for a click beside the row's own link, which stays the way for keyboards. */
  readonly onOpen?: (row: Row) => void;
  readonly fileName: string;
}

/** Orders rows; without a sort they stay as they are. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort | null): readonly Row[] {
  const valueOf = columns.find((column) => column.id === sort?.column)?.sortValue;
  if (!sort || !valueOf) return rows;
  return rows.toSorted((a, b) => compareValues(valueOf(a), valueOf(b), sort.descending));
}

function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order =
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
  return descending ? -order : order;
}

/** The next sort of a column: ascending, descending, the given order. */
export function nextSort(sort: Sort | null, column: string): Sort | null {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}

/** A table that can be sorted, scrolled by keyboard and downloaded. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, columns, rows, rowKey, sort, onSort, onOpen } = props;
  const { t } = useT();
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.tableScroll} aria-label={t('table.scroll', { name })} tabIndex={0}>
      <table className={styles.table}>
        <caption className="ek-hidden">{name}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <BodyRow key={rowKey(row)} row={row} columns={columns} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function BodyRow<Row>({ row, columns, onOpen }: { row: Row; columns: readonly Column<Row>[]; onOpen?: (row: Row) => void }) {
  const open = (event: MouseEvent<HTMLElement>) => {
    const inLink = event.target instanceof Element && event.target.closest('a,button');
    if (!inLink && !event.defaultPrevented && !window.getSelection()?.toString()) onOpen?.(row);
  };
  return (
    // The click is a convenience of the pointer: the first cell holds the same link.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <tr onClick={onOpen && open} data-open={onOpen ? '' : undefined}>
      {columns.map((column, index) =>
        index === 0 ? (
          <th key={column.id} scope="row" className={styles.firstCell}>
            {column.render(row)}
          </th>
        ) : (
          <td key={column.id} data-align={column.align} data-wide={column.wide ? '' : undefined}>
            {column.render(row)}
          </td>
        ),
      )}
    </tr>
  );
}

interface HeaderProps<Row> {
  readonly column: Column<Row>;
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort | null) => void;
}

function HeaderCell<Row>({ column, sort, onSort }: HeaderProps<Row>) {
  const { t } = useT();
  const active = sort?.column === column.id ? sort : null;
  const order = active ? (active.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th
      scope="col"
      data-align={column.align}
      data-wide={column.wide ? '' : undefined}
      aria-sort={column.sortValue ? order : undefined}
    >
      {column.sortValue ? (
        <UnstyledButton
          className={styles.sort}
          data-order={order}
          title={t('table.sort', { column: column.header })}
          onClick={() => onSort(nextSort(sort, column.id))}
        >
          {column.header}
          <svg viewBox="0 0 8 12" width="8" height="12" aria-hidden="true">
            <path className={styles.sortUp} d="M4 1 7 5H1Z" />
            <path className={styles.sortDown} d="M4 11 1 7h6Z" />
          </svg>
        </UnstyledButton>
      ) : (
        column.header
      )}
    </th>
  );
}

/** The rows of a table as CSV text, in the order shown. */
export function tableCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = columns.flatMap((column) => column.csv ?? []);
  return toCsv([cells.map((cell) => cell.header), ...rows.map((row) => cells.map((cell) => cell.value(row)))]);
}

interface CsvButtonProps<Row> extends Pick<DataTableProps<Row>, 'name' | 'columns' | 'rows' | 'sort' | 'fileName'> {}

/** Downloads the visible rows. */
export function CsvButton<Row>({ name, columns, rows, sort, fileName }: CsvButtonProps<Row>) {
  const { t } = useT();
  const save = () =>
    download(`${fileName}.csv`, 'text/csv;charset=utf-8', tableCsv(columns, sortRows(rows, columns, sort)));
  return (
    <UnstyledButton className={styles.quietButton} onClick={save} aria-label={t('table.csv_full', { name })}>
      {t('table.csv')}
    </UnstyledButton>
  );
}
