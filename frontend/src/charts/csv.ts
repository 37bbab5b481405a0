import { toCsv } from '../ui/csv';

/** A table as text: what "view as table" shows and what the file holds. */
export interface Table {
  columns: string[];
  /** Null is an empty cell: no value, not 0. */
  rows: (string | number | null)[][];
}

/** The file of a table: its columns, then its rows. */
export function tableFile(table: Table): string {
  return toCsv([table.columns, ...table.rows]);
}
