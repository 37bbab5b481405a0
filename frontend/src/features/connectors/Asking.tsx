import { useQuery } from '@tanstack/react-query';
import { streamsQuery } from '../../api/queries';
import type { Asked, Connection, Stream } from '../../api/types';
import type { Translate } from '../../i18n/useT';
import { useT } from '../../i18n/useT';
import { formatDateTime, formatNumber, noValue } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StateBadge, type Status } from '../../ui/StateBadge';
import { ErrorState } from '../../ui/states';
import { Term } from '../events/EventDrawer';
import events from '../events/events.module.css';
import { Backfill } from './columns';
import { lookEvery, TableSkeleton } from './ConnectionsTab';
import styles from './connectors.module.css';
import { useProgress } from './progress';

interface AskingProps {
  readonly connection: Connection;
  readonly asked: Asked;
  readonly workspace: string;
  readonly zone: string;
  readonly at: number;
}

/** What the vendor says of us, and how far its lists are read. */
export function Asking({ connection, asked, workspace, zone, at }: AskingProps) {
  const { t, locale } = useT();
  const left = useProgress([connection], at)[connection.id] ?? null;
  return (
    <Panel title={t('connectors.asking')}>
      <dl className={events.terms}>
        <Term name={t('connectors.identity')}>{asked.identity || noValue}</Term>
        <Term name={t('connectors.column.token')}>{asked.expires_at ? formatDateTime(asked.expires_at, locale, zone) : t('connectors.token_never')}</Term>
        <Term name={t('connectors.asked_last')}>{formatDateTime(asked.last_at, locale, zone)}</Term>
        <Term name={t('connectors.asked_next')}>{formatDateTime(asked.next_at, locale, zone)}</Term>
        <Term name={t('connectors.column.backfill')}>
          <Backfill connection={connection} left={left} t={t} locale={locale} />
        </Term>
        {asked.limits.map((limit) => (
          <Term key={limit.name} name={limit.name ? t('connectors.limit_named', { name: limit.name }) : t('connectors.column.limit')}>
            {limit.most > 0
              ? t('connectors.limit_of', { remaining: formatNumber(limit.remaining, locale), most: formatNumber(limit.most, locale) })
              : formatNumber(limit.remaining, locale)}
            {' · '}
            {t('connectors.limit_reset', { time: formatDateTime(limit.reset, locale, zone) })}
          </Term>
        ))}
      </dl>
      <Permissions asked={asked} />
      <Streams workspace={workspace} id={connection.id} zone={zone} />
    </Panel>
  );
}

function grant(granted: boolean | null, t: Translate): { status: Status; text: string } {
  if (granted === null) return { status: 'unknown', text: t('connectors.grant.unknown') };
  return granted ? { status: 'good', text: t('connectors.grant.yes') } : { status: 'bad', text: t('connectors.grant.no') };
}

function Permissions({ asked }: { asked: Asked }) {
  const { t } = useT();
  if (asked.permissions.length === 0) return null;
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption>{t('connectors.permissions')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('connectors.permission')}</th>
            <th scope="col">{t('connectors.granted')}</th>
            <th scope="col">{t('connectors.needed_for')}</th>
          </tr>
        </thead>
        <tbody>
          {asked.permissions.map((one) => {
            const { status, text } = grant(one.granted, t);
            return (
              <tr key={one.name}>
                <th scope="row">
                  <code>{one.name}</code>
                </th>
                <td>
                  <StateBadge status={status}>{text}</StateBadge>
                </td>
                <td>{one.for}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Streams({ workspace, id, zone }: { workspace: string; id: string; zone: string }) {
  const { t } = useT();
  const query = useQuery({ ...streamsQuery(workspace, id), refetchInterval: lookEvery });
  if (query.isPending) return <TableSkeleton />;
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  // Those that fail come first.
  const rows = query.data.items.toSorted((a, b) => Number(b.error !== '') - Number(a.error !== '') || Number(a.complete) - Number(b.complete) || a.name.localeCompare(b.name));
  if (rows.length === 0) return <p className={styles.hint}>{t('connectors.no_streams')}</p>;
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.streams} aria-label={t('table.scroll', { name: t('connectors.streams') })} tabIndex={0}>
      <table className={styles.table}>
        <caption>{t('connectors.streams')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('connectors.stream')}</th>
            <th scope="col">{t('connectors.stream_state')}</th>
            <th scope="col">{t('connectors.stream_done')}</th>
            <th scope="col">{t('connectors.stream_known')}</th>
            <th scope="col">{t('connectors.stream_last')}</th>
            <th scope="col">{t('connectors.asked_next')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <StreamRow key={row.name} row={row} zone={zone} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function streamState(row: Stream, t: Translate): { status: Status; text: string } {
  if (row.error !== '') return { status: 'bad', text: t('connectors.stream_fails', { count: row.failures }) };
  return row.complete ? { status: 'good', text: t('connectors.stream_current') } : { status: 'unknown', text: t('connectors.stream_past') };
}

function StreamRow({ row, zone }: { row: Stream; zone: string }) {
  const { t, locale } = useT();
  const { status, text } = streamState(row, t);
  const number = (value: number) => formatNumber(value, locale);
  return (
    <tr>
      <th scope="row">{row.name}</th>
      <td>
        <StateBadge status={status}>{text}</StateBadge>
        {row.error !== '' && <p className={styles.error}>{row.error}</p>}
        {row.error !== '' && <p className={styles.hint}>{t('connectors.stream_fix')}</p>}
      </td>
      <td>{row.total === null || row.complete ? number(row.done) : t('connectors.limit_of', { remaining: number(row.done), most: number(row.total) })}</td>
      <td>{formatDateTime(row.known_to, locale, zone)}</td>
      <td>{formatDateTime(row.last_at, locale, zone)}</td>
      <td>{formatDateTime(row.next_at, locale, zone)}</td>
    </tr>
  );
}
