import type { DeploymentStory } from '../../api/types';
import { useT, type Translate } from '../../i18n/useT';
import { CsvButton, DataTable, type Column } from '../../ui/DataTable';
import { FactLink } from '../../ui/FactLink';
import { formatDateTime, formatDuration, formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { StateBadge } from '../../ui/StateBadge';
import classes from './deployment.module.css';
import { nothingShipped } from './words';

type ShippedChange = DeploymentStory['changes'][number];

function columns(workspace: string, t: Translate, locale: string): Column<ShippedChange>[] {
  return [
    {
      id: 'change',
      header: t('delivery.column.change'),
      render: (row) => (
        <FactLink workspace={workspace} kind="change" id={row.id}>
          {row.number ? `#${row.number}` : row.id.slice(0, 10)}
        </FactLink>
      ),
      csv: [{ header: t('delivery.column.change'), value: (row) => (row.number ? `#${row.number}` : row.id) }],
    },
    {
      id: 'repository',
      header: t('delivery.column.repository'),
      render: (row) => row.repository,
      csv: [{ header: t('delivery.column.repository'), value: (row) => row.repository }],
    },
    {
      id: 'merged',
      header: t('delivery.column.merged'),
      render: (row) => formatDateTime(row.merged_at, locale),
      csv: [{ header: t('delivery.column.merged'), value: (row) => row.merged_at }],
    },
    {
      id: 'lead',
      header: t('delivery.column.lead'),
      align: 'end',
      render: (row) => (row.lead_seconds === null ? t('deployment.no_lead') : formatDuration(row.lead_seconds, locale)),
      csv: [{ header: t('delivery.column.lead_seconds'), value: (row) => row.lead_seconds }],
    },
    {
      id: 'found',
      header: t('deployment.found'),
      render: (row) => `${t(`deployment.found.${row.method}`)}, ${t(`deployment.confidence.${row.confidence}`)}`,
      csv: [
        { header: t('deployment.found'), value: (row) => row.method },
        { header: t('deployment.confidence'), value: (row) => row.confidence },
      ],
    },
    {
      id: 'mark',
      header: t('deployment.mark'),
      render: (row) =>
        row.revert_of ? <StateBadge status="watch">{t('deployment.reverts', { change: revertName(row.revert_of) })}</StateBadge> : '',
      csv: [{ header: t('deployment.mark'), value: (row) => row.revert_of }],
    },
  ];
}

/** A change that was taken back: its number, or its short commit. */
function revertName(text: string): string {
  return /^[0-9a-f]{12,}$/.test(text) ? text.slice(0, 10) : text;
}

/** The changes that first reached the environment with this deployment, and how sure that is. */
export function Shipped({ workspace, story }: { workspace: string; story: DeploymentStory }) {
  const { t, locale } = useT();
  const { changes, commits, method } = story;
  const title = t('deployment.shipped');
  const table = { name: title, columns: columns(workspace, t, locale), rows: changes, sort: null, fileName: 'shipped-changes' };
  if (changes.length === 0) {
    return (
      <Panel title={title}>
        <p>{nothingShipped(story, t)}</p>
        {commits > 0 && <p className={classes.quiet}>{t('deployment.commits', { count: commits, text: formatNumber(commits, locale) })}</p>}
      </Panel>
    );
  }
  const summary = { changes: changes.length, commits, commitsText: formatNumber(commits, locale) };
  return (
    <Panel title={title} action={<CsvButton {...table} />}>
      <p>{t('deployment.summary', summary)}</p>
      <p className={classes.quiet}>{t(`deployment.method.${method}`)}</p>
      <DataTable {...table} rowKey={(row) => row.id} onSort={() => {}} />
    </Panel>
  );
}
