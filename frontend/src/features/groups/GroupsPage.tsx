import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { groupsQuery } from '../../api/queries';
import { useTitle } from '../../app/title';
import { useT, type Translate } from '../../i18n/useT';
import { DataTable, type Column } from '../../ui/DataTable';
import { formatNumber } from '../../ui/format';
import { LongWait } from '../../ui/LongWait';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { useUrl } from '../../url/useUrl';
import { treeRows, type TreeRow } from './tree';

const indent = 22;

function columnsOf(workspace: string, t: Translate, locale: string): readonly Column<TreeRow>[] {
  return [
    {
      id: 'group',
      header: t('column.group'),
      render: ({ group, depth }) => (
        <span style={{ paddingInlineStart: depth * indent }}>
          <Link to="/w/$workspace/groups/$slug" params={{ workspace, slug: group.slug }} search={{}}>
            {group.name}
          </Link>
        </span>
      ),
    },
    {
      id: 'applications',
      header: t('column.applications'),
      align: 'end',
      render: ({ group }) => formatNumber(group.applications, locale),
    },
  ];
}

/** The organisation as a tree. */
export function GroupsPage() {
  const { t, locale } = useT();
  const navigate = useNavigate();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl();
  const query = useQuery(groupsQuery(workspace));
  const columns = useMemo(() => columnsOf(workspace, t, locale), [workspace, t, locale]);
  const rows = useMemo(() => treeRows(query.data?.items ?? []), [query.data]);
  useTitle(t('groups.title'));
  return (
    <>
      <PageHeader title={t('groups.title')} scope={t('groups.scope')} url={url} />
      <Panel>
        {query.isPending && (
          <div aria-busy="true">
            <LongWait />
            <Skeleton height={300} />
          </div>
        )}
        {query.error && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
        {query.data && rows.length === 0 && <EmptyState title={t('groups.none')}>{t('groups.none_text')}</EmptyState>}
        {rows.length > 0 && (
          <DataTable
            name={t('groups.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.group.slug}
            sort={null}
            onSort={() => undefined}
            onOpen={(row) =>
              void navigate({ to: '/w/$workspace/groups/$slug', params: { workspace, slug: row.group.slug }, search: {} })
            }
            fileName="teams"
          />
        )}
      </Panel>
    </>
  );
}
