import { Link } from '@tanstack/react-router';
import { signals, type CoverageCell, type CoverageGroup, type CoverageRow, type Signal } from '../../../api/quality';
import type { Translate } from '../../../i18n/useT';
import type { Column } from '../../../ui/DataTable';
import { formatDuration, formatNumber } from '../../../ui/format';
import { StatusMark } from '../../../ui/StateBadge';
import styles from './quality.module.css';
import { stateMark } from './words';

/** The server orders the pages; a loaded row keeps its place. */
const asGiven = () => null;

/** The cell that an address names. */
export const cellId = (row: CoverageRow, signal: Signal) => `${row.application.slug}:${signal}`;

/** The columns of the matrix; open shows a cell. */
export function coverageColumns(workspace: string, open: (id: string) => void, t: Translate, locale: string): readonly Column<CoverageRow>[] {
  return [
    {
      id: 'application',
      header: t('quality.application'),
      sortValue: asGiven,
      render: (row) => (
        <span className={styles.name}>
          <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug: row.application.slug }} search={{}}>
            {row.application.name}
          </Link>
          <span className={styles.quiet}>{row.group?.name ?? t('quality.no_group')}</span>
        </span>
      ),
      csv: [
        { header: t('quality.application'), value: (row) => row.application.name },
        { header: t('quality.group'), value: (row) => row.group?.name },
      ],
    },
    {
      id: 'gaps',
      header: t('quality.gaps'),
      align: 'end',
      sortValue: asGiven,
      render: (row) => formatNumber(row.gaps, locale),
      csv: [{ header: t('quality.gaps'), value: (row) => row.gaps }],
    },
    ...signals.map((signal): Column<CoverageRow> => {
      const cellOf = (row: CoverageRow) => row.cells.find((one) => one.signal === signal);
      return {
        id: signal,
        header: t(`quality.signal.${signal}`),
        sortValue: asGiven,
        render: (row) => {
          const cell = cellOf(row);
          return cell && <Cell cell={cell} row={row} onOpen={() => open(cellId(row, signal))} t={t} locale={locale} />;
        },
        csv: [
          { header: t(`quality.signal.${signal}`), value: (row) => cellOf(row)?.state },
          { header: `${t(`quality.signal.${signal}`)}, ${t('quality.cell.last')}`, value: (row) => cellOf(row)?.last_at },
        ],
      };
    }),
  ];
}

interface CellProps {
  readonly cell: CoverageCell;
  readonly row: CoverageRow;
  readonly onOpen: () => void;
  readonly t: Translate;
  readonly locale: string;
}

/** A state as mark and word, with how old the last fact is. */
function Cell({ cell, row, onOpen, t, locale }: CellProps) {
  const state = t(`quality.state.${cell.state}`);
  const name = t('quality.cell_label', { signal: t(`quality.signal.${cell.signal}`), application: row.application.name });
  return (
    <button type="button" className={styles.cell} data-state={cell.state} onClick={onOpen}>
      <span className="ek-hidden">{name} </span>
      <span className={styles.state}>
        <StatusMark status={stateMark[cell.state]} size={13} />
        {state}
      </span>
      <span className={styles.quiet}>{cell.silent_seconds === null ? '\u00a0' : formatDuration(Math.abs(cell.silent_seconds), locale)}</span>
    </button>
  );
}

/** The columns of the matrix by group; choose narrows to a group. */
export function groupColumns(choose: (group: string) => void, t: Translate, locale: string): readonly Column<CoverageGroup>[] {
  return [
    {
      id: 'group',
      header: t('quality.group'),
      render: (row) => (
        <span className={styles.name}>
          <button type="button" className="ek-link" onClick={() => choose(row.group.slug)}>
            {row.group.name}
          </button>
          <span className={styles.quiet}>{row.path.join(' / ') || '\u00a0'}</span>
        </span>
      ),
    },
    { id: 'applications', header: t('quality.applications'), align: 'end', render: (row) => formatNumber(row.applications, locale) },
    { id: 'gaps', header: t('quality.gaps'), align: 'end', render: (row) => formatNumber(row.gaps, locale) },
    ...signals.map((signal): Column<CoverageGroup> => ({
      id: signal,
      header: t(`quality.signal.${signal}`),
      render: (row) => {
        const counts = row.signals.find((one) => one.signal === signal);
        if (!counts) return null;
        const { flowing, stale, never } = counts;
        const of = flowing + stale + never;
        if (of === 0) return <span className={styles.quiet}>{t('quality.state.not_expected')}</span>;
        const status = never > 0 ? 'bad' : stale > 0 ? 'watch' : 'good';
        const numbers = { flowing: formatNumber(flowing, locale), of: formatNumber(of, locale), stale: formatNumber(stale, locale), never: formatNumber(never, locale) };
        return (
          <span className={styles.state}>
            <StatusMark status={status} size={13} label={t('quality.group_cell_label', { ...numbers, signal: t(`quality.signal.${signal}`) })} />
            {t('quality.group_cell', numbers)}
          </span>
        );
      },
    })),
  ];
}
