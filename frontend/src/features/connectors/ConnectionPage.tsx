import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { connectionsQuery } from '../../api/queries';
import type { Connection } from '../../api/types';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { CopyButton } from '../../ui/CopyButton';
import { Panel } from '../../ui/Panel';
import { PageHeader } from '../../ui/PageHeader';
import { EmptyState, ErrorState } from '../../ui/states';
import { useUrl } from '../../url/useUrl';
import { AlertRules, takesAlerts } from './AlertRules';
import { Asking } from './Asking';
import { lookEvery } from './ConnectionsTab';
import styles from './connectors.module.css';
import { Deliveries } from './Deliveries';
import { Health } from './Health';
import { useZone } from './words';
import { stateOf } from './logic';
import { TryIt, Waiting, waitEvery } from './Waiting';

/** One connection: how it does, why, and what to do about it. */
export function ConnectionPage() {
  const { workspace = '', id = '' } = useParams({ strict: false });
  return <Whole key={`${workspace}/${id}`} workspace={workspace} id={id} />;
}

/** What came before the page was opened is not waited for. */
function useWaiting(connection: Connection | undefined): boolean {
  const [waits, setWaits] = useState<boolean | null>(null);
  if (connection && waits === null) setWaits(connection.last_delivery_at === null);
  return waits === true;
}

function Whole({ workspace, id }: { workspace: string; id: string }) {
  const { t } = useT();
  const url = useUrl();
  const zone = useZone(workspace);
  const query = useQuery({
    ...connectionsQuery(workspace),
    refetchInterval: ({ state }) => (state.data?.items.find((one) => one.id === id)?.last_delivery_at === null ? waitEvery : lookEvery),
  });
  const connection = query.data?.items.find((one) => one.id === id);
  const waits = useWaiting(connection);
  useTitle(connection?.name ?? t('connectors.one'), t('nav.connectors'));
  const up = (
    <Link key="up" to="/w/$workspace/connectors" params={{ workspace }} search={{}}>
      {t('nav.connectors')}
    </Link>
  );
  return (
    <>
      <PageHeader title={connection?.name ?? t('connectors.one')} scope={connection ? t('connectors.one_scope', { source: connection.title, zone }) : '\u00a0'} trail={[up]} url={url} />
      {query.isPending && <PageSkeleton />}
      {query.error && !query.data && (
        <Panel>
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        </Panel>
      )}
      {query.data && !connection && (
        <Panel>
          <EmptyState title={t('connectors.missing')} action={up}>
            {t('connectors.missing_text')}
          </EmptyState>
        </Panel>
      )}
      {connection && (
        <div className={styles.page}>
          {waits && <Waiting connection={connection} workspace={workspace} zone={zone} at={query.dataUpdatedAt} />}
          <Health connection={connection} workspace={workspace} zone={zone} />
          {connection.asked && <Asking connection={connection} asked={connection.asked} workspace={workspace} zone={zone} at={query.dataUpdatedAt} />}
          {takesAlerts(connection) && <AlertRules key={JSON.stringify(connection.settings)} connection={connection} workspace={workspace} zone={zone} />}
          {connection.last_delivery_at !== null && <Deliveries url={url} workspace={workspace} connection={connection} />}
          <Settings connection={connection} />
          {!waits && stateOf(connection) !== 'unusable' && <TryIt connection={connection} workspace={workspace} />}
        </div>
      )}
    </>
  );
}

/** What an operator has written; of secrets only what they are called. */
function Settings({ connection }: { connection: Connection }) {
  const { t } = useT();
  const text = JSON.stringify(connection.settings, null, 2);
  return (
    <Panel title={t('connectors.settings')} action={<CopyButton label={t('connectors.copy_settings')} text={text} />}>
      <p className={styles.hint}>{t(connection.managed === 'config' ? 'connectors.by_config' : 'connectors.by_api')}</p>
      <p className={styles.hint}>
        {t('connectors.secrets')} {connection.secrets.map((reference) => <code key={reference} className={styles.code}>{reference}</code>)}
      </p>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.raw} tabIndex={0} role="region" aria-label={t('connectors.settings_json')}>
        {text}
      </pre>
    </Panel>
  );
}

function PageSkeleton() {
  return (
    <Panel>
      <div aria-busy="true">
        <Skeleton height={320} />
      </div>
    </Panel>
  );
}
