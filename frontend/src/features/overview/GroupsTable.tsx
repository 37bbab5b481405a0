import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { GroupRow, MetricName } from '../../api/types';
import { Sparkline } from '../../charts';
import { useT, type Translate } from '../../i18n/useT';
import { CsvButton, DataTable, type Column } from '../../ui/DataTable';
import { Delta } from '../../ui/Delta';
import { formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StateBadge } from '../../ui/StateBadge';
import { EmptyState } from '../../ui/states';
import { TableExport } from '../../ui/TableExport';
import { windowOf } from '../../url/state';
import type { Url } from '../../url/useUrl';
import { stateStatus } from '../delivery/dataState';
import { casesOf, formatMetric, shownValue } from '../delivery/figures';
import styles from './overview.module.css';

type Sparked = keyof GroupRow['sparks'];

interface CellProps {
  readonly row: GroupRow;
  readonly metric: MetricName;
  readonly compare: boolean;
}

/** A sparkline of fewer points is no line. */
const leastPoints = 5;

/** Why a cell has no value. */
function missingText(row: GroupRow, metric: MetricName, t: Translate): string {
  const n = casesOf(metric, row.report);
  if (n === 0) return t('tile.no_data');
  return row.report[metric].withheld === 'too_few' ? `${t('tile.too_few')} (${n})` : t('tile.withheld');
}

function FigureCell({ row, metric, compare }: CellProps) {
  const { t, locale } = useT();
  const value = shownValue(metric, row.report);
  const n = casesOf(metric, row.report);
  if (value === null) {
    return (
      <span className={styles.figure} data-alone={compare ? undefined : ''}>
        <span className={styles.few} title={t('attention.n', { n: formatNumber(n, locale) })}>
          {missingText(row, metric, t)}
        </span>
      </span>
    );
  }
  return (
    <span className={styles.figure} data-alone={compare ? undefined : ''}>
      <span>{formatMetric(metric, value, t, locale)}</span>
      {compare && <Delta change={row.comparison[metric]} />}
    </span>
  );
}

function SparkCell({ row, metric, compare }: CellProps & { metric: Sparked }) {
  const { t, locale } = useT();
  const values = row.sparks[metric] ?? [];
  const format = (value: number) =>
    metric === 'deployment_frequency' ? formatNumber(value, locale) : formatMetric(metric, value, t, locale);
  return (
    <span className={styles.sparkCell}>
      {values.filter((value) => value !== null).length >= leastPoints ? (
        <Sparkline values={values} label={t(`metric.${metric}`)} format={format} width={60} height={22} />
      ) : (
        <span />
      )}
      <FigureCell row={row} metric={metric} compare={compare} />
    </span>
  );
}

const sparked: readonly { readonly metric: Sparked; readonly id: string; readonly header: 'column.lead' | 'column.frequency' | 'column.fail' }[] = [
  { metric: 'change_lead_time', id: 'lead', header: 'column.lead' },
  { metric: 'deployment_frequency', id: 'frequency', header: 'column.frequency' },
  { metric: 'change_fail_rate', id: 'fail', header: 'column.fail' },
];

/** How each metric is named in a CSV file. */
function csvHeader(metric: MetricName, header: string, t: Translate): string {
  if (metric === 'deployment_frequency') return t('csv.per_day', { column: header });
  return metric === 'change_fail_rate' ? t('csv.share', { column: header }) : t('csv.median_seconds', { column: header });
}

/** The columns of a list of teams. */
export function groupColumns(workspace: string, compare: boolean, t: Translate): readonly Column<GroupRow>[] {
  return [
    {
      id: 'group',
      header: t('column.group'),
      sortValue: (row) => row.name,
      render: (row) => (
        <>
          <Link to="/w/$workspace/groups/$slug" params={{ workspace, slug: row.slug }} search={{}}>
            {row.name}
          </Link>{' '}
          <small className={styles.apps}>{t('unit.n_applications', { n: row.applications })}</small>
        </>
      ),
      csv: [
        { header: t('column.group'), value: (row) => row.name },
        { header: t('column.applications'), value: (row) => row.applications },
      ],
    },
    ...sparked.map(({ metric, id, header }): Column<GroupRow> => ({
      id,
      header: t(header),
      align: 'end',
      sortValue: (row) => shownValue(metric, row.report),
      render: (row) => <SparkCell row={row} metric={metric} compare={compare} />,
      csv: [{ header: csvHeader(metric, t(header), t), value: (row) => shownValue(metric, row.report) }],
    })),
    {
      id: 'recovery',
      header: t('column.recovery'),
      align: 'end',
      sortValue: (row) => shownValue('failed_deployment_recovery_time', row.report),
      render: (row) => <FigureCell row={row} metric="failed_deployment_recovery_time" compare={compare} />,
      csv: [
        {
          header: t('csv.median_seconds', { column: t('column.recovery') }),
          value: (row) => shownValue('failed_deployment_recovery_time', row.report),
        },
      ],
    },
    {
      id: 'data',
      header: t('column.data'),
      align: 'end',
      sortValue: (row) => row.state,
      render: (row) => <StateBadge status={stateStatus[row.state]}>{t(`state.${row.state}`)}</StateBadge>,
      csv: [{ header: t('column.data'), value: (row) => row.state }],
    },
  ];
}

interface GroupsTableProps {
  readonly rows: readonly GroupRow[];
  readonly workspace: string;
  readonly compare: boolean;
  readonly url: Url;
}

/** The teams with their figures; rows lead to the team's page. */
export function GroupsTable({ rows, workspace, compare, url }: GroupsTableProps) {
  const { t } = useT();
  const navigate = useNavigate();
  const columns = useMemo(() => groupColumns(workspace, compare, t), [workspace, compare, t]);
  const name = t('overview.groups');
  const shared = { name, columns, rows, sort: url.state.sort, fileName: `teams-${workspace}` };
  if (rows.length === 0) {
    return (
      <Panel title={name}>
        <EmptyState title={t('overview.groups_empty')} />
      </Panel>
    );
  }
  return (
    <Panel
      title={name}
      action={
        <TableExport table="groups" name={name} params={{ workspace, ...windowOf(url.state.range), group: url.state.group }}>
          <CsvButton {...shared} />
        </TableExport>
      }
    >
      <DataTable
        {...shared}
        rowKey={(row) => row.slug}
        onSort={(sort) => url.update({ sort })}
        onOpen={(row) => void navigate({ to: '/w/$workspace/groups/$slug', params: { workspace, slug: row.slug }, search: {} })}
      />
    </Panel>
  );
}
