import { NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { applicationsQuery, groupsQuery, peerQuery } from '../../api/queries';
import type { PeerAnswer } from '../../api/types';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { RangePicker } from '../../ui/RangePicker';
import { ErrorState } from '../../ui/states';
import type { RangeDays } from '../../url/state';
import { useUrl, type Url } from '../../url/useUrl';
import { Skeletons } from '../application/Skeletons';
import { Figure } from './Figure';
import styles from './peer.module.css';
import { assumptionText, reasonText } from './words';

const days: RangeDays = 90;

/** Our figures beside those that DevLake would show on the same facts. */
export function PeerPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl(days);
  const { app, group, range } = url.state;
  useTitle(t('peer.title'));
  const query = useQuery(peerQuery({ workspace, range, ...(app ? { application: app } : group && { group }) }));
  const picker = <RangePicker value={range} onChange={(value) => url.update({ range: value })} />;
  return (
    <div className={styles.page}>
      <PageHeader title={t('peer.title')} scope={t('peer.scope')} controls={picker} url={url} />
      <ScopeControls url={url} workspace={workspace} />
      {query.data ? (
        <Answer answer={query.data} workspace={workspace} />
      ) : (
        <Panel>
          {query.isPending ? <Skeletons height={480} /> : <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        </Panel>
      )}
    </div>
  );
}

function ScopeControls({ url, workspace }: { url: Url; workspace: string }) {
  const { t } = useT();
  const { app, group } = url.state;
  const applications = useInfiniteQuery(applicationsQuery({ workspace, limit: 500 }));
  const groups = useQuery(groupsQuery(workspace));
  const known = (applications.data?.pages ?? []).flatMap((page) => page.items).map(({ slug, name }) => ({ value: slug, label: name }));
  const owners = (groups.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name }));
  return (
    <div className={styles.controls}>
      <NativeSelect
        size="xs"
        data-page-filter
        className={styles.choice}
        label={t('peer.group')}
        value={app ? '' : (group ?? '')}
        onChange={(event) => url.update({ group: event.currentTarget.value || null, app: null }, true)}
        data={[{ value: '', label: t('peer.all') }, ...withChosen(owners, app ? null : group)]}
      />
      <NativeSelect
        size="xs"
        className={styles.choice}
        label={t('peer.application')}
        value={app ?? ''}
        onChange={(event) => url.update({ app: event.currentTarget.value || null }, true)}
        data={[{ value: '', label: t('peer.any') }, ...withChosen(known, app)]}
      />
    </div>
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The choices by name, with the chosen one even before it is known. */
function withChosen(list: readonly Choice[], chosen: string | null): Choice[] {
  const sorted = list.toSorted((a, b) => a.label.localeCompare(b.label));
  return chosen && !list.some(({ value }) => value === chosen) ? [{ value: chosen, label: chosen }, ...sorted] : sorted;
}

function Answer({ answer, workspace }: { answer: PeerAnswer; workspace: string }) {
  const { t } = useT();
  return (
    <>
      {answer.figures.map((figure) => (
        <Figure key={figure.metric} figure={figure} answer={answer} workspace={workspace} />
      ))}
      <Panel title={t('peer.assumptions')}>
        <ul className={styles.notes}>
          {answer.unknown.map(({ reason, count }) => (
            <li key={reason}>
              {count} {reasonText(reason, answer.reasons, t)}
            </li>
          ))}
          {answer.assumptions.map((note) => (
            <li key={note.code}>{assumptionText(note, t)}</li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
