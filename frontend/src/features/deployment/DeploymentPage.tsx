import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ApiError } from '../../api/problem';
import { factQuery, storyQuery } from '../../api/queries';
import type { DeploymentStory } from '../../api/types';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState, PanelBoundary } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { DeploymentHeader } from './DeploymentHeader';
import classes from './deployment.module.css';
import { Followed } from './Followed';
import { Shipped } from './Shipped';
import { Trust } from './Trust';
import { nameOf } from './words';

/** One deployment: what it is, what it shipped, what followed, and where it counts. */
export function DeploymentPage() {
  const { t } = useT();
  const { workspace = '', id = '' } = useParams({ strict: false });
  const story = useQuery(storyQuery(workspace, id));
  const fact = useQuery(factQuery(workspace, id));
  const version = story.data ? nameOf(story.data.deployment) : id;
  useTitle(t('deployment.title', { version }), ...(story.data?.deployment.belongs_to ?? []).slice(0, 1).map((a) => a.name));
  if (!story.data && story.error) {
    const missing = story.error instanceof ApiError && story.error.status === 404;
    return (
      <>
        <h1 className={classes.alone}>{t('deployment.title', { version })}</h1>
        <Panel>
          {missing ? (
            <EmptyState
              title={t('deployment.missing')}
              action={
                <Link to="/w/$workspace/applications" params={{ workspace }} search={{}}>
                  {t('nav.applications')}
                </Link>
              }
            >
              {t('deployment.missing_text')}
            </EmptyState>
          ) : (
            <ErrorState error={story.error} onRetry={() => void story.refetch()} />
          )}
        </Panel>
      </>
    );
  }
  return (
    <div className={classes.page}>
      {story.data ? <Story workspace={workspace} story={story.data} /> : <StorySkeleton version={version} />}
      <Trust workspace={workspace} query={fact} />
    </div>
  );
}

function Story({ workspace, story }: { workspace: string; story: DeploymentStory }) {
  return (
    <>
      <DeploymentHeader workspace={workspace} deployment={story.deployment} />
      <PanelBoundary>
        <Shipped workspace={workspace} story={story} />
      </PanelBoundary>
      <PanelBoundary>
        <Followed workspace={workspace} story={story} />
      </PanelBoundary>
    </>
  );
}

function StorySkeleton({ version }: { version: string }) {
  const { t } = useT();
  return (
    <>
      <h1 className="ek-hidden">{t('deployment.title', { version })}</h1>
      <Skeletons height={150} />
      <Skeletons height={240} />
      <Skeletons height={180} />
    </>
  );
}
