import { Link } from '@tanstack/react-router';
import type { Connection } from '../../api/types';
import { Sparkline } from '../../charts';
import type { Translate } from '../../i18n/useT';
import type { Column } from '../../ui/DataTable';
import { formatDate, formatDateTime, formatDuration, formatNumber, noValue } from '../../ui/format';
import styles from './connectors.module.css';
import { ConnectionBadge, notesOf, stateText } from './words';
import { stateOf, tightest } from './logic';
import { connectionStates } from '../../api/types';

interface Around {
  readonly workspace: string;
  readonly t: Translate;
  readonly locale: string;
  readonly zone: string;
  /** Seconds until the past is read, by connection. */
  readonly left: Readonly<Record<string, number | null>>;
}

/** The columns of the list of connections. */
export function connectionColumns(around: Around): readonly Column<Connection>[] {
  return [...nameColumns(around), ...arrivalColumns(around), ...askedColumns(around)];
}

function nameColumns({ workspace, t, locale, zone }: Around): readonly Column<Connection>[] {
  return [
    {
      id: 'name',
      header: t('connectors.column.name'),
      sortValue: (row) => row.name,
      render: (row) => (
        <span className={styles.stack}>
          <Link to="/w/$workspace/connectors/$id" params={{ workspace, id: row.id }} search={{}}>
            {row.name}
          </Link>
          <span className={styles.quiet}>{row.title}</span>
        </span>
      ),
      csv: [
        { header: t('connectors.column.name'), value: (row) => row.name },
        { header: t('deliveries.column.source'), value: (row) => row.source },
      ],
    },
    {
      id: 'state',
      header: t('connectors.column.state'),
      sortValue: (row) => connectionStates.indexOf(stateOf(row)),
      render: (row) => (
        <span className={styles.stateCell}>
          <ConnectionBadge connection={row} t={t} />
          {notesOf(row, t, locale, zone).map((note) => (
            <span key={note} className={styles.note} title={note}>
              {note}
            </span>
          ))}
        </span>
      ),
      csv: [{ header: t('connectors.column.state'), value: (row) => stateText(stateOf(row), t) }],
    },
  ];
}

function arrivalColumns({ t, locale, zone }: Around): readonly Column<Connection>[] {
  const number = (value: number) => formatNumber(value, locale);
  const received = ({ deliveries }: Connection) => deliveries.recorded + deliveries.ignored + deliveries.rejected;
  return [
    {
      id: 'last',
      header: t('connectors.column.last'),
      sortValue: (row) => row.last_delivery_at,
      render: (row) => <time dateTime={row.last_delivery_at ?? undefined}>{formatDateTime(row.last_delivery_at, locale, zone)}</time>,
      csv: [{ header: t('connectors.column.last'), value: (row) => row.last_delivery_at }],
    },
    {
      id: 'lag',
      header: t('connectors.column.lag'),
      align: 'end',
      sortValue: (row) => row.health?.lag.p95_seconds ?? null,
      render: (row) => <Lag connection={row} t={t} locale={locale} />,
      csv: [
        { header: t('connectors.lag_p50'), value: (row) => row.health?.lag.p50_seconds },
        { header: t('connectors.lag_p95'), value: (row) => row.health?.lag.p95_seconds },
      ],
    },
    {
      id: 'days',
      header: t('connectors.column.days'),
      sortValue: (row) => lately(row),
      render: (row) => (
        <span className={styles.spark}>
          <Sparkline values={(row.health?.days ?? []).map(({ n }) => n)} label={t('connectors.spark', { name: row.name })} format={number} width={96} height={24} incomplete />
          <span>{number(lately(row))}</span>
        </span>
      ),
      csv: [{ header: t('connectors.column.days'), value: lately }],
    },
    {
      id: 'received',
      header: t('connectors.column.received'),
      align: 'end',
      sortValue: received,
      render: (row) => (
        <span className={styles.stack}>
          <span>{number(received(row))}</span>
          <span className={styles.quiet}>{t('connectors.ignored', { count: row.deliveries.ignored })}</span>
        </span>
      ),
      csv: [
        { header: t('connectors.column.received'), value: received },
        { header: t('deliveries.outcome.ignored'), value: (row) => row.deliveries.ignored },
      ],
    },
    {
      id: 'rejected',
      header: t('connectors.column.rejected'),
      align: 'end',
      sortValue: (row) => row.deliveries.rejected,
      render: (row) => number(row.deliveries.rejected),
      csv: [{ header: t('connectors.column.rejected'), value: (row) => row.deliveries.rejected }],
    },
    {
      id: 'unclaimed',
      header: t('connectors.column.unclaimed'),
      align: 'end',
      sortValue: (row) => row.health?.unclaimed ?? null,
      render: (row) => number(row.health?.unclaimed ?? 0),
      csv: [{ header: t('connectors.column.unclaimed'), value: (row) => row.health?.unclaimed }],
    },
  ];
}

