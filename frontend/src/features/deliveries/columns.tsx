import { Link } from '@tanstack/react-router';
import type { DeliveryItem } from '../../api/types';
import type { Translate } from '../../i18n/useT';
import { formatDateTime, formatNumber, noValue } from '../../ui/format';
import type { WideColumn } from '../../ui/VirtualTable';
import styles from './deliveries.module.css';
import { OutcomeBadge, sizeText } from './outcome';

/** The columns of the list of deliveries, of a single connection or of all; picked ones can be read again together. */
export function deliveryColumns(
  t: Translate,
  locale: string,
  picked: ReadonlySet<string>,
  onPick: (id: string) => void,
  single = false,
): readonly WideColumn<DeliveryItem>[] {
  const number = (value: number, digits = 0) => formatNumber(value, locale, digits);
  const columns: readonly WideColumn<DeliveryItem>[] = [
    {
      id: 'received',
      header: t('deliveries.column.received'),
      width: 194,
      render: (row, stop) => {
        const time = formatDateTime(row.received_at, locale);
        return (
          <span className={styles.first}>
            <label className={styles.pick}>
              <input type="checkbox" checked={picked.has(row.id)} onChange={() => onPick(row.id)} />
              <span className="ek-hidden">{t('deliveries.pick', { event: row.event || row.source, time })}</span>
            </label>
            <Link {...stop} to="." search={(old) => ({ ...old, sel: row.id })} resetScroll={false}>
              {time}
            </Link>
          </span>
        );
      },
    },
    { id: 'outcome', header: t('deliveries.column.outcome'), width: 116, render: (row) => <OutcomeBadge outcome={row.outcome} t={t} /> },
    { id: 'event', header: t('deliveries.column.event'), width: 150, render: (row) => <span title={row.event}>{row.event || noValue}</span> },
    { id: 'reason', header: t('deliveries.column.reason'), render: (row) => <Reason row={row} t={t} /> },
    { id: 'source', header: t('deliveries.column.source'), width: 84, render: (row) => row.source },
    {
      id: 'connection',
      header: t('deliveries.column.connection'),
      width: 130,
      render: (row) => <span title={row.connection.id}>{row.connection.name || row.connection.id}</span>,
    },
    { id: 'size', header: t('deliveries.column.size'), width: 76, align: 'end', render: (row) => sizeText(row.size, number) },
    { id: 'repeats', header: t('deliveries.column.repeats'), width: 76, align: 'end', render: (row) => number(row.repeats) },
    { id: 'facts', header: t('deliveries.column.facts'), width: 70, align: 'end', render: (row) => number(row.facts) },
  ];
  return single ? columns.filter(({ id }) => id !== 'source' && id !== 'connection') : columns;
}

function Reason({ row, t }: { row: DeliveryItem; t: Translate }) {
  const notes = [row.reason, row.unclaimed ? t('deliveries.unclaimed') : '', row.expired ? t('deliveries.expired_short') : ''].filter(Boolean);
  const text = notes.join(' · ');
  return <span title={text}>{text || noValue}</span>;
}
