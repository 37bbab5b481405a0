import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { known } from '../../api/known';
import { groupsQuery } from '../../api/queries';
import { slosQuery, sloStatuses, type SlosParams } from '../../api/slos';
import { useTitle } from '../../app/title';
import { useT } from '../../i18n/useT';
import { Command } from '../../ui/Command';
import { CsvButton, DataTable } from '../../ui/DataTable';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { SearchField } from '../../ui/SearchField';
import { EmptyState, ErrorState } from '../../ui/states';
import type { UrlState } from '../../url/state';
import { useUrl, type Url } from '../../url/useUrl';
import { Skeletons } from '../application/Skeletons';
import { rowKey, sloColumns, sloSearch } from '../budget/columns';
import styles from './slos.module.css';

/** What the address asks for. */
export function paramsOf(workspace: string, state: Pick<UrlState, 'app' | 'group' | 'q' | 'status'>): SlosParams {
  const { app, group, q, status } = state;
  const asked = sloStatuses.find((one) => one === status[0]);
  return { workspace, ...(app && { application: app }), ...(group && { group }), ...(q && { q }), ...(asked && { status: asked }) };
}

/** Which promises are at risk, the worst budget first. */
export function SlosPage() {
  const { t } = useT();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl();
  useTitle(t('slos.title'));
  return (
    <>
      <PageHeader
        title={t('slos.title')}
        scope={t('slos.scope')}
        url={url}
        controls={
          !known.asOf && (
            <div className={styles.actions}>
              <Link to="/w/$workspace/slos/suggestions" params={{ workspace }} search={{}}>
                {t('slos.suggest')}
              </Link>
              <Link className={styles.button} to="/w/$workspace/slos/new" params={{ workspace }} search={url.state.app ? { app: url.state.app } : {}}>
                {t('slos.new')}
              </Link>
            </div>
          )
        }
      />
      <Filters url={url} workspace={workspace} />
      <List url={url} workspace={workspace} />
    </>
  );
}

interface PartProps {
  readonly url: Url;
  readonly workspace: string;
}

function Filters({ url, workspace }: PartProps) {
  const { t } = useT();
  const { state, update } = url;
  const groups = useQuery(groupsQuery(workspace));
  return (
    <search className={styles.filters}>
      <SearchField label={t('slos.search')} placeholder={t('slos.search_hint')} value={state.q} onChange={(q) => update({ q })} />
      <NativeSelect
        size="xs"
        label={t('applications.group')}
        value={state.group ?? ''}
        onChange={(event) => update({ group: event.currentTarget.value || null })}
        data={[{ value: '', label: t('applications.all_groups') }, ...(groups.data?.items ?? []).map((group) => ({ value: group.slug, label: group.name }))]}
      />
      <NativeSelect
        size="xs"
        label={t('budget.column.status')}
        value={state.status[0] ?? ''}
        onChange={(event) => update({ status: event.currentTarget.value ? [event.currentTarget.value] : [] })}
        data={[{ value: '', label: t('slos.all_statuses') }, ...sloStatuses.map((status) => ({ value: status as string, label: t(`budget.status.${status}`) }))]}
      />
      {state.app && (
        <Button className={styles.chip} size="xs" variant="default" onClick={() => update({ app: null })}>
          {t('slos.only_application', { slug: state.app })}
        </Button>
      )}
    </search>
  );
}

function List({ url, workspace }: PartProps) {
  const { t, locale } = useT();
  const navigate = useNavigate();
  const query = useInfiniteQuery(slosQuery(paramsOf(workspace, url.state)));
  const columns = useMemo(() => sloColumns({ workspace, t, locale }), [workspace, t, locale]);
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const shared = { name: t('slos.title'), columns, rows, sort: null, fileName: `slos-${workspace}` };
  const count = rows.length > 0 && (
    <span className={styles.note}>
      <output>{t('table.count', { count: rows.length })}</output>
      <CsvButton {...shared} />
    </span>
  );
  return (
    <Panel title={t('slos.list')} action={count}>
      {query.isPending && <Skeletons height={420} />}
      {query.error && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && rows.length === 0 && <NoRows url={url} workspace={workspace} />}
      {rows.length > 0 && (
        <DataTable {...shared} rowKey={rowKey} onSort={() => {}} onOpen={(row) => void navigate({ to: '/w/$workspace/slos/$id', params: { workspace, id: row.id }, search: sloSearch(row) })} />
      )}
      {query.hasNextPage && (
        <Button className={styles.more} variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('table.more')}
        </Button>
      )}
    </Panel>
  );
}

/** Filters that leave nothing, or the ways to a first SLO. */
function NoRows({ url, workspace }: PartProps) {
  const { t } = useT();
  const { q, group, status, app } = url.state;
  if (q || group || app || status.length > 0) {
    return (
      <EmptyState
        title={t('slos.filtered')}
        action={
          <Button size="xs" variant="default" onClick={() => url.update({ q: '', group: null, status: [], app: null })}>
            {t('empty.clear')}
          </Button>
        }
      >
        {t('slos.filtered_text')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title={t('slos.none')}
      action={
        <div className={styles.ways}>
          <Link to="/w/$workspace/slos/new" params={{ workspace }} search={{}}>
            {t('slos.none_form')}
          </Link>
          <Link to="/w/$workspace/slos/suggestions" params={{ workspace }} search={{}}>
            {t('slos.none_suggest')}
          </Link>
          <p>{t('slos.none_file')}</p>
          <Command>{'evenkeel slo lint slo.yaml\nevenkeel apply -f evenkeel.yaml'}</Command>
        </div>
      }
    >
      {t('slos.none_text')}
    </EmptyState>
  );
}
