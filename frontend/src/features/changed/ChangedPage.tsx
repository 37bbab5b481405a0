import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { known } from '../../api/known';
import { changedQuery, type ChangedParams } from '../../api/queries';
import type { Changed } from '../../api/types';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { formatTime } from '../../ui/format';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { useUrl } from '../../url/useUrl';
import { Skeletons } from '../application/Skeletons';
import styles from './changed.module.css';
import { ChangedList } from './ChangedList';
import { Controls } from './Controls';
import { freshIds, sinceText } from './words';

/** How often the page looks again. */
const refreshMilliseconds = 30_000;

/** What happened lately in an application and in what it depends on: where to look first when something is wrong. */
export function ChangedPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl();
  const { app, since, env } = url.state;
  useTitle(t('changed.title'), ...(app ? [app] : []));
  const params = app && { workspace, application: app, since, environment: env };
  return (
    <div className={styles.page}>
      <PageHeader title={t('changed.title')} scope={t('changed.scope')} url={url} />
      <Controls url={url} workspace={workspace} />
      {params ? (
        <Answer key={JSON.stringify(params)} params={params} />
      ) : (
        <Panel>
          <EmptyState title={t('changed.choose')}>{t('changed.choose_text')}</EmptyState>
        </Panel>
      )}
    </div>
  );
}

function Answer({ params }: { params: ChangedParams }) {
  const [paused, setPaused] = useState(false);
  const query = useQuery({ ...changedQuery(params), placeholderData: undefined, refetchInterval: paused || known.asOf ? false : refreshMilliseconds });
  const { shown, fresh, show } = useCalm(query.data);
  const { t } = useT();
  if (!shown) {
    return (
      <Panel title={t('changed.list')}>
        {query.isPending ? <Skeletons height={420} /> : <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      </Panel>
    );
  }
  const refresh = !known.asOf && <Refresh at={query.dataUpdatedAt} failed={query.isError} paused={paused} onPause={() => setPaused(!paused)} />;
  return (
    <Panel title={t('changed.list')} action={refresh}>
      {fresh > 0 && (
        <button type="button" className={styles.fresh} onClick={show}>
          {t('changed.show_new', { count: fresh })}
        </button>
      )}
      <output className="ek-hidden">{fresh > 0 && t('changed.new', { count: fresh })}</output>
      <Body changed={shown} workspace={params.workspace} since={params.since} />
    </Panel>
  );
}

/** Keeps the list still under the reader: what is new is counted, and shown when asked for. */
function useCalm(latest: Changed | undefined): { shown: Changed | undefined; fresh: number; show: () => void } {
  const [held, setHeld] = useState(latest);
  const fresh = held && latest ? freshIds(held.items, latest.items) : 0;
  if (latest !== held && fresh === 0) setHeld(latest);
  return { shown: held, fresh, show: () => setHeld(latest) };
}

interface RefreshProps {
  /** When the last answer came, in milliseconds. */
  at: number;
  failed: boolean;
  paused: boolean;
  onPause: () => void;
}

function Refresh({ at, failed, paused, onPause }: RefreshProps) {
  const { t, locale } = useT();
  const time = formatTime(at, locale);
  return (
    <div className={styles.refresh}>
      <span>{t(failed ? 'changed.failed' : paused ? 'changed.paused' : 'changed.live', { time })}</span>
      <button type="button" onClick={onPause}>
        {t(paused ? 'changed.resume' : 'changed.pause')}
      </button>
    </div>
  );
}

function Body({ changed, workspace, since }: { changed: Changed; workspace: string; since: string }) {
  const { t, locale } = useT();
  const { application, dependencies, items, truncated } = changed;
  const span = sinceText(since, t, locale);
  if (items.length === 0) {
    return (
      <EmptyState title={t('changed.none', { span, name: application.name, dependencies })} status="good">
        {t('changed.none_text')}
      </EmptyState>
    );
  }
  return (
    <>
      <p className={styles.meaning}>{t('changed.meaning')}</p>
      <ChangedList changed={changed} workspace={workspace} />
      {truncated && <p className={styles.meaning}>{t('changed.truncated', { count: items.length })}</p>}
    </>
  );
}
