import { Link } from '@tanstack/react-router';
import type { IncidentDetail } from '../../api/incident';
import { useT } from '../../i18n/useT';
import { formatDateTime, formatDuration } from '../../ui/format';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import classes from './incident.module.css';

interface HappenedProps {
  workspace: string;
  incident: IncidentDetail;
}

const moments = ['opened', 'detected', 'acknowledged', 'mitigated', 'resolved'] as const;

interface Moment {
  readonly name: (typeof moments)[number] | 'reopened';
  readonly at: string;
}

/** Every known time of an incident, in order. */
export function momentsOf(incident: IncidentDetail): Moment[] {
  const known = moments.flatMap((name): Moment[] => {
    const at = incident[`${name}_at`];
    return at ? [{ name, at }] : [];
  });
  return [...known, ...incident.reopenings.map((at): Moment => ({ name: 'reopened', at }))].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What the incident is, and its times. */
export function Happened({ workspace, incident }: HappenedProps) {
  const { t, locale } = useT();
  const [first] = incident.belongs_to;
  const trail = first
    ? [
        <Link key={first.slug} to="/w/$workspace/applications/$slug" params={{ workspace, slug: first.slug }} search={{}}>
          {first.name}
        </Link>,
      ]
    : [];
  const times = momentsOf(incident);
  return (
    <>
      <PageHeader
        title={t('incident.title', { name: incident.external_id })}
        trail={trail}
        scope={
          <Link to="/w/$workspace/events" params={{ workspace }} search={{ sel: incident.id }}>
            {t('incident.events')}
          </Link>
        }
      />
      <Panel title={t('incident.what')}>
        <Terms incident={incident} workspace={workspace} />
        {times.length === 0 ? (
          <p>{t('incident.times_unknown')}</p>
        ) : (
          <ol className={classes.times} aria-label={t('incident.timeline')}>
            {times.map(({ name, at }) => (
              <li key={`${name} ${at}`} data-end={name === 'resolved' || name === 'mitigated'}>
                <strong>{t(`incident.at.${name}`)}</strong>
                <span>
                  <time dateTime={at}>{formatDateTime(at, locale)} UTC</time>
                  {incident.started_at && Date.parse(at) > Date.parse(incident.started_at) && (
                    <span className={classes.quiet}> (+{formatDuration((Date.parse(at) - Date.parse(incident.started_at)) / 1000, locale)})</span>
                  )}
                </span>
              </li>
            ))}
          </ol>
        )}
      </Panel>
    </>
  );
}

function Terms({ workspace, incident }: HappenedProps) {
  const { t, locale } = useT();
  const recovery = incident.started_at && incident.restored_at ? (Date.parse(incident.restored_at) - Date.parse(incident.started_at)) / 1000 : null;
  return (
    <dl className={classes.facts}>
      <div>
        <dt>{t('column.application')}</dt>
        <dd>
          {incident.belongs_to.length === 0 && t('incident.unclaimed')}
          {incident.belongs_to.map(({ slug, name }, index) => (
            <span key={slug}>
              {index > 0 && ', '}
              <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug }} search={{}}>
                {name}
              </Link>
            </span>
          ))}
        </dd>
      </div>
      <div>
        <dt>{t('incident.environment')}</dt>
        <dd>{incident.environment || t('incident.environment_any')}</dd>
      </div>
      {incident.severity && (
        <div>
          <dt>{t('incident.severity')}</dt>
          <dd>{incident.severity}</dd>
        </div>
      )}
      <div>
        <dt>{t('incident.recovery')}</dt>
        <dd>{recovery !== null && recovery >= 0 ? formatDuration(recovery, locale) : t('incident.not_restored')}</dd>
      </div>
      <div>
        <dt>{t('incident.reopened_count')}</dt>
        <dd>{t('incident.reopened_times', { count: incident.reopenings.length })}</dd>
      </div>
      <div>
        <dt>{t('incident.source')}</dt>
        <dd>{incident.source}</dd>
      </div>
    </dl>
  );
}
