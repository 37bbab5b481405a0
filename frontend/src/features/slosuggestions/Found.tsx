import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { LevelSearch } from '../../api/sloSuggestions';
import { useT } from '../../i18n/useT';
import { download } from '../../ui/csv';
import { Panel } from '../../ui/Panel';
import { SearchField } from '../../ui/SearchField';
import { EmptyState, ErrorState } from '../../ui/states';
import { useUrl, type Url } from '../../url/useUrl';
import { AcceptDialog } from './AcceptDialog';
import { acceptable, bundle, documentFor, servicesOf, type Filter } from './logic';
import { Proposals } from './Proposals';
import styles from './slosuggestions.module.css';
import { useAccepting } from './useAccepting';
import { useChoice } from './useChoice';

/** How many services are shown before somebody asks for more. */
const shownFirst = 15;
const kinds = ['availability', 'latency'] as const;

interface FoundProps {
  readonly workspace: string;
  readonly search: LevelSearch;
  readonly may: boolean;
}

/** The filter that the address holds. */
function filterOf({ q, aspect, status }: Url['state']): Filter {
  return { q, kind: kinds.find((kind) => kind === aspect) ?? null, open: status[0] === 'new' };
}

/** What services could promise: filtered, selected, changed, downloaded and accepted. */
export function Found({ workspace, search, may }: FoundProps) {
  const { t } = useT();
  const url = useUrl();
  const { items } = search;
  const [most, setMost] = useState(shownFirst);
  const services = useMemo(() => servicesOf(items, filterOf(url.state)), [items, url.state]);
  const choice = useChoice();
  const { picked, changes } = choice;
  const listed = services.flatMap((service) => service.items);
  const open = acceptable(listed, changes);
  // What was selected and then filtered away stays out, so that nothing unseen is accepted.
  const wanted = open.filter(({ id }) => picked.has(id));
  const [asking, setAsking] = useState(false);
  const { deed, outcome } = useAccepting(workspace, () => setAsking(false));
  // The dialog gives the focus back to a button that is off by then; what came of it is next.
  const result = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (outcome) result.current?.focus();
  }, [outcome]);
  const documents = wanted.map((item) => documentFor(item, changes) ?? '');
  return (
    <Panel title={t('slosuggest.promises', { count: items.length, services: new Set(items.map(({ application }) => application.slug)).size })}>
      <Filters url={url} />
      <div className={styles.bar}>
        {open.length > 0 && (
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={wanted.length === open.length}
              ref={(box) => {
                if (box) box.indeterminate = wanted.length > 0 && wanted.length < open.length;
              }}
              onChange={(event) => choice.pick(open, event.currentTarget.checked)}
            />
            {t('slosuggest.select_all', { count: open.length })}
          </label>
        )}
        <span className={styles.quiet}>{t('slosuggest.selected', { count: wanted.length })}</span>
        <Button size="xs" variant="default" disabled={wanted.length === 0} onClick={() => download(`slos-${workspace}.yaml`, 'application/yaml', bundle(documents))}>
          {t('slosuggest.download', { count: wanted.length })}
        </Button>
        {may && (
          <Button size="xs" disabled={wanted.length === 0} onClick={() => setAsking(true)}>
            {t('slosuggest.accept', { count: wanted.length })}
          </Button>
        )}
      </div>
      <p ref={result} role="status" tabIndex={-1} className={styles.result}>
        {outcome && outcome.created > 0 && t('slosuggest.created', { count: outcome.created })}
        {outcome && outcome.refused.size > 0 && ` ${t('slosuggest.not_created', { count: outcome.refused.size })}`}
      </p>
      {Boolean(deed.error) && !asking && <ErrorState error={deed.error} />}
      {listed.length === 0 ? (
        <EmptyState
          title={t('slosuggest.filtered')}
          action={
            <Button size="xs" variant="default" onClick={() => url.update({ q: '', aspect: null, status: [] })}>
              {t('empty.clear')}
            </Button>
          }
        >
          {t('slosuggest.filtered_text', { count: items.length })}
        </EmptyState>
      ) : (
        <Proposals workspace={workspace} window={search.window} services={services.slice(0, most)} choice={choice} refused={outcome?.refused ?? new Map()} />
      )}
      {services.length > most && (
        <Button className={styles.more} variant="default" size="xs" onClick={() => setMost(most + shownFirst)}>
          {t('slosuggest.more', { count: Math.min(shownFirst, services.length - most) })}
        </Button>
      )}
      <AcceptDialog
        items={asking ? wanted : null}
        changes={changes}
        window={search.window}
        busy={deed.isPending}
        error={deed.error}
        onAccept={() => deed.mutate(wanted.map(({ id }, at) => ({ id, document: documents[at] ?? '' })))}
        onClose={() => setAsking(false)}
      />
    </Panel>
  );
}

function Filters({ url }: { url: Url }) {
  const { t } = useT();
  const { q, kind, open } = filterOf(url.state);
  return (
    <search className={styles.filters}>
      <SearchField label={t('slosuggest.filter')} placeholder={t('slosuggest.filter_hint')} value={q} onChange={(text) => url.update({ q: text })} />
      <NativeSelect
        size="xs"
        label={t('slosuggest.kind')}
        value={kind ?? ''}
        onChange={(event) => url.update({ aspect: event.currentTarget.value || null })}
        data={[{ value: '', label: t('slosuggest.all_kinds') }, ...kinds.map((one) => ({ value: one as string, label: t(`slosuggest.kind.${one}`) }))]}
      />
      <NativeSelect
        size="xs"
        label={t('slosuggest.show')}
        value={open ? 'new' : ''}
        onChange={(event) => url.update({ status: event.currentTarget.value ? [event.currentTarget.value] : [] })}
        data={[
          { value: '', label: t('slosuggest.show.all') },
          { value: 'new', label: t('slosuggest.show.new') },
        ]}
      />
    </search>
  );
}
