import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { groupsQuery } from '../../api/queries';
import type { ApplicationItem } from '../../api/types';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { PageHeader } from '../../ui/PageHeader';
import { SearchField } from '../../ui/SearchField';
import { EmptyState } from '../../ui/states';
import { dataStates, type UrlState } from '../../url/state';
import { useUrl, type Url } from '../../url/useUrl';
import { ApplicationsTable } from './ApplicationsTable';
import { tierText } from './columns';
import styles from './applications.module.css';

const tiers = [1, 2, 3, 4, 0] as const;

/** Whether a loaded row passes the filters that the server does not know. */
function keeps(state: UrlState): ((row: ApplicationItem) => boolean) | undefined {
  if (state.state === null && state.tier === null) return undefined;
  return (row) => (state.state === null || row.state === state.state) && (state.tier === null || row.tier === state.tier);
}

/** What runs here, who owns it, and is its data current? */
export function ApplicationsPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl();
  const { state } = url;
  useTitle(t('applications.title'));
  return (
    <>
      <PageHeader
        title={t('applications.title')}
        scope={t('applications.scope')}
        controls={
          <Link to="/w/$workspace/suggestions" params={{ workspace }} search={{}}>
            {t('applications.suggestions')}
          </Link>
        }
        url={url}
      />
      <Filters url={url} workspace={workspace} />
      <ApplicationsTable
        title={t('applications.title')}
        params={{ workspace, limit: 100, ...(state.group && { group: state.group }), ...(state.q && { q: state.q }) }}
        url={url}
        keep={keeps(state)}
        empty={(loaded, more) => <NoRows url={url} loaded={loaded} more={more} />}
      />
    </>
  );
}

function NoRows({ url, loaded, more }: { url: Url; loaded: number; more: boolean }) {
  const { t } = useT();
  const { q, group, state, tier } = url.state;
  const filters = [
    q && `${t('applications.search')}: ${q}`,
    group && `${t('applications.group')}: ${group}`,
    state && `${t('applications.state')}: ${t(`state.${state}`)}`,
    tier !== null && `${t('applications.tier')}: ${tierText(tier, t)}`,
  ].filter((text) => text !== false && text !== null && text !== '');
  if (filters.length === 0) return <EmptyState title={t('applications.none')}>{t('applications.none_text')}</EmptyState>;
  const clear = () => url.update({ q: '', group: null, state: null, tier: null });
  return (
    <EmptyState
      title={t('applications.filtered')}
      action={
        <Button size="xs" variant="default" onClick={clear}>
          {t('empty.clear')}
        </Button>
      }
    >
      {t('applications.filtered_text', { filters: filters.join(', ') })}
      {loaded > 0 && more && ` ${t('applications.filtered_more')}`}
    </EmptyState>
  );
}

function Filters({ url, workspace }: { url: Url; workspace: string }) {
  const { t } = useT();
  const { state, update } = url;
  const groups = useQuery(groupsQuery(workspace));
  return (
    <search className={styles.filters}>
      <SearchField
        label={t('applications.search')}
        placeholder={t('applications.search_hint')}
        value={state.q}
        onChange={(q) => update({ q })}
      />
      <NativeSelect
        size="xs"
        label={t('applications.group')}
        value={state.group ?? ''}
        onChange={(event) => update({ group: event.currentTarget.value || null })}
        data={[
          { value: '', label: t('applications.all_groups') },
          ...(groups.data?.items ?? []).map((group) => ({ value: group.slug, label: group.name })),
        ]}
      />
      <NativeSelect
        size="xs"
        label={t('applications.state')}
        value={state.state ?? ''}
        onChange={(event) => update({ state: dataStates.find((known) => known === event.currentTarget.value) ?? null })}
        data={[
          { value: '', label: t('applications.all_states') },
          ...dataStates.map((known) => ({ value: known, label: t(`state.${known}`) })),
        ]}
      />
      <NativeSelect
        size="xs"
        label={t('applications.tier')}
        value={state.tier === null ? '' : String(state.tier)}
        onChange={(event) => update({ tier: event.currentTarget.value === '' ? null : Number(event.currentTarget.value) })}
        data={[
          { value: '', label: t('applications.all_tiers') },
          ...tiers.map((tier) => ({ value: String(tier), label: tierText(tier, t) })),
        ]}
      />
    </search>
  );
}
