import { Link } from '@tanstack/react-router';
import { connectionStates, type Connection } from '../../api/types';
import { Sparkline } from '../../charts';
import type { Translate } from '../../i18n/useT';
import type { Column } from '../../ui/DataTable';
import { formatDate, formatDuration, formatNumber, formatTime, noValue } from '../../ui/format';
import styles from './connectors.module.css';
import { ConnectionBadge, notesOf, stateText } from './words';
import { stateOf, tightest } from './logic';

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
      render: (row) =>
        row.last_delivery_at ? (
          <time className={styles.stack} dateTime={row.last_delivery_at}>
            <span>{formatDate(row.last_delivery_at, locale, zone)}</span>
            <span className={styles.quiet}>{formatTime(Date.parse(row.last_delivery_at), locale, zone)}</span>
          </time>
        ) : (
          noValue
        ),
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
          <Sparkline values={(row.health?.days ?? []).map(({ n }) => n)} label={t('connectors.spark', { name: row.name })} format={number} width={72} height={24} incomplete />
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
          {apart(row, t).map((text) => (
            <span key={text} className={styles.quiet}>
              {text}
            </span>
          ))}
        </span>
      ),
      csv: [
        { header: t('connectors.column.received'), value: received },
        { header: t('deliveries.outcome.rejected'), value: (row) => row.deliveries.rejected },
        { header: t('deliveries.outcome.ignored'), value: (row) => row.deliveries.ignored },
        { header: t('connectors.unclaimed'), value: (row) => row.health?.unclaimed },
      ],
    },
  ];
}

/** What of the deliveries was not simply recorded. */
function apart({ deliveries, health }: Connection, t: Translate): readonly string[] {
  return [
    deliveries.rejected > 0 && t('connectors.rejected', { count: deliveries.rejected }),
    deliveries.ignored > 0 && t('connectors.ignored', { count: deliveries.ignored }),
    health !== null && health.unclaimed > 0 && t('connectors.unclaimed_short', { count: health.unclaimed }),
  ].filter((text) => text !== false);
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
        const ends = row.asked?.expires_at;
        if (!limit && !ends) return noValue;
        return (
          <span className={styles.stack}>
            {limit && <span>{limit.most > 0 ? t('connectors.limit_of', { remaining: number(limit.remaining), most: number(limit.most) }) : number(limit.remaining)}</span>}
            {limit && <span className={styles.quiet}>{t('connectors.limit_reset', { time: formatTime(Date.parse(limit.reset), locale, zone) })}</span>}
            {ends && <span className={styles.quiet}>{t('connectors.token_ends', { date: formatDate(ends, locale, zone) })}</span>}
          </span>
        );
      },
      csv: [
        { header: t('connectors.column.limit'), value: (row) => tightest(row.asked)?.remaining },
        { header: t('connectors.column.token'), value: (row) => row.asked?.expires_at },
      ],
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
