import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Connection } from '../../api/types';
import { Sparkline } from '../../charts';
import { useT } from '../../i18n/useT';
import { CopyButton } from '../../ui/CopyButton';
import { formatDateTime, formatDuration, formatNumber, noValue } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import type { Outcome } from '../../url/state';
import { Term } from '../events/EventDrawer';
import events from '../events/events.module.css';
import styles from './connectors.module.css';
import { ConnectionBadge, notesOf } from './words';
import { stateOf } from './logic';

interface HealthProps {
  readonly connection: Connection;
  readonly workspace: string;
  readonly zone: string;
}

/** How a connection does, with what to do about it. */
export function Health({ connection, workspace, zone }: HealthProps) {
  const { t, locale } = useT();
  const { health, deliveries } = connection;
  const state = stateOf(connection);
  const number = (value: number) => formatNumber(value, locale);
  const days = health?.days ?? [];
  const count = (outcome: Outcome): ReactNode =>
    deliveries[outcome] === 0 ? (
      '0'
    ) : (
      <Link to="/w/$workspace/connectors/$id" params={{ workspace, id: connection.id }} search={{ outcome }} hash="deliveries">
        {number(deliveries[outcome])}
      </Link>
    );
  return (
    <Panel title={t('connectors.health')}>
      <div className={styles.verdict}>
        <ConnectionBadge connection={connection} t={t} />
        {notesOf(connection, t, locale, zone).map((note) => (
          <p key={note}>{note}</p>
        ))}
        {state !== 'flowing' && <p className={styles.hint}>{t(`connectors.fix.${state}`)}</p>}
      </div>
      <dl className={events.terms}>
        <Term name={t('connectors.column.last')}>{formatDateTime(connection.last_delivery_at, locale, zone)}</Term>
        <Term name={t('connectors.usual_pause')}>{!health || health.usual_pause_seconds === null ? t('connectors.usual_unknown') : formatDuration(health.usual_pause_seconds, locale)}</Term>
        <Term name={t('connectors.lag_long')}>
          {health && health.lag.n > 0
            ? `${t('connectors.lag_of', { p50: formatDuration(health.lag.p50_seconds, locale), p95: formatDuration(health.lag.p95_seconds, locale) })} · ${t('connectors.lag_n', { count: health.lag.n })}`
            : t('connectors.lag_none')}
        </Term>
        <Term name={t('connectors.days')}>
          <span className={styles.spark}>
            <Sparkline values={days.map(({ n }) => n)} label={t('connectors.spark', { name: connection.name })} format={number} width={150} height={28} incomplete />
            <span>{number(days.reduce((sum, { n }) => sum + n, 0))}</span>
          </span>
        </Term>
        <Term name={t('deliveries.outcome.recorded')}>{count('recorded')}</Term>
        <Term name={t('deliveries.outcome.ignored')}>{count('ignored')}</Term>
        <Term name={t('connectors.dead')}>{count('rejected')}</Term>
        <Term name={t('connectors.unclaimed')}>
          {health && health.unclaimed > 0 ? (
            <Link to="/w/$workspace/connectors/$id" params={{ workspace, id: connection.id }} search={{ claimed: 'no' }} hash="deliveries">
              {number(health.unclaimed)}
            </Link>
          ) : (
            '0'
          )}
        </Term>
        <Term name={t('connectors.repeats')}>{number(connection.repeats)}</Term>
        <Term name={t('connectors.turned_away')}>
          {health?.turned_away
            ? t('connectors.turned_away_of', {
                count: health.turned_away.count,
                reason: turnedAwayText(health.turned_away.reason, t),
                time: formatDateTime(health.turned_away.last_at, locale, zone),
              })
            : t('connectors.turned_away_none')}
        </Term>
        <Term name={t('connectors.since')}>{formatDateTime(connection.created_at, locale, zone)}</Term>
        <Term name={t('connectors.address')}>
          <span className={styles.address}>
            <code className={events.code}>{connection.url || noValue}</code>
            <CopyButton label={t('connectors.copy_address')} text={connection.url} />
          </span>
        </Term>
      </dl>
    </Panel>
  );
}

const reasons = ['signature', 'unconfigured', 'too_large', 'too_slow', 'encoding', 'aborted', 'busy'] as const;

/** Why a request was not taken in. */
export function turnedAwayText(reason: string, t: ReturnType<typeof useT>['t']): string {
  const known = reasons.find((one) => one === reason);
  return known ? t(`connectors.turned.${known}`) : reason;
}
