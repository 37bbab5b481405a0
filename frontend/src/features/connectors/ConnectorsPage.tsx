import '@mantine/core/styles/Tabs.layer.css';
import { Tabs } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { PageHeader } from '../../ui/PageHeader';
import { PanelBoundary } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { useUrl } from '../../url/useUrl';
import styles from './connectors.module.css';
import { ConnectionsTab } from './ConnectionsTab';

const QualityTab = lazy(() => import('./quality').then((module) => ({ default: module.QualityTab })));

const tabs = ['connections', 'quality'] as const;

/** Can the numbers be trusted? */
export function ConnectorsPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl();
  const tab = tabs.find((known) => known === url.state.tab) ?? 'connections';
  useTitle(t(`connectors.tab.${tab}`), t('nav.connectors'));
  const choose = (chosen: string | null) =>
    url.update({ tab: chosen === 'connections' ? null : chosen, sort: null, q: '', status: [], source: [], signal: null, sel: null });
  return (
    <>
      <PageHeader title={t('connectors.title')} scope={t('connectors.scope')} url={url} />
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <Tabs.List aria-label={t('connectors.tabs')}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`connectors.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="connections" className={styles.tab}>
          <PanelBoundary>
            <ConnectionsTab url={url} workspace={workspace} />
          </PanelBoundary>
        </Tabs.Panel>
        <Tabs.Panel value="quality" className={styles.tab}>
          <PanelBoundary>
            <Suspense fallback={<Skeletons height={480} />}>
              <QualityTab url={url} workspace={workspace} />
            </Suspense>
          </PanelBoundary>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
