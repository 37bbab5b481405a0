import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { ApiError } from '../../api/problem';
import { applicationQuery } from '../../api/queries';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { EmptyState, ErrorState, PanelBoundary } from '../../ui/states';
import { useUrl } from '../../url/useUrl';
import classes from './application.module.css';
import { ApplicationHeader } from './ApplicationHeader';
import { DeliveryTab } from './DeliveryTab';
import { Skeletons } from './Skeletons';

const ReliabilityTab = lazy(() => import('../budget/ReliabilityTab').then((module) => ({ default: module.ReliabilityTab })));

/** What the application page takes from its route; the rest stands in the address. */
export interface ApplicationPageProps {
  workspace: string;
  slug: string;
}

/** One application: what it is, and how it is delivered. */
export function ApplicationPage({ workspace, slug }: ApplicationPageProps) {
  const { t } = useT();
  const url = useUrl();
  const query = useQuery(applicationQuery(workspace, slug));
  useTitle(query.data?.name ?? slug, t('applications.title'));
  if (query.isPending) {
    return (
      <div className={classes.page}>
        <Skeletons height={96} />
        <Skeletons height={640} />
      </div>
    );
  }
  if (!query.data) {
    const missing = query.error instanceof ApiError && query.error.status === 404;
    if (!missing) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <EmptyState title={t('application.missing', { slug })}>{t('application.missing_text')}</EmptyState>;
  }
  const shared = { workspace, url, application: query.data };
  return (
    <div className={classes.page}>
      <ApplicationHeader {...shared} />
      <Tabs value={url.state.tab === 'reliability' ? 'reliability' : 'delivery'} onChange={(tab) => url.update({ tab: tab === 'reliability' ? tab : null })} keepMounted={false}>
        <Tabs.List aria-label={t('application.tabs')}>
          <Tabs.Tab value="delivery">{t('application.tab.delivery')}</Tabs.Tab>
          <Tabs.Tab value="reliability">{t('application.tab.reliability')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="delivery" className={classes.tab}>
          <PanelBoundary>
            <DeliveryTab {...shared} />
          </PanelBoundary>
        </Tabs.Panel>
        <Tabs.Panel value="reliability" className={classes.tab}>
          <PanelBoundary>
            <Suspense fallback={<Skeletons height={480} />}>
              <ReliabilityTab {...shared} />
            </Suspense>
          </PanelBoundary>
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
