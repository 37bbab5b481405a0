import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { known } from '../../api/known';
import { aspects, suggestionsQuery, suggestionStatuses, type SuggestionsParams } from '../../api/suggestions';
import { useApp } from '../../app/context';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { Command } from '../../ui/Command';
import { CopyButton } from '../../ui/CopyButton';
import { PageHeader } from '../../ui/PageHeader';
import { SearchField } from '../../ui/SearchField';
import { EmptyState, ErrorState } from '../../ui/states';
import type { UrlState } from '../../url/state';
import { useUrl, type Url } from '../../url/useUrl';
import { Skeletons } from '../application/Skeletons';
import { useZone } from '../connectors/words';
import { AcceptDialog, Refusal } from './AcceptDialog';
import { fitting, optionsOf, subjectsOf, undisputed, type Option } from './logic';
import { Subjects } from './Subjects';
import styles from './suggestions.module.css';
import { resultId, useDecisions, type Deed, type Outcome } from './useDecisions';

const command = 'evenkeel catalogue suggest .';

/** The choices of the address that the list knows. */
function chosen({ aspect, status, q }: UrlState) {
  return { aspect: aspects.find((one) => one === aspect), status: suggestionStatuses.find((one) => one === status[0]) ?? 'open', q };
}

/** What repositories say of applications, until a person decides. */
export function SuggestionsPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl();
  useTitle(t('suggestions.title'));
  const { aspect, status, q } = chosen(url.state);
  return (
    <>
      <PageHeader
        title={t('suggestions.title')}
        scope={t('suggestions.scope')}
        trail={[
          <Link key="applications" to="/w/$workspace/applications" params={{ workspace }} search={{}}>
            {t('applications.title')}
          </Link>,
        ]}
        url={url}
      />
      <Filters url={url} />
      <Listed key={`${status} ${aspect} ${q}`} url={url} params={{ workspace, status, ...(aspect && { aspect }), ...(q && { q }) }} />
    </>
  );
}

/** Who may decide here: an admin, of the present. */
function useMayDecide(): { readonly may: boolean; readonly why: 'suggestions.viewer' | 'suggestions.past' } {
  const { session } = useApp();
  return { may: session.principal.role === 'admin' && !known.asOf, why: known.asOf ? 'suggestions.past' : 'suggestions.viewer' };
}

/** The suggestions that pass the filters. */
function Listed({ url, params }: { url: Url; params: SuggestionsParams }) {
  const { t } = useT();
  const { workspace, status } = params;
  const { may, why } = useMayDecide();
  const zone = useZone(workspace);
  const query = useInfiniteQuery(suggestionsQuery(params));
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const subjects = useMemo(() => subjectsOf(items), [items]);
  const options = optionsOf(subjects);
  const plain = status === 'open' ? fitting(undisputed(subjects)) : [];
  const { deed, outcome, forget } = useDecisions(workspace, options);
  const [accepting, setAccepting] = useState<readonly Option[] | null>(null);
  const decide = (next: Deed) => {
    forget();
    deed.mutate(next, { onSuccess: () => setAccepting(null) });
  };
  const ask = (wanted: readonly Option[]) => {
    deed.reset();
    setAccepting(wanted);
  };
  return (
    <>
      {!may && items.length > 0 && <p className={styles.note}>{t(why)}</p>}
      <div className={styles.head}>
        {may && plain.length > 0 && (
          <Button size="xs" variant="default" onClick={() => ask(plain)}>
            {t('suggestions.accept_all', { count: plain.length })}
          </Button>
        )}
        {options.length > 0 && <span className={styles.quiet}>{t(query.hasNextPage ? 'suggestions.shown_more' : 'suggestions.shown', { count: options.length })}</span>}
      </div>
      <Result outcome={outcome} />
      {accepting === null && <Refusal error={deed.error} />}
      {query.isPending && <Skeletons height={320} />}
      {query.error && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && items.length === 0 && <NoRows url={url} />}
      <Subjects
        subjects={subjects}
        workspace={workspace}
        zone={zone}
        refused={outcome?.refused ?? new Map()}
        onDecide={may ? (kind, option) => (kind === 'accept' ? ask([option]) : decide({ kind, options: [option] })) : null}
      />
      {query.hasNextPage && (
        <Button className={styles.more} variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('table.more')}
        </Button>
      )}
      <AcceptDialog
        options={accepting}
        zone={zone}
        busy={deed.isPending}
        error={deed.error}
        onAccept={(from) => accepting && decide({ kind: 'accept', options: accepting, ...(from && { from }) })}
        onClose={() => setAccepting(null)}
      />
    </>
  );
}

/** Says what came of the last deed; it is there from the start, so that it is read out. */
function Result({ outcome }: { outcome: Outcome | null }) {
  const { t } = useT();
  return (
    <p id={resultId} role="status" aria-live="polite" tabIndex={-1} className={styles.result}>
      {outcome && outcome.done > 0 && t(`suggestions.did.${outcome.kind}`, { count: outcome.done })}
      {outcome && outcome.refused.size > 0 && ` ${t('suggestions.did.refused', { count: outcome.refused.size })}`}
    </p>
  );
}

function Filters({ url }: { url: Url }) {
  const { t } = useT();
  const { update } = url;
  const { aspect, status, q } = chosen(url.state);
  return (
    <search className={styles.filters}>
      <SearchField label={t('suggestions.application')} placeholder={t('applications.search_hint')} value={q} onChange={(text) => update({ q: text })} />
      <NativeSelect
        size="xs"
        label={t('suggestions.aspect')}
        value={aspect ?? ''}
        onChange={(event) => update({ aspect: event.currentTarget.value || null })}
        data={[{ value: '', label: t('suggestions.all') }, ...aspects.map((one) => ({ value: one, label: t(`suggestions.aspect.${one}`) }))]}
      />
      <NativeSelect
        size="xs"
        label={t('suggestions.status')}
        value={status}
        onChange={(event) => update({ status: event.currentTarget.value === 'open' ? [] : [event.currentTarget.value] })}
        data={suggestionStatuses.map((one) => ({ value: one, label: t(`suggestions.status.${one}`) }))}
      />
    </search>
  );
}

/** Nothing fits the filters, nothing was decided, or nothing was ever read. */
function NoRows({ url }: { url: Url }) {
  const { t } = useT();
  const { aspect, status, q } = chosen(url.state);
  if (aspect || q || status !== 'open') {
    return (
      <EmptyState
        title={t('suggestions.filtered')}
        action={
          <Button size="xs" variant="default" onClick={() => url.update({ aspect: null, q: '', status: [] })}>
            {t('empty.clear')}
          </Button>
        }
      >
        {t('suggestions.filtered_text')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={t('suggestions.none')}
      action={
        <div className={styles.howto}>
          <Command>{command}</Command>
          <CopyButton label={t('suggestions.copy')} text={command} />
        </div>
      }
    >
      {t('suggestions.none_text')}
    </EmptyState>
  );
}
