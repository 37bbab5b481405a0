import type { IncidentDetail, Word } from '../../api/incident';
import { useT, type Translate } from '../../i18n/useT';
import { formatDateTime } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { nameOf } from './Causes';
import classes from './incident.module.css';

function wordText(word: Word, t: Translate): string {
  if (word.withdrawn) return t('incident.word.withdrawn');
  if (word.deployments.length === 0) return t('incident.word.none');
  return t('incident.word.link', { names: word.deployments.map((d) => nameOf(d)).join(', ') });
}

/** All that people said of the cause, last first. */
export function History({ incident }: { workspace: string; incident: IncidentDetail }) {
  const { t, locale } = useT();
  return (
    <Panel title={t('incident.history')}>
      {incident.history.length === 0 ? (
        <p className={classes.quiet}>{t('incident.history_none')}</p>
      ) : (
        <ol className={classes.history} aria-label={t('incident.history')}>
          {incident.history.map((word) => (
            <li key={word.at}>
              <strong>{wordText(word, t)}</strong>
              <div className={classes.quiet}>
                {[`${formatDateTime(word.at, locale)} UTC`, word.by && t('incident.by', { who: word.by }), word.reason || t('incident.no_reason')].filter(Boolean).join(' · ')}
              </div>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
