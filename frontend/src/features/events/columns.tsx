import { Link } from '@tanstack/react-router';
import type { Entry, Named } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import type { Translate } from '../../i18n/useT';
import { formatDateTime, formatDuration, noValue } from '../../ui/format';
import type { WideColumn } from '../../ui/VirtualTable';
import styles from './events.module.css';
import { KindName } from './kinds';

const shortMetrics: Readonly<Record<string, MessageId>> = {
  change_lead_time: 'events.metric.change_lead_time',
  deployment_frequency: 'events.metric.deployment_frequency',
  change_fail_rate: 'events.metric.change_fail_rate',
  failed_deployment_recovery_time: 'events.metric.failed_deployment_recovery_time',
  deployment_rework_rate: 'events.metric.deployment_rework_rate',
};

/** The short name of a metric, as on a chip. */
export function metricChip(metric: string, t: Translate): string {
  const id = Object.hasOwn(shortMetrics, metric) ? shortMetrics[metric] : undefined;
  return id ? t(id) : metric.replaceAll('_', ' ');
}

const actors: Readonly<Record<string, MessageId>> = { human: 'events.actor.human', bot: 'events.actor.bot' };

/** Whether a person or a program acted; never who. */
export function actorText(kind: string, t: Translate): string {
  const id = Object.hasOwn(actors, kind) ? actors[kind] : undefined;
  return id ? t(id) : noValue;
}

/** Names of applications in one line. */
export function applicationsText(belongs: readonly Named[], t: Translate): string {
  return belongs.length === 0 ? t('events.no_application') : belongs.map((one) => one.name).join(', ');
}

/** How long a fact took to become known; what was known before it happened took no time. */
export function lagText(seconds: number | null, locale: string): string {
  return formatDuration(seconds === null ? null : Math.max(0, seconds), locale);
}

const chipsShown = 1;

function Chips({ metrics, t }: { metrics: readonly string[]; t: Translate }) {
  if (metrics.length === 0) return <span className={styles.quiet}>{t('events.used_nowhere')}</span>;
  const names = metrics.map((metric) => metricChip(metric, t));
  const rest = names.length - chipsShown;
  return (
    <span className={styles.chips} title={names.join(', ')}>
      {names.slice(0, chipsShown).map((name) => (
        <span key={name} className={styles.chip}>
          {name}
        </span>
      ))}
      {rest > 0 && (
        <span className={styles.chip}>
          <span aria-hidden="true">+{rest}</span>
          <span className="ek-hidden">{names.slice(chipsShown).join(', ')}</span>
        </span>
      )}
    </span>
  );
}

/** The columns of the list of events. */
export function eventColumns(t: Translate, locale: string): readonly WideColumn<Entry>[] {
  return [
    {
      id: 'time',
      header: t('events.column.time'),
      width: 158,
      render: (row, stop) => (
        <Link {...stop} className={styles.time} to="." search={(old) => ({ ...old, sel: row.id })} resetScroll={false}>
          {formatDateTime(row.at, locale)}
        </Link>
      ),
    },
    { id: 'type', header: t('events.column.type'), width: 110, render: (row) => <KindName kind={row.kind} t={t} /> },
    {
      id: 'application',
      header: t('events.column.application'),
      width: 110,
      render: (row) => {
        const text = applicationsText(row.belongs_to, t);
        return (
          <span className={row.belongs_to.length === 0 ? styles.quiet : undefined} title={text}>
            {text}
          </span>
        );
      },
    },
    { id: 'environment', header: t('events.column.environment'), width: 98, render: (row) => row.environment || noValue },
    { id: 'summary', header: t('events.column.summary'), render: (row) => <span title={row.summary}>{row.summary}</span> },
    { id: 'actor', header: t('events.column.actor'), width: 76, render: (row) => actorText(row.actor_kind, t) },
    { id: 'source', header: t('events.column.source'), width: 90, render: (row) => <span title={row.source}>{row.source}</span> },
    { id: 'lag', header: t('events.column.lag'), width: 62, align: 'end', render: (row) => lagText(row.lag_seconds, locale) },
    { id: 'used', header: t('events.column.used'), width: 112, render: (row) => <Chips metrics={row.used_by} t={t} /> },
  ];
}
