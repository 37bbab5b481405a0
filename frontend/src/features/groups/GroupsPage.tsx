import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { capabilitiesQuery, groupsQuery, overviewQuery } from '../../api/queries';
import type { GroupRow } from '../../api/types';
import { useFreshness } from '../../app/context';
import { useTitle } from '../../app/title';
import { useT, type Translate } from '../../i18n/useT';
import { CsvButton, DataTable, type Column } from '../../ui/DataTable';
import { LongWait } from '../../ui/LongWait';
import { PageHeader } from '../../ui/PageHeader';
import { Panel } from '../../ui/Panel';
import { EmptyState, ErrorState } from '../../ui/states';
import { TableExport } from '../../ui/TableExport';
import { grainOf, windowOf, type RangeDays } from '../../url/state';
import { useUrl } from '../../url/useUrl';
import { PeriodControls } from '../delivery/PeriodControls';
import { groupColumns } from '../overview/GroupsTable';
import { OwnershipSwitch, Segments } from './OwnershipSwitch';
import { treeRows, type TreeRow } from './tree';
import styles from '../overview/overview.module.css';

const days: RangeDays = 90;
const indent = 16;

type By = 'group' | 'capability';

const pages = { group: '/w/$workspace/groups/$slug', capability: '/w/$workspace/capabilities/$slug' } as const;

/** A group of the tree with its figures; groups that own no application themselves have none. */
interface Row extends TreeRow {
  readonly figures: GroupRow | null;
}

/** Shows a column of the overview's table where a group has figures. */
function withFigures(column: Column<GroupRow>): Column<Row> {
  return {
    ...column,
    sortValue: undefined,
    render: (row) => row.figures && column.render(row.figures),
    csv: column.csv?.map(({ header, value }) => ({ header, value: (row) => row.figures && value(row.figures) })),
  };
}

function columnsOf(workspace: string, by: By, compare: boolean, t: Translate): readonly Column<Row>[] {
  return [
    {
      id: 'group',
      header: t(by === 'group' ? 'column.group' : 'column.capability'),
      render: ({ group, depth }) => (
        <span style={{ paddingInlineStart: depth * indent }}>
          <Link to={pages[by]} params={{ workspace, slug: group.slug }} search={{}}>
            {group.name}
          </Link>{' '}
          <small className={styles.apps}>{t('unit.n_applications', { n: group.applications })}</small>
        </span>
      ),
      csv: [
        { header: t('column.group'), value: ({ group }) => group.name },
        { header: t('column.applications'), value: ({ group }) => group.applications },
      ],
    },
    ...groupColumns(workspace, compare, t).slice(1).map(withFigures),
  ];
}

/** The organisation as a tree, with the figures of its teams. */
export function GroupsPage() {
  const { t } = useT();
  const navigate = useNavigate();
  const workspace = useParams({ strict: false }).workspace ?? '';
  const url = useUrl(days);
  const { state } = url;
  const compare = state.cmp === 'prev';
  const { by, ownership } = state;
  const groups = useQuery(by === 'group' ? groupsQuery(workspace) : capabilitiesQuery(workspace));
  const figures = useQuery(
    overviewQuery({ workspace, range: state.range, grain: grainOf(state), bench: state.bench, group: null, by, ownership }),
  );
  const overview = figures.data;
  const pending = groups.isPending || figures.isPending;
  const columns = useMemo(() => columnsOf(workspace, by, compare, t), [workspace, by, compare, t]);
  const rows = useMemo(() => {
    const bySlug = new Map(overview?.groups.map((row) => [row.slug, row]));
    return treeRows(groups.data?.items ?? []).map((row) => ({ ...row, figures: bySlug.get(row.group.slug) ?? null }));
  }, [groups.data, overview]);
  useTitle(t('groups.title'));
  useFreshness(overview?.last_fact_at, overview?.time_zone);
  const shared = { name: t('groups.title'), columns, rows, sort: null, fileName: `teams-${workspace}` };
  return (
    <>
      <PageHeader
        title={t('groups.title')}
        scope={t(by === 'group' ? 'groups.scope' : 'groups.capabilities_scope')}
        controls={<PeriodControls url={url} days={days} workspace={workspace} />}
        url={url}
      />
      <OwnershipSwitch url={url}>
        <Segments
          label={t('groups.by')}
          choices={(['group', 'capability'] as const).map((value) => ({ value, label: t(`groups.by.${value}`) }))}
          value={by}
          onChange={(value) => url.update({ by: value })}
        />
      </OwnershipSwitch>
      <Panel title={t(by === 'group' ? 'groups.tree' : 'groups.capabilities')} action={rows.length > 0 && (
          <TableExport table={by === 'group' ? 'groups' : 'capabilities'} name={t('groups.title')} params={{ workspace, ...windowOf(state.range), ownership }}>
            <CsvButton {...shared} />
          </TableExport>
        )}>
        {pending && !groups.error && (
          <div aria-busy="true">
            <LongWait />
            <Skeleton height={460} />
          </div>
        )}
        {groups.error && !groups.data && <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />}
        {groups.data && rows.length === 0 && <EmptyState title={t(by === 'group' ? 'groups.none' : 'groups.no_capabilities')}>{t(by === 'group' ? 'groups.none_text' : 'groups.no_capabilities_text')}</EmptyState>}
        {rows.length > 0 && !pending && (
          <DataTable
            {...shared}
            rowKey={(row) => row.group.slug}
            onSort={() => undefined}
            onOpen={({ group }) =>
              void navigate({ to: pages[by], params: { workspace, slug: group.slug }, search: {} })
            }
          />
        )}
      </Panel>
    </>
  );
}
