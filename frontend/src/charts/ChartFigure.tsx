import { useId, useRef, useState, type ReactNode } from 'react';
import { useT } from '../i18n/useT';
import classes from './charts.module.css';
import type { Table } from './csv';
import { ExportMenu } from './ExportMenu';
import type { ChartProps } from './types';

interface ChartFigureProps extends ChartProps {
  table: Table;
  /** The same table as people read it; the file keeps plain numbers. */
  readable: Table;
  /** Further switches, such as the benchmark. */
  controls?: ReactNode;
  note?: string;
  children: ReactNode;
}

function DataTable({ table, name }: { table: Table; name: string }) {
  const { t } = useT();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region takes keys
    <section className={classes.tableRegion} aria-label={name} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={String(row[0])}>
              {row.map((value, i) =>
                i === 0 ? (
                  <th key={table.columns[i]} scope="row">
                    {value}
                  </th>
                ) : (
                  <td key={table.columns[i]}>{value ?? t('chart.no_value')}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Heading, switches, picture or table, and caption of every chart with axes. */
export function ChartFigure(props: ChartFigureProps) {
  const { title, caption, timeZone, action, controls, note, table, readable, children } = props;
  const { t } = useT();
  const id = useId();
  const host = useRef<HTMLElement>(null);
  const [asTable, setAsTable] = useState(false);
  const Heading = `h${props.headingLevel ?? 3}` as 'h2' | 'h3' | 'h4';
  const words = [caption, props.control?.note, note, t('chart.zone', { zone: timeZone })].filter(Boolean).join(' ');
  return (
    <figure className={classes.figure} aria-labelledby={id} ref={host}>
      <div className={classes.head}>
        <Heading id={id} className={classes.heading}>
          {title}
        </Heading>
        {action}
        <div className={classes.tools}>
          {controls}
          <button
            type="button"
            className={classes.tool}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            {t('chart.view_table')}
          </button>
          <ExportMenu
            host={host}
            title={title}
            caption={words}
            fileName={props.fileName ?? 'chart'}
            table={table}
          />
        </div>
      </div>
      {asTable ? <DataTable table={readable} name={t('chart.table_name', { title })} /> : children}
      <figcaption className={classes.caption}>{words}</figcaption>
    </figure>
  );
}
