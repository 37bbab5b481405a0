import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState, type ReactNode } from 'react';
import { groupsQuery } from '../../api/queries';
import type { FacetValue, FactsSummary } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatNumber } from '../../ui/format';
import type { UrlState } from '../../url/state';
import type { Url } from '../../url/useUrl';
import styles from './events.module.css';
import { chosen, withoutAny } from './filters';
import { isEventKind, KindMark, kindText } from './kinds';
import { FacetsSkeleton } from './skeletons';

interface FacetsProps {
  readonly url: Url;
  readonly workspace: string;
  readonly summary: FactsSummary | undefined;
}

/** How many values are shown before the reader asks for all. */
const shortList = 7;

/** The choices among the events, each with how many there would be. */
export function Facets({ url, workspace, summary }: FacetsProps) {
  const { t } = useT();
  const { state, update } = url;
  const groups = useQuery(groupsQuery(workspace));
  const active = Object.keys(chosen(state)).length > 0;
  if (!summary) return <FacetsSkeleton />;
  return (
    <search className={styles.facetList} aria-label={t('events.filters_title')}>
      <Facet
        title={t('events.column.type')}
        values={summary.facets.kind}
        chosen={state.kind}
        whole
        label={(value) => kindText(value.value, t)}
        mark={(value) => <KindMark kind={value.value} />}
        onChange={(kind) => update({ kind: kind.filter(isEventKind) })}
      />
      <Facet title={t('events.column.source')} values={summary.facets.source} chosen={state.source} onChange={(source) => update({ source })} />
      <Facet
        title={t('events.column.application')}
        values={summary.facets.application}
        chosen={state.app ? [state.app] : []}
        single
        onChange={([app]) => update({ app: app ?? null })}
      />
      <Facet
        title={t('events.column.environment')}
        values={summary.facets.environment}
        chosen={state.environment}
        onChange={(environment) => update({ environment })}
      />
      <Facet title={t('events.column.status')} values={summary.facets.status} chosen={state.status} onChange={(status) => update({ status })} />
      <Section title={t('events.claimed')}>
        <label className={styles.choice}>
          <input type="checkbox" checked={state.claimed === 'no'} onChange={() => update({ claimed: state.claimed === 'no' ? null : 'no' })} />
          <span className={styles.choiceLabel}>{t('events.claimed.no')}</span>
        </label>
      </Section>
      <NativeSelect
        size="xs"
        label={t('events.group')}
        value={state.group ?? ''}
        onChange={(event) => update({ group: event.currentTarget.value || null })}
        data={[
          { value: '', label: t('applications.all_groups') },
          ...(groups.data?.items ?? []).map((group) => ({ value: group.slug, label: group.name })),
        ]}
      />
      <button type="button" className={`ek-link ${styles.clear}`} disabled={!active} onClick={() => update(withoutAny as Partial<UrlState>)}>
        {t('empty.clear')}
      </button>
    </search>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <details className={styles.facet} open>
      <summary id={id}>{title}</summary>
      {/* A legend inside would repeat the summary. */}
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role */}
      <div role="group" aria-labelledby={id}>
        {children}
      </div>
    </details>
  );
}

interface FacetProps {
  readonly title: string;
  readonly values: readonly FacetValue[];
  readonly chosen: readonly string[];
  /** At most one value can be chosen. */
  readonly single?: boolean;
  /** Every value is shown, because there are only so many. */
  readonly whole?: boolean;
  readonly label?: (value: FacetValue) => string;
  readonly mark?: (value: FacetValue) => ReactNode;
  readonly onChange: (chosen: string[]) => void;
}

/**
 * The values to list: those listed before at their places, so that nothing
 * moves under the pointer, then new ones, then what is chosen though there is
 * nothing of it. The address cannot hold a value with a comma.
 */
export function listed(before: readonly FacetValue[], values: readonly FacetValue[], picked: readonly string[]): FacetValue[] {
  const known = values.filter((value) => value.value !== '' && !value.value.includes(','));
  const all = [...before, ...known, ...picked.map((value) => ({ value, label: value, count: 0 }))];
  const first = all.filter((one, index) => all.findIndex((other) => other.value === one.value) === index);
  return first.map((one) => known.find((other) => other.value === one.value) ?? { ...one, count: 0 });
}

function Facet({ title, values, chosen: picked, single, whole, label, mark, onChange }: FacetProps) {
  const { t, locale } = useT();
  const [all, setAll] = useState(false);
  const [before, setBefore] = useState<readonly FacetValue[]>([]);
  const list = listed(before, values, picked);
  if (list.length > before.length) setBefore(list);
  const short = whole ? list.length : shortList;
  const shown = all ? list : list.filter((value, index) => index < short || picked.includes(value.value));
  const toggle = (value: string) => {
    if (picked.includes(value)) onChange(picked.filter((one) => one !== value));
    else onChange(single ? [value] : [...picked, value].toSorted());
  };
  return (
    <Section title={title}>
      {list.length === 0 && <p className={styles.quiet}>{t('events.facet_empty')}</p>}
      {shown.map((value) => (
        <label key={value.value} className={styles.choice}>
          <input type="checkbox" checked={picked.includes(value.value)} onChange={() => toggle(value.value)} />
          {mark?.(value)}
          <span className={styles.choiceLabel} title={value.label}>
            {label?.(value) ?? value.label}
          </span>{' '}
          <span className={styles.count}>{formatNumber(value.count, locale)}</span>
        </label>
      ))}
      {list.length > short && (
        <button type="button" className={`ek-link ${styles.allValues}`} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('events.facet_fewer') : t('events.facet_all', { count: list.length })}
        </button>
      )}
    </Section>
  );
}