/** Deliveries of the days shown. */
const lately = (row: Connection): number => (row.health?.days ?? []).reduce((sum, { n }) => sum + n, 0);

function Lag({ connection, t, locale }: { connection: Connection; t: Translate; locale: string }) {
  const lag = connection.health?.lag;
  if (!lag || lag.n === 0) return noValue;
  return (
    <span title={t('connectors.lag_n', { count: lag.n })}>
      {formatDuration(lag.p50_seconds, locale)} / {formatDuration(lag.p95_seconds, locale)}
    </span>
  );
}

function askedColumns({ t, locale, zone, left }: Around): readonly Column<Connection>[] {
  const number = (value: number) => formatNumber(value, locale);
  return [
    {
      id: 'limit',
      header: t('connectors.column.limit'),
      align: 'end',
      sortValue: (row) => tightest(row.asked)?.remaining ?? null,
      render: (row) => {
        const limit = tightest(row.asked);
        if (!limit) return noValue;
        return (
          <span className={styles.stack}>
            <span>{limit.most > 0 ? t('connectors.limit_of', { remaining: number(limit.remaining), most: number(limit.most) }) : number(limit.remaining)}</span>
            <span className={styles.quiet}>{t('connectors.limit_reset', { time: formatDateTime(limit.reset, locale, zone) })}</span>
          </span>
        );
      },
      csv: [{ header: t('connectors.column.limit'), value: (row) => tightest(row.asked)?.remaining }],
    },
    {
      id: 'token',
      header: t('connectors.column.token'),
      align: 'end',
      sortValue: (row) => row.asked?.expires_at ?? null,
      render: (row) => formatDate(row.asked?.expires_at, locale, zone),
      csv: [{ header: t('connectors.column.token'), value: (row) => row.asked?.expires_at }],
    },
    {
      id: 'backfill',
      header: t('connectors.column.backfill'),
      align: 'end',
      sortValue: (row) => (row.asked ? row.asked.streams - row.asked.complete : null),
      render: (row) => <Backfill connection={row} left={left[row.id] ?? null} t={t} locale={locale} />,
      csv: [
        { header: t('connectors.lists_complete'), value: (row) => row.asked?.complete },
        { header: t('connectors.lists'), value: (row) => row.asked?.streams },
      ],
    },
  ];
}

/** How much of the past is read, and when all of it will be. */
export function Backfill({ connection, left, t, locale }: { connection: Connection; left: number | null; t: Translate; locale: string }) {
  const { asked } = connection;
  if (!asked) return noValue;
  if (asked.streams > 0 && asked.complete === asked.streams) return t('connectors.backfill_done');
  const number = (value: number) => formatNumber(value, locale);
  return (
    <span className={styles.stack}>
      <span>{t('connectors.backfill_lists', { complete: number(asked.complete), lists: number(asked.streams) })}</span>
      <span className={styles.quiet}>
        {asked.total === null ? t('connectors.backfill_open', { done: number(asked.done) }) : t('connectors.backfill_of', { done: number(asked.done), total: number(asked.total) })}
        {' · '}
        {left === null ? t(asked.total === null ? 'connectors.eta_never' : 'connectors.eta_unknown') : t('connectors.eta', { time: formatDuration(left, locale) })}
      </span>
    </span>
  );
}
