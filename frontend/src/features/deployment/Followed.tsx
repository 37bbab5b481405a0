import type { DeploymentRef, DeploymentStory, FailureEvidence } from '../../api/types';
import { useT, type Translate } from '../../i18n/useT';
import { DataTable, type Column } from '../../ui/DataTable';
import { FactLink } from '../../ui/FactLink';
import { formatDateTime, formatDuration } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StateBadge } from '../../ui/StateBadge';
import { outcomeText } from '../application/rows';
import classes from './deployment.module.css';

type StoryIncident = DeploymentStory['incidents'][number];

interface FollowedProps {
  workspace: string;
  story: DeploymentStory;
}

/** Seconds from one instant to a later one. */
function between(from: string | null | undefined, to: string | null): number | null {
  return from && to ? Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000) : null;
}

function attribution({ attributed, rung }: StoryIncident, t: Translate): string {
  if (!attributed) return t('deployment.incident.other');
  return rung ? t(`deployment.rung.${rung}`) : t('deployment.incident.yes');
}

function columns({ workspace, story }: FollowedProps, t: Translate, locale: string): Column<StoryIncident>[] {
  const finished = story.deployment.finished_at;
  return [
    {
      id: 'incident',
      header: t('delivery.column.incident'),
      render: (row) => (
        <FactLink workspace={workspace} kind="incident" id={row.id}>
          {row.external_id}
        </FactLink>
      ),
    },
    { id: 'severity', header: t('delivery.column.severity'), render: (row) => row.severity || t('delivery.no_value') },
    { id: 'opened', header: t('delivery.column.opened'), render: (row) => formatDateTime(row.opened_at, locale) },
    {
      id: 'after',
      header: t('deployment.after'),
      align: 'end',
      render: (row) => formatDuration(between(finished, row.opened_at), locale),
    },
    {
      id: 'attributed',
      header: t('deployment.attributed'),
      render: (row) => <StateBadge status={row.attributed ? 'bad' : 'unknown'}>{attribution(row, t)}</StateBadge>,
    },
    {
      id: 'resolved',
      header: t('delivery.column.restored'),
      render: (row) => (row.resolved_at ? formatDateTime(row.resolved_at, locale) : t('delivery.open_incident')),
    },
    {
      id: 'recovery',
      header: t('delivery.column.recovery'),
      align: 'end',
      render: (row) => formatDuration(between(row.opened_at, row.resolved_at), locale),
    },
  ];
}

function Other({ workspace, deployment }: { workspace: string; deployment: DeploymentRef }) {
  const { t, locale } = useT();
  return (
    <>
      <FactLink workspace={workspace} kind="deployment" id={deployment.id}>
        {deployment.version || t('deployment.other')}
      </FactLink>
      {deployment.finished_at && ` (${formatDateTime(deployment.finished_at, locale)})`}
    </>
  );
}

/** All that says that the deployment failed, strongest first. */
function Evidence({ workspace, evidence }: { workspace: string; evidence: FailureEvidence[] }) {
  const { t, locale } = useT();
  return (
    <div className={classes.spaced}>
      <h3 className={classes.quiet}>{t('failed.because')}</h3>
      <ol aria-label={t('failed.evidence')}>
        {evidence.map((one) => (
          <li key={`${one.rung} ${one.id}`}>
            {t(`failed.rung.${one.rung}`)}:{' '}
            <FactLink workspace={workspace} kind={one.kind} id={one.id}>
              {one.name || one.id.slice(0, 10)}
            </FactLink>
            <span className={classes.quiet}>
              {one.gap_seconds !== null && one.gap_seconds >= 0 && ` ${t('failed.gap', { gap: formatDuration(one.gap_seconds, locale) })}`}
              {one.inferred && ` (${t('failed.inferred')})`}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** What came after: how the deployment counts, what took it back, and incidents. */
export function Followed({ workspace, story }: FollowedProps) {
  const { t, locale } = useT();
  const { deployment, incidents, rolled_back_by: after, rolls_back: before } = story;
  const { outcome } = deployment;
  const status = !outcome.counted ? 'unknown' : outcome.failed ? 'bad' : outcome.rework ? 'watch' : 'good';
  const title = t('deployment.followed');
  return (
    <Panel title={title}>
      <dl className={classes.facts}>
        <div>
          <dt>{t('delivery.column.outcome')}</dt>
          <dd>
            <StateBadge status={status}>{outcomeText(deployment, t)}</StateBadge>
          </dd>
        </div>
        <div>
          <dt>{t('deployment.rolled_back_by')}</dt>
          <dd>{after ? <Other workspace={workspace} deployment={after} /> : t('deployment.nothing')}</dd>
        </div>
        <div>
          <dt>{t('deployment.rolls_back')}</dt>
          <dd>{before ? <Other workspace={workspace} deployment={before} /> : t('deployment.nothing')}</dd>
        </div>
      </dl>
      {story.evidence && story.evidence.length > 0 && <Evidence workspace={workspace} evidence={story.evidence} />}
      {outcome.failed && outcome.inferred && <p className={classes.quiet}>{t('delivery.inferred_full')}</p>}
      {incidents.length === 0 ? (
        <p className={classes.spaced}>{t('deployment.no_incidents')}</p>
      ) : (
        <div className={classes.spaced}>
          <DataTable
            name={t('deployment.incidents')}
            columns={columns({ workspace, story }, t, locale)}
            rows={incidents}
            rowKey={(row) => row.id}
            sort={null}
            onSort={() => {}}
            fileName="incidents"
          />
        </div>
      )}
    </Panel>
  );
}
