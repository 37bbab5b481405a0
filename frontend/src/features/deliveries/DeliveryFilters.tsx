import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { connectionsQuery } from '../../api/queries';
import { useT } from '../../i18n/useT';
import { SearchField } from '../../ui/SearchField';
import { outcomes, type Outcome } from '../../url/state';
import type { Url } from '../../url/useUrl';
import styles from './deliveries.module.css';
import { outcomeText } from './outcome';

/** Text that an address may hold as the name of an event. */
const eventName = /^[\w.:/-]{1,128}$/;

/** The choices among the deliveries, of one connection or of all. */
export function DeliveryFilters({ url, workspace, single }: { url: Url; workspace: string; single: boolean }) {
  const { t } = useT();
  const { state, update } = url;
  const connections = useQuery(connectionsQuery(workspace)).data?.items ?? [];
  const sources = [...new Set([...connections.map((one) => one.source), ...state.source])].toSorted();
  const toggle = (outcome: Outcome) => {
    const left = state.outcome.filter((one) => one !== outcome);
    update({ outcome: left.length < state.outcome.length ? left : [...state.outcome, outcome].toSorted() });
  };
  return (
    <search className={styles.filters} aria-label={t('events.filters_title')}>
      <fieldset className={styles.outcomes}>
        <legend>{t('deliveries.filter.outcome')}</legend>
        {outcomes.map((outcome) => (
          <label key={outcome}>
            <input type="checkbox" checked={state.outcome.includes(outcome)} onChange={() => toggle(outcome)} />
            {outcomeText(outcome, t)}
          </label>
        ))}
        <label>
          <input type="checkbox" checked={state.claimed === 'no'} onChange={() => update({ claimed: state.claimed === 'no' ? null : 'no' })} />
          {t('deliveries.filter.unclaimed')}
        </label>
      </fieldset>
      <SearchField
        label={t('deliveries.filter.event')}
        placeholder={t('deliveries.event_hint')}
        value={state.event ?? ''}
        onChange={(text) => update({ event: eventName.test(text) ? text : null })}
      />
      {!single && (
        <>
          <NativeSelect
            size="xs"
            label={t('deliveries.filter.source')}
            value={state.source[0] ?? ''}
            onChange={(event) => update({ source: event.currentTarget.value ? [event.currentTarget.value] : [] })}
            data={[{ value: '', label: t('deliveries.all_sources') }, ...sources]}
          />
          <NativeSelect
            size="xs"
            label={t('deliveries.filter.connection')}
            value={state.connection ?? ''}
            onChange={(event) => update({ connection: event.currentTarget.value || null })}
            data={[{ value: '', label: t('deliveries.all_connections') }, ...connections.map(({ id, name }) => ({ value: id, label: name }))]}
          />
        </>
      )}
    </search>
  );
}
