import { Link } from '@tanstack/react-router';
import type { ApplicationItem } from '../../api/types';
import type { Translate } from '../../i18n/useT';
import { formatDate, formatDateTime, formatNumber } from '../../ui/format';
import type { Column } from '../../ui/DataTable';
import { StateBadge } from '../../ui/StateBadge';
import { stateStatus } from '../delivery/dataState';
import styles from './applications.module.css';

const cadences = ['daily', 'weekly', 'monthly', 'quarterly', 'on-demand'] as const;

/** The reader's word for a wanted cadence. */
export function cadenceText(cadence: string, t: Translate): string {
  const known = cadences.find((candidate) => candidate === cadence);
  return known ? t(`cadence.${known}`) : cadence || t('cadence.none');
}

export function tierText(tier: number, t: Translate): string {
  return tier === 0 ? t('tier.none') : t('tier.value', { tier });
}

/** The columns of a list of applications; the group is left out on the group's own page. */
export function applicationColumns(workspace: string, t: Translate, locale: string, withGroup = true): readonly Column<ApplicationItem>[] {
  const columns: readonly Column<ApplicationItem>[] = [
    {
      id: 'application',
      header: t('column.application'),
      sortValue: (row) => row.name,
      render: (row) => (
        <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug: row.slug }} search={{}}>
          {row.name}
        </Link>
      ),
      csv: [{ header: t('column.application'), value: (row) => row.name }],
    },
    {
      id: 'group',
      header: t('column.group'),
      sortValue: (row) => row.group?.name ?? null,
      render: (row) =>
        row.group ? (
          <Link to="/w/$workspace/groups/$slug" params={{ workspace, slug: row.group.slug }} search={{}}>
            {row.group.name}
          </Link>
        ) : (
          <span className={styles.quiet}>{t('applications.no_group')}</span>
        ),
      csv: [{ header: t('column.group'), value: (row) => row.group?.name }],
    },
    {
      id: 'tier',
      header: t('column.tier'),
      // Unassessed comes after the assessed tiers.
      sortValue: (row) => row.tier || null,
      render: (row) => <span className={row.tier === 0 ? styles.quiet : undefined}>{tierText(row.tier, t)}</span>,
      csv: [{ header: t('column.tier'), value: (row) => row.tier || null }],
    },
    {
      id: 'cadence',
      header: t('column.cadence'),
      render: (row) => <span className={row.cadence ? undefined : styles.quiet}>{cadenceText(row.cadence, t)}</span>,
      csv: [{ header: t('column.cadence'), value: (row) => row.cadence }],
    },
    {
      id: 'last',
      header: t('column.last'),
      align: 'end',
      sortValue: (row) => row.last_deployment_at,
      render: (row) => (
        <time dateTime={row.last_deployment_at ?? undefined} title={formatDateTime(row.last_deployment_at, locale)}>
          {formatDate(row.last_deployment_at, locale)}
        </time>
      ),
      csv: [{ header: t('column.last'), value: (row) => row.last_deployment_at }],
    },
    {
      id: 'deployments',
      header: t('column.deployments'),
      align: 'end',
      sortValue: (row) => row.deployments,
      render: (row) => formatNumber(row.deployments, locale),
      csv: [{ header: t('column.deployments'), value: (row) => row.deployments }],
    },
    {
      id: 'state',
      header: t('column.state'),
      align: 'end',
      sortValue: (row) => row.state,
      render: (row) => <StateBadge status={stateStatus[row.state]}>{t(`state.${row.state}`)}</StateBadge>,
      csv: [{ header: t('column.state'), value: (row) => row.state }],
    },
  ];
  return withGroup ? columns : columns.filter((column) => column.id !== 'group');
}
