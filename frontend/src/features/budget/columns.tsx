import { Link } from '@tanstack/react-router';
import type { SloRow, Spender } from '../../api/slos';
import type { Translate } from '../../i18n/useT';
import type { Column } from '../../ui/DataTable';
import { FactLink } from '../../ui/FactLink';
import { formatDateTime, formatPercent, noValue } from '../../ui/format';
import { StatusMark } from '../../ui/StateBadge';
import { tierText } from '../applications/columns';
import { AlertBadge } from './AlertBadge';
import { BudgetBar } from './BudgetBar';
import styles from './budget.module.css';
import { StatusWord } from './StatusWord';
import { burnText, exhaustsText, isStale, leftText, remainingNow, remainingText, rowTitle, sliText, targetText, windowWords } from './words';

/** Names one row: an SLO has a row for each objective and series. */
export const rowKey = (row: SloRow): string => [row.id, row.objective, row.environment, row.series].join('\n');

/** The address of a row's own page. */
export function sloSearch({ objective, environment, series }: SloRow): Record<string, string> {
  return { ...(objective && { objective }), ...(environment && { environment }), ...(series && { series }) };
}

interface ColumnWords {
  readonly workspace: string;
  readonly t: Translate;
  readonly locale: string;
}

function Name({ row, workspace, t, locale, withApplication }: { row: SloRow; withApplication: boolean } & ColumnWords) {
  const { application } = row;
  return (
    <div className={styles.name}>
      <Link to="/w/$workspace/slos/$id" params={{ workspace, id: row.id }} search={sloSearch(row)}>
        {rowTitle(row)}
      </Link>
      {withApplication && (
        <span className={styles.quiet}>
          <Link className={styles.plain} to="/w/$workspace/applications/$slug" params={{ workspace, slug: application.slug }} search={{ tab: 'reliability' }}>
            {application.name}
          </Link>
          {' · '}
          {tierText(application.tier, t)}
        </span>
      )}
      {row.problem && (
        <span>
          <StatusMark status="bad" size={13} /> {t('budget.problem')} <span className={styles.quiet}>{row.problem}</span>
        </span>
      )}
      {row.low_volume && (
        <span className={styles.low} title={t('budget.low_volume_why')}>
          <StatusMark status="watch" size={13} />
          {t('budget.low_volume')}
        </span>
      )}
      <span className={styles.narrow}>
        <StatusWord row={row} /> {remainingText(remainingNow(row), locale)} · {leftText(row, t, locale)}
      </span>
    </div>
  );
}

/** The budget as a bar, a share, and what may still go wrong. */
export function BudgetCell({ row, t, locale }: { row: SloRow } & Pick<ColumnWords, 't' | 'locale'>) {
  return (
    <span className={styles.budget}>
      <BudgetBar remaining={remainingNow(row)} />
      <span className={styles.numbers}>
        <strong>{remainingText(remainingNow(row), locale)}</strong>
        <span className={styles.quiet}>{leftText(row, t, locale)}</span>
      </span>
    </span>
  );
}

function LastSpender({ spender, workspace, t, locale }: { spender: Spender | null } & ColumnWords) {
  if (!spender) return <span className={styles.quiet}>{noValue}</span>;
  return (
    <span className={styles.numbers} data-start="">
      {spender.id ? (
        <FactLink workspace={workspace} kind={spender.kind} id={spender.id}>
          {spender.title}
        </FactLink>
      ) : (
        spender.title
      )}
      <span className={styles.quiet} title={formatDateTime(spender.at, locale)}>
        {t('budget.of_spent', { kind: t(`budget.kind.${spender.kind}`), share: formatPercent(spender.share, locale) })}
      </span>
    </span>
  );
}

