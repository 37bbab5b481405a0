import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../../api/problem';
import { factQuery } from '../../api/queries';
import type { FactDetail, Named } from '../../api/types';
import { useT } from '../../i18n/useT';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { formatDateTime, noValue } from '../../ui/format';
import { EmptyState, ErrorState, PanelBoundary } from '../../ui/states';
import type { Url } from '../../url/useUrl';
import { actorText, lagText } from './columns';
import styles from './events.module.css';
import { apiAddress } from './filters';
import { KindMark, kindText } from './kinds';
import { Observations } from './Observations';
import { Uses } from './Uses';
import { fieldText } from './fields';

interface EventDrawerProps {
  readonly url: Url;
  readonly workspace: string;
}

/** One event: what is known of it, where it counts, who said what and when. */
export function EventDrawer({ url, workspace }: EventDrawerProps) {
  const { t } = useT();
  const id = url.state.sel;
  const query = useQuery({ ...factQuery(workspace, id ?? ''), enabled: id !== null });
  const fact = id === null ? undefined : query.data;
  const title = fact ? `${kindText(fact.kind, t)}: ${fact.summary || fact.external_id}` : t('events.drawer');
  return (
    <Dialog side="end" open={id !== null} onClose={() => url.update({ sel: null })} title={title} closeLabel={t('events.close')}>
      <PanelBoundary>
        {id !== null && query.isPending && <DrawerSkeleton />}
        {id !== null && query.error && !fact && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {fact && <Fact fact={fact} workspace={workspace} />}
      </PanelBoundary>
    </Dialog>
  );
}

/** Why a drawer has nothing to show. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useT();
  if (error instanceof ApiError && (error.status === 404 || error.status === 422)) {
    return <EmptyState title={t('events.gone')}>{t('events.gone_text')}</EmptyState>;
  }
  if (error instanceof ApiError && error.status === 403) {
    return <EmptyState title={t('events.forbidden')}>{t('events.forbidden_text')}</EmptyState>;
  }
  return <ErrorState error={error} onRetry={onRetry} />;
}

const lines = [1, 2, 3, 4, 5, 6, 7, 8];

export function DrawerSkeleton() {
  return (
    <div aria-busy="true">
      {lines.map((line) => (
        <Skeleton key={line} height={18} my={14} />
      ))}
    </div>
  );
}

/** One part of a drawer with its heading. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h3 className={styles.partTitle}>{title}</h3>
      {children}
    </section>
  );
}

/** A term and what it is. */
export function Term({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.term}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The applications that claim a fact, as links. */
export function Applications({ workspace, belongs }: { workspace: string; belongs: readonly Named[] }) {
  const { t } = useT();
  if (belongs.length === 0) return <>{t('events.no_application')}</>;
  return (
    <ul className={styles.inline}>
      {belongs.map(({ slug, name }) => (
        <li key={slug}>
          <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug }} search={{}}>
            {name}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Fact({ fact, workspace }: { fact: FactDetail; workspace: string }) {
  const { t, locale } = useT();
  const fields = Object.entries(fact.fields);
  return (
    <>
      <dl className={styles.terms}>
        <Term name={t('events.column.type')}>
          <span className={styles.kind}>
            <KindMark kind={fact.kind} />
            {kindText(fact.kind, t)}
          </span>
        </Term>
        <Term name={t('events.column.time')}>{formatDateTime(fact.at, locale)}</Term>
        <Term name={t('events.received')}>
          {fact.received_at ? t('events.received_after', { time: formatDateTime(fact.received_at, locale), lag: lagText(fact.lag_seconds, locale) }) : noValue}
        </Term>
        <Term name={t('events.column.application')}>
          <Applications workspace={workspace} belongs={fact.belongs_to} />
        </Term>
        <Term name={t('events.column.environment')}>{fact.environment || noValue}</Term>
        <Term name={t('events.column.status')}>{fact.status || noValue}</Term>
        <Term name={t('events.column.source')}>{fact.source}</Term>
        <Term name={t('events.external_id')}>
          <code className={styles.code}>{fact.external_id}</code>
        </Term>
        <Term name={t('events.repository')}>{fact.repository ? <code className={styles.code}>{fact.repository}</code> : noValue}</Term>
        <Term name={t('events.column.actor')}>{actorText(fact.actor_kind, t)}</Term>
      </dl>
      <div className={styles.actions}>
        {fact.kind === 'deployment' && (
          <Link className="ek-button" to="/w/$workspace/deployments/$id" params={{ workspace, id: fact.id }} search={{}}>
            {t('events.to_deployment')}
          </Link>
        )}
        {fact.kind === 'incident' && (
          <Link className="ek-button" to="/w/$workspace/incidents/$id" params={{ workspace, id: fact.id }} search={{}}>
            {t('events.to_incident')}
          </Link>
        )}
        <CopyButton
          label={t('events.export.curl')}
          text={() => `curl -H "Authorization: Bearer $EVENKEEL_TOKEN" '${window.location.origin}${apiAddress(`facts/${encodeURIComponent(fact.id)}`, { workspace })}'`}
        />
      </div>
      <Part title={t('events.uses')}>
        <Uses workspace={workspace} uses={fact.uses} />
      </Part>
      <Part title={t('events.fields')}>
        <dl className={styles.terms}>
          {fields.map(([name, value]) => (
            <Term key={name} name={<code>{name}</code>}>
              <span className={styles.value}>{fieldText(value)}</span>
            </Term>
          ))}
        </dl>
        {fields.length === 0 && <p className={styles.quiet}>{t('events.no_fields')}</p>}
      </Part>
      <Part title={t('events.observations', { count: fact.observations.length })}>
        <Observations workspace={workspace} observations={fact.observations} />
      </Part>
    </>
  );
}
