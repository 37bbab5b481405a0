import type { ChangeItem, DeploymentItem, IncidentItem } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import type { Translate } from '../../i18n/useT';
import type { Column } from '../../ui/DataTable';
import { FactLink } from '../../ui/FactLink';
import { formatDateTime, formatDuration, formatNumber } from '../../ui/format';
import { StateBadge, type Status } from '../../ui/StateBadge';
import classes from './application.module.css';

/** What columns need to write a cell. */
export interface Words {
  t: Translate;
  locale: string;
  timeZone: string;
}

/** A deployment with the fields that only some sources know. */
export type DeploymentRow = DeploymentItem & { ref?: string };
export type ChangeRow = ChangeItem & { number?: number; merge_commit?: string; state?: string };
export type IncidentRow = IncidentItem & { environment?: string; mitigated_at?: string };

const statuses: Record<string, { status: Status; text: MessageId }> = {
  success: { status: 'good', text: 'delivery.status.success' },
  failure: { status: 'bad', text: 'delivery.status.failure' },
  cancelled: { status: 'unknown', text: 'delivery.status.cancelled' },
  running: { status: 'watch', text: 'delivery.status.running' },
};

/** How a deployment ended. */
export function DeploymentStatus({ status, t }: { status: string; t: Translate }) {
  const known = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  if (!known) return status;
  return <StateBadge status={known.status}>{t(known.text)}</StateBadge>;
}

/** The name that says most: version, ref, or the short commit. */
export function versionOf(row: DeploymentRow): string {
  return row.version || row.ref || (row.commit ? row.commit.slice(0, 10) : row.external_id);
}

function finished(row: DeploymentRow): string | null {
  return row.finished_at ?? row.started_at ?? null;
}

function Inferred({ t }: { t: Translate }) {
  return (
    <span className={classes.inferred} title={t('delivery.inferred_full')}>
      {t('delivery.inferred')}
    </span>
  );
}

/** What became of a deployment, in words. */
export function outcomeText({ outcome }: DeploymentRow, t: Translate): string {
  if (!outcome.counted) return t('delivery.outcome.not_counted');
  if (outcome.failed) {
    return outcome.rung ? t(`delivery.rung.${outcome.rung}`) : t('delivery.outcome.failed');
  }
  return outcome.rework ? t('delivery.outcome.rework') : t('delivery.outcome.fine');
}

function Outcome({ row, t }: { row: DeploymentRow; t: Translate }) {
  const text = outcomeText(row, t);
  const { outcome } = row;
  if (!outcome.counted) return <span className={classes.quiet}>{text}</span>;
  return (
    <span className={classes.outcome}>
      <StateBadge status={outcome.failed ? 'bad' : outcome.rework ? 'watch' : 'good'}>{text}</StateBadge>
      {outcome.failed && outcome.inferred && <Inferred t={t} />}
    </span>
  );
}

function shippedText(row: DeploymentRow, { t, locale }: Words): string {
  if (row.outcome.baseline) return t('delivery.baseline');
  if (!row.outcome.counted || row.outcome.method === 'none') return t('delivery.no_value');
  return formatNumber(row.outcome.changes, locale);
}

/** Columns of the deployments table; each row leads to the deployment's page. */
export function deploymentColumns(words: Words, workspace: string): Column<DeploymentRow>[] {
  const { t, locale, timeZone } = words;
  return [
    {
      id: 'time',
      header: t('delivery.column.time'),
      render: (row) => (
        <FactLink workspace={workspace} kind="deployment" id={row.id}>
          <span className={classes.when}>{formatDateTime(finished(row), locale, timeZone)}</span>
        </FactLink>
      ),
      csv: [{ header: t('delivery.column.time'), value: finished }],
    },
    {
      id: 'version',
      header: t('delivery.column.version'),
      render: (row) => <span className={classes.code}>{versionOf(row)}</span>,
      csv: [{ header: t('delivery.column.version'), value: versionOf }],
    },
    {
      id: 'environment',
      header: t('delivery.column.environment'),
      render: (row) => row.environment || t('delivery.unclassified'),
      csv: [{ header: t('delivery.column.environment'), value: (row) => row.environment ?? '' }],
    },
    {
      id: 'status',
      header: t('delivery.column.status'),
      render: (row) => <DeploymentStatus status={row.status ?? ''} t={t} />,
      csv: [{ header: t('delivery.column.status'), value: (row) => row.status }],
    },
    {
      id: 'changes',
      header: t('delivery.column.changes'),
      align: 'end',
      render: (row) => shippedText(row, words),
      csv: [{ header: t('delivery.column.changes'), value: (row) => row.outcome.changes }],
    },
    {
      id: 'outcome',
      header: t('delivery.column.outcome'),
      render: (row) => <Outcome row={row} t={t} />,
      csv: [
        { header: t('delivery.column.outcome'), value: (row) => outcomeText(row, t) },
        { header: t('delivery.inferred'), value: (row) => String(row.outcome.inferred) },
      ],
    },
    {
      id: 'method',
      header: t('delivery.column.method'),
      render: (row) => t(`explain.method.${row.outcome.method}`),
      csv: [{ header: t('delivery.column.method'), value: (row) => row.outcome.method }],
    },
  ];
}

