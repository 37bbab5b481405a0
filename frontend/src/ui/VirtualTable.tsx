import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode, type RefObject } from 'react';
import { useT } from '../i18n/useT';
import styles from './virtual.module.css';

/** What makes the link of a row part of the table's one stop for the Tab key. */
export interface RowStop {
  readonly tabIndex: 0 | -1;
  readonly 'data-row': number;
}

export interface WideColumn<Row> {
  readonly id: string;
  readonly header: ReactNode;
  /** CSS pixels; a column without takes what is left. */
  readonly width?: number;
  readonly align?: 'start' | 'end';
  /** The first column holds the row's link, which takes the stop. */
  readonly render: (row: Row, stop: RowStop) => ReactNode;
}

interface VirtualTableProps<Row> {
  /** Names the table for screen readers. */
  readonly name: string;
  readonly columns: readonly WideColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** How many rows there are in all, if that is known. */
  readonly total?: number;
  /** Key of the row whose drawer is open. */
  readonly selected?: string | null;
  /** Called for a click beside the row's own link. */
  readonly onOpen: (row: Row) => void;
  /** More rows can be had; onEnd is called when the last ones come near. */
  readonly more: boolean;
  readonly onEnd: () => void;
}

/** Every row is as high as this, so that only the rows in sight need to exist. */
export const rowHeight = 40;
const headHeight = 36;
const spare = 8;
const assumedHeight = 640;

/** The first and the last row, not included, that are drawn. */
export function rowsInSight(scrolled: number, height: number, count: number): { first: number; last: number } {
  const top = Math.floor(scrolled / rowHeight);
  const seen = Math.ceil((height - headHeight) / rowHeight);
  const first = Math.max(0, Math.min(top - spare, count - seen - 2 * spare));
  return { first, last: Math.min(count, first + seen + 2 * spare) };
}

/** Where a key moves from a row; undefined means that the key is not ours. */
export function rowAfter(key: string, at: number, count: number, page: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return step === undefined || count === 0 ? undefined : Math.max(0, Math.min(count - 1, at + step));
}

function useInSight(area: RefObject<HTMLElement | null>, count: number) {
  const [place, setPlace] = useState({ scrolled: 0, height: assumedHeight });
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    const measure = () => {
      // Steps of one row spare most of the drawing.
      const scrolled = Math.floor(element.scrollTop / rowHeight) * rowHeight;
      const height = element.clientHeight || assumedHeight;
      setPlace((before) => (before.scrolled === scrolled && before.height === height ? before : { scrolled, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, [area]);
  return { ...rowsInSight(place.scrolled, place.height, count), ...place };
}

/** Less room than this makes a column without a width unreadable. */
const leastWidth = 150;

/** Scrolls as far as needed to bring a row between the heading and the lower edge. */
function reveal(element: HTMLElement, row: number): void {
  const top = row * rowHeight;
  const room = (element.clientHeight || assumedHeight) - headHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + room) element.scrollTop = top + rowHeight - room;
}

/** A long table that draws the rows in sight; arrow keys move from row to row. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { name, columns, rows, rowKey, total, selected, onOpen, more, onEnd } = props;
  const { t } = useT();
  const area = useRef<HTMLElement>(null);
  const [active, setActive] = useState(0);
  const wanted = useRef<number | null>(null);
  const { first, last, scrolled, height } = useInSight(area, rows.length);
  const least = columns.reduce((sum, column) => sum + (column.width ?? leastWidth), 0);
  const stop = Math.max(first, Math.min(active, last - 1));

  useEffect(() => {
    if (more && last >= rows.length - spare) onEnd();
  }, [more, last, rows.length, onEnd]);
  // The wanted row may come into being some drawings later.
  useEffect(() => {
    const link = wanted.current === null ? null : area.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (!link) return;
    wanted.current = null;
    link.focus({ preventScroll: true });
  });

  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target instanceof Element && event.target.closest('input,select')) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onRow = event.target instanceof HTMLElement && event.target.dataset.row !== undefined;
    const at = onRow ? Number((event.target as HTMLElement).dataset.row) : Math.floor(scrolled / rowHeight) - 1;
    const next = rowAfter(event.key, at, rows.length, Math.max(1, Math.floor((height - headHeight) / rowHeight) - 1));
    if (next === undefined || !area.current) return;
    event.preventDefault();
    reveal(area.current, next);
    setActive(next);
    wanted.current = next;
  };

  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={area}
      className={styles.area}
      aria-label={t('table.rows_scroll', { name })}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={press}
      onFocus={(event) => {
        const row = event.target.dataset.row;
        if (row !== undefined) setActive(Number(row));
      }}
    >
      <table className={styles.table} style={{ minWidth: least }} aria-rowcount={total === undefined ? -1 : total + 1}>
        <caption className="ek-hidden">{name}</caption>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={column.width === undefined ? undefined : { width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.id} scope="col" data-align={column.align}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <Gap rows={first} />
        <tbody>
          {rows.slice(first, last).map((row, index) => (
            <Line
              key={rowKey(row)}
              row={row}
              columns={columns}
              stop={{ tabIndex: first + index === stop ? 0 : -1, 'data-row': first + index }}
              selected={rowKey(row) === selected}
              onOpen={onOpen}
            />
          ))}
        </tbody>
        <Gap rows={rows.length - last} />
      </table>
    </section>
  );
}

/** Stands for rows out of sight. */
function Gap({ rows }: { rows: number }) {
  if (rows <= 0) return null;
  return (
    <tbody aria-hidden="true">
      <tr className={styles.gap} style={{ height: rows * rowHeight }} />
    </tbody>
  );
}

interface LineProps<Row> {
  readonly row: Row;
  readonly columns: readonly WideColumn<Row>[];
  readonly stop: RowStop;
  readonly selected: boolean;
  readonly onOpen: (row: Row) => void;
}

function Line<Row>({ row, columns, stop, selected, onOpen }: LineProps<Row>) {
  const open = (event: MouseEvent<HTMLElement>) => {
    const inControl = event.target instanceof Element && event.target.closest('a,button,input,label');
    if (!inControl && !event.defaultPrevented && !window.getSelection()?.toString()) onOpen(row);
  };
  return (
    // The click is a convenience of the pointer: the row holds the same link.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <tr aria-rowindex={stop['data-row'] + 2} data-selected={selected ? '' : undefined} onClick={open}>
      {columns.map((column) => (
        <td key={column.id} data-align={column.align}>
          {column.render(row, stop)}
        </td>
      ))}
    </tr>
  );
}
