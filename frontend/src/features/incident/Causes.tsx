import type { Cause, DeploymentName, IncidentDetail } from '../../api/incident';
import { useT, type Translate } from '../../i18n/useT';
import { FactLink } from '../../ui/FactLink';
import { formatDuration } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StateBadge } from '../../ui/StateBadge';
import classes from './incident.module.css';

interface CausesProps {
  workspace: string;
  incident: IncidentDetail;
}

/** What the incident was laid to, why, how sure that is, and what the rules alone say. */
export function Causes({ workspace, incident }: CausesProps) {
  const { t } = useT();
  const { laid, automatic, link, unlinked } = incident;
  return (
    <Panel title={t('incident.laid')}>
      {laid.length === 0 ? (
        <>
          <p>
            <StateBadge status={unlinked ? 'good' : 'unknown'}>{t(unlinked ? 'incident.none_person' : 'incident.none_unknown')}</StateBadge>
          </p>
          {unlinked && <p className={classes.quiet}>{link?.reason ? t('incident.evidence.person', { text: link.reason }) : t('incident.no_reason')}</p>}
        </>
      ) : (
        <List workspace={workspace} causes={laid} name={t('incident.laid')} />
      )}
      {link && (
        <div className={classes.beside}>
          <h3>{t('incident.automatic')}</h3>
          {automatic.length === 0 ? <p>{t('incident.none_rules')}</p> : <List workspace={workspace} causes={automatic} name={t('incident.automatic')} />}
        </div>
      )}
    </Panel>
  );
}

function List({ workspace, causes, name }: { workspace: string; causes: Cause[]; name: string }) {
  const { t, locale } = useT();
  return (
    <ul className={classes.causes} aria-label={name}>
      {causes.map((cause) => (
        <li key={`${cause.application.slug} ${cause.deployment.id}`}>
          <DeploymentLink workspace={workspace} deployment={cause.deployment} /> ({cause.application.name}
          {cause.deployment.environment && `, ${cause.deployment.environment}`}){' '}
          <StateBadge status={cause.inferred ? 'watch' : 'bad'}>{t(`incident.rung.${cause.rung}`)}</StateBadge>
          <div className={classes.quiet}>
            {[t(`incident.sure.${cause.rung}`), gapText(cause.gap_seconds, t, locale), evidenceText(cause, t)].filter(Boolean).join(' · ')}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** How long before the incident a deployment finished. */
export function gapText(seconds: number | null, t: Translate, locale: string): string {
  if (seconds === null) return '';
  return t(seconds < 0 ? 'incident.gap_after' : 'incident.gap_before', { gap: formatDuration(Math.abs(seconds), locale) });
}

function evidenceText({ rung, evidence }: Cause, t: Translate): string {
  if (rung === 'person') return evidence ? t('incident.evidence.person', { text: evidence }) : t('incident.no_reason');
  return rung === 'explicit' && evidence ? t('incident.evidence.explicit', { text: evidence }) : '';
}

/** A deployment by its version, else by the start of its id. */
export function DeploymentLink({ workspace, deployment }: { workspace: string; deployment: DeploymentName }) {
  return (
    <FactLink workspace={workspace} kind="deployment" id={deployment.id}>
      {nameOf(deployment)}
    </FactLink>
  );
}

export function nameOf({ id, version }: DeploymentName): string {
  return /^[0-9a-f]{12,}$/.test(version) ? version.slice(0, 10) : version || id.slice(0, 10);
}