/** The status, the alert that stands, and those of all objectives of a composite as one. */
function State({ row, t }: { row: SloRow } & Pick<ColumnWords, 't'>) {
  const { alert, composite } = row;
  const zone = row.window.zone || 'UTC';
  return (
    <span className={styles.state}>
      <StatusWord row={row} />
      <AlertBadge alert={alert} zone={zone} />
      {composite && (
        <>
          <span className={styles.quiet}>{t('budget.composite')}</span>
          <StatusWord row={composite} />
          <AlertBadge alert={composite.alert} zone={zone} />
        </>
      )}
    </span>
  );
}

/** The columns of a list of SLOs; an application's own list leaves the application out. */
export function sloColumns(words: ColumnWords, withApplication = true): readonly Column<SloRow>[] {
  const { t, locale } = words;
  return [
    {
      id: 'slo',
      header: t('budget.column.slo'),
      render: (row) => <Name row={row} {...words} withApplication={withApplication} />,
      csv: [
        { header: t('budget.column.slo'), value: rowTitle },
        { header: t('column.application'), value: (row) => row.application.name },
        { header: t('column.tier'), value: (row) => row.application.tier || null },
      ],
    },
    {
      id: 'status',
      header: t('budget.column.status'),
      render: (row) => <State row={row} t={t} />,
      csv: [
        { header: t('budget.column.status'), value: (row) => t(`budget.status.${row.status}`) },
        { header: t('budget.column.alert'), value: (row) => row.alert && `${row.alert.severity} ${row.alert.state}` },
        { header: t('budget.csv.composite'), value: (row) => row.composite && t(`budget.status.${row.composite.status}`) },
        { header: t('budget.csv.composite_alert'), value: (row) => row.composite?.alert && `${row.composite.alert.severity} ${row.composite.alert.state}` },
      ],
    },
    {
      id: 'budget',
      header: t('budget.column.budget'),
      render: (row) => <BudgetCell row={row} t={t} locale={locale} />,
      csv: [
        { header: t('budget.csv.remaining'), value: (row) => row.budget.remaining },
        { header: t('budget.csv.left'), value: (row) => row.budget.left },
        { header: t('budget.csv.unit'), value: (row) => row.unit },
      ],
    },
    {
      id: 'sli',
      header: t('budget.column.sli'),
      align: 'end',
      render: (row) => row.problem ? noValue : (
        <span className={styles.numbers} data-wrapped="">
          {sliText(isStale(row) ? null : row.sli, row.target, locale)}
          <span className={styles.quiet}>{t('budget.target', { target: targetText(row.target, locale), window: windowWords(row, t) })}</span>
        </span>
      ),
      csv: [
        { header: t('budget.csv.sli'), value: (row) => row.sli },
        { header: t('budget.csv.target'), value: (row) => (row.problem ? null : row.target) },
        { header: t('budget.csv.window'), value: (row) => row.window.span },
      ],
    },
    {
      id: 'burn',
      header: t('budget.column.burn'),
      align: 'end',
      render: (row) => [row.burn['1h'], row.burn['6h'], row.burn['3d']].map((burn) => burnText(burn, locale)).join(' / '),
      csv: [
        { header: t('budget.csv.burn', { over: '1h' }), value: (row) => row.burn['1h'] ?? null },
        { header: t('budget.csv.burn', { over: '6h' }), value: (row) => row.burn['6h'] ?? null },
        { header: t('budget.csv.burn', { over: '3d' }), value: (row) => row.burn['3d'] ?? null },
      ],
    },
    {
      id: 'exhausts',
      header: t('budget.column.exhausts'),
      render: (row) => <span className={styles.wrapped}>{exhaustsText(row, t, locale)}</span>,
      csv: [{ header: t('budget.column.exhausts'), value: (row) => row.exhausts_at }],
    },
    {
      id: 'spender',
      header: t('budget.column.spender'),
      render: (row) => <LastSpender spender={row.last_spender} {...words} />,
      csv: [{ header: t('budget.column.spender'), value: (row) => row.last_spender?.title }],
    },
  ];
}
