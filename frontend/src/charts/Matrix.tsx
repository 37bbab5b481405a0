import type { ReactNode } from 'react';
import { useT } from '../i18n/useT';
import { formatNumber } from '../ui/format';
import styles from './matrix.module.css';

export interface MatrixColumn {
  readonly id: string;
  readonly label: ReactNode;
  /** How a count in this column is meant. */
  readonly tone: 'good' | 'watch' | 'bad' | 'unknown';
}

export interface MatrixRow {
  readonly id: string;
  readonly label: string;
  /** One count per column. */
  readonly counts: readonly number[];
}

interface MatrixProps {
  readonly name: string;
  readonly corner: string;
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
  /** The content of a cell above 0, usually a link around the number. */
  readonly cell: (row: MatrixRow, column: MatrixColumn, count: string) => ReactNode;
}

/** C7: counts in rows and columns; every cell has its number, the bar beneath is second. */
export function Matrix({ name, corner, columns, rows, cell }: MatrixProps) {
  const { t, locale } = useT();
  const most = Math.max(1, ...rows.flatMap(({ counts }) => counts));
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} aria-label={t('table.scroll', { name })} tabIndex={0}>
      <table className={styles.matrix}>
        <caption className="ek-hidden">{name}</caption>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {columns.map((column) => (
              <th key={column.id} scope="col">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">{row.label}</th>
              {columns.map((column, i) => {
                const count = row.counts[i] ?? 0;
                const text = formatNumber(count, locale);
                return (
                  <td key={column.id} data-tone={count > 0 ? column.tone : undefined}>
                    {count > 0 ? cell(row, column, text) : <span className={styles.none}>{text}</span>}
                    <svg className={styles.bar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                      <rect width={(count / most) * 100} height="4" />
                    </svg>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