/** How a change is called: its number, else its merge commit. */
export function changeName(row: ChangeRow): string {
  if (row.number) return `#${row.number}`;
  return row.merge_commit ? row.merge_commit.slice(0, 10) : row.external_id;
}

/** Columns of the changes table. */
export function changeColumns({ t, locale, timeZone }: Words, workspace: string): Column<ChangeRow>[] {
  const at = (instant: string | null | undefined) => formatDateTime(instant, locale, timeZone);
  return [
    {
      id: 'change',
      header: t('delivery.column.change'),
      render: (row) => <span className={classes.code}>{changeName(row)}</span>,
      csv: [{ header: t('delivery.column.change'), value: changeName }],
    },
    {
      id: 'repository',
      header: t('delivery.column.repository'),
      render: (row) => row.repository ?? t('delivery.no_value'),
      csv: [{ header: t('delivery.column.repository'), value: (row) => row.repository }],
    },
    {
      id: 'opened',
      header: t('delivery.column.opened'),
      render: (row) => at(row.opened_at),
      csv: [{ header: t('delivery.column.opened'), value: (row) => row.opened_at }],
    },
    {
      id: 'merged',
      header: t('delivery.column.merged'),
      render: (row) => at(row.merged_at),
      csv: [{ header: t('delivery.column.merged'), value: (row) => row.merged_at }],
    },
    {
      id: 'shipped',
      header: t('delivery.column.shipped'),
      render: ({ shipped }) =>
        shipped ? (
          <FactLink workspace={workspace} kind="deployment" id={shipped.deployment}>
            {at(shipped.at)}
          </FactLink>
        ) : (
          t('delivery.not_shipped')
        ),
      csv: [{ header: t('delivery.column.shipped'), value: (row) => row.shipped?.at }],
    },
    {
      id: 'lead',
      header: t('delivery.column.lead'),
      align: 'end',
      render: (row) => formatDuration(row.shipped?.lead_seconds ?? null, locale),
      csv: [{ header: t('delivery.column.lead_seconds'), value: (row) => row.shipped?.lead_seconds }],
    },
  ];
}

/** Whom an incident is laid to, in words. */
export function attributionText(row: IncidentRow, t: Translate): string {
  const { deployment, rung } = row.attribution;
  if (deployment === null) return t('delivery.unattributed');
  return rung ? t(`delivery.by.${rung}`) : t('delivery.attributed');
}

function restored(row: IncidentRow): string | null {
  return row.mitigated_at ?? row.resolved_at ?? null;
}

function Attribution({ row, workspace, t }: { row: IncidentRow; workspace: string; t: Translate }) {
  const { deployment } = row.attribution;
  const text = attributionText(row, t);
  if (deployment === null) return text;
  return (
    <FactLink workspace={workspace} kind="deployment" id={deployment}>
      {text}
    </FactLink>
  );
}

/** Columns of the incidents table. */
export function incidentColumns({ t, locale, timeZone }: Words, workspace: string): Column<IncidentRow>[] {
  const at = (instant: string | null | undefined) => formatDateTime(instant, locale, timeZone);
  return [
    {
      id: 'opened',
      header: t('delivery.column.opened'),
      render: (row) => <span className={classes.when}>{at(row.opened_at)}</span>,
      csv: [{ header: t('delivery.column.opened'), value: (row) => row.opened_at }],
    },
    {
      id: 'incident',
      header: t('delivery.column.incident'),
      render: (row) => <span className={classes.code}>{row.external_id}</span>,
      csv: [{ header: t('delivery.column.incident'), value: (row) => row.external_id }],
    },
    {
      id: 'severity',
      header: t('delivery.column.severity'),
      render: (row) => row.severity || t('delivery.no_value'),
      csv: [{ header: t('delivery.column.severity'), value: (row) => row.severity }],
    },
    {
      id: 'attribution',
      header: t('delivery.column.attribution'),
      render: (row) => (
        <span className={classes.outcome}>
          <Attribution row={row} workspace={workspace} t={t} />
          {row.attribution.inferred && <Inferred t={t} />}
        </span>
      ),
      csv: [
        { header: t('delivery.column.attribution'), value: (row) => attributionText(row, t) },
        { header: t('delivery.column.deployment'), value: (row) => row.attribution.deployment },
      ],
    },
    {
      id: 'restored',
      header: t('delivery.column.restored'),
      render: (row) => (restored(row) ? at(restored(row)) : t('delivery.open_incident')),
      csv: [{ header: t('delivery.column.restored'), value: restored }],
    },
    {
      id: 'recovery',
      header: t('delivery.column.recovery'),
      align: 'end',
      render: (row) => formatDuration(row.recovery_seconds, locale),
      csv: [{ header: t('delivery.column.recovery_seconds'), value: (row) => row.recovery_seconds }],
    },
  ];
}
