import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ApiError } from '../../api/problem';
import { applicationQuery } from '../../api/queries';
import type { ApplicationDetail } from '../../api/types';
import { useT } from '../../i18n/useT';
import { EmptyState, ErrorState, PanelBoundary } from '../../ui/states';
import type { UrlState } from '../../url/state';
import classes from './application.module.css';
import { ApplicationHeader } from './ApplicationHeader';
import { DeliveryTab } from './DeliveryTab';
import { Skeletons } from './Skeletons';

/** What the application page takes from its route. */
export interface ApplicationPageProps {
  workspace: string;
  slug: string;
  /** The state of the address, and a way to change parts of it. */
  state: UrlState;
  onChange: (patch: Partial<UrlState>, push?: boolean) => void;
  /** IANA zone of days and weeks. */
  timeZone?: string;
  /** Told up to when the shown figures know the facts. */
  onFresh?: (asOf: string | null, timeZone: string) => void;
}

/** One application: what it is, and how it is delivered. */
export function ApplicationPage(props: ApplicationPageProps) {
  const { workspace, slug } = props;
  const { t } = useT();
  const query = useQuery(applicationQuery(workspace, slug));
  if (query.data) return <Loaded {...props} application={query.data} />;
  if (query.isPending) {
    return (
      <div className={classes.page}>
        <Skeletons height={96} />
        <Skeletons height={640} />
      </div>
    );
  }
  const missing = query.error instanceof ApiError && query.error.status === 404;
  return (
    <div className={classes.page}>
      {missing ? (
        <EmptyState title={t('application.missing', { slug })}>{t('application.missing_text')}</EmptyState>
      ) : (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
    </div>
  );
}

function Loaded(props: ApplicationPageProps & { application: ApplicationDetail }) {
  const { application } = props;
  const { t } = useT();
  return (
    <div className={classes.page}>
      <ApplicationHeader application={application} timeZone={props.timeZone ?? 'UTC'} />
      <Tabs defaultValue="delivery" variant="default">
        <Tabs.List aria-label={t('application.tabs')}>
          <Tabs.Tab value="delivery">{t('application.tab.delivery')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="delivery" className={classes.tab}>
          <PanelBoundary>
            <DeliveryTab {...props} />
          </PanelBoundary>
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
