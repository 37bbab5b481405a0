import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { known } from '../../api/known';
import { policiesQuery } from '../../api/queries';
import type { PolicyVersion } from '../../api/types';
import { useApp } from '../../app/context';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import styles from './definitions.module.css';
import { Proposal } from './Proposal';
import { Sentences } from './Sentences';
import { Versions } from './Versions';

/** What counts, in plain sentences; a change is tried on the last year before it is saved. */
export function DefinitionsPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  useTitle(t('definitions.title'));
  const query = useQuery(policiesQuery(workspace));
  return (
    <div className={styles.page}>
      <PageHeader title={t('definitions.title')} scope={t('definitions.scope')} />
      {query.data ? (
        <Definitions key={workspace} workspace={workspace} versions={query.data.items} />
      ) : (
        <Panel>{query.isPending ? <Skeletons height={480} /> : <ErrorState error={query.error} onRetry={() => void query.refetch()} />}</Panel>
      )}
    </div>
  );
}

function Definitions({ workspace, versions }: { workspace: string; versions: PolicyVersion[] }) {
  const { t } = useT();
  const { session } = useApp();
  const [saved, setSaved] = useState<string | null>(null);
  const inForce = versions[0];
  if (!inForce) return null;
  return (
    <>
      <Panel title={t('definitions.today')}>
        <Sentences policy={inForce.policy} />
        {inForce.strangers.length > 0 && <p className={styles.warning}>{t('definitions.strangers', { slugs: inForce.strangers.join(', ') })}</p>}
        {saved && <output className={styles.saved}>{t('definitions.saved', { version: saved })}</output>}
      </Panel>
      {!known.asOf && <Proposal key={inForce.digest} workspace={workspace} base={inForce} mayCommit={session.principal.role === 'admin'} onSaved={setSaved} />}
      <Panel title={t('definitions.versions')}>
        <Versions versions={versions} />
      </Panel>
    </>
  );
}
