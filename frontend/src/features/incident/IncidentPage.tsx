import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { incidentQuery, type IncidentDetail } from '../../api/incident';
import { ApiError } from '../../api/problem';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { Candidates } from './Candidates';
import { Causes } from './Causes';
import { Happened } from './Happened';
import { History } from './History';
import classes from './incident.module.css';

/** One incident: what happened, what it was laid to and why, and what may have caused it. */
export function IncidentPage() {
  const { t } = useT();
  const { workspace = '', id = '' } = useParams({ strict: false });
  const query = useQuery(incidentQuery(workspace, id));
  const name = query.data?.external_id ?? id;
  useTitle(t('incident.title', { name }), ...(query.data?.belongs_to ?? []).slice(0, 1).map((a) => a.name));
  if (query.data) return <Answer workspace={workspace} incident={query.data} />;
  const missing = query.error instanceof ApiError && query.error.status === 404;
  return (
    <div className={classes.page}>
      <h1 className="ek-hidden">{t('incident.title', { name })}</h1>
      {query.error === null && <Skeletons height={260} />}
      {missing && (
        <Panel>
          <EmptyState
            title={t('incident.missing')}
            action={
              <Link to="/w/$workspace/events" params={{ workspace }} search={{}}>
                {t('nav.events')}
              </Link>
            }
          >
            {t('incident.missing_text')}
          </EmptyState>
        </Panel>
      )}
      {query.error && !missing && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
    </div>
  );
}

function Answer({ workspace, incident }: { workspace: string; incident: IncidentDetail }) {
  return (
    <div className={classes.page}>
      <Happened workspace={workspace} incident={incident} />
      <Causes workspace={workspace} incident={incident} />
      <Candidates key={incident.id} workspace={workspace} incident={incident} />
      <History workspace={workspace} incident={incident} />
    </div>
  );
}
