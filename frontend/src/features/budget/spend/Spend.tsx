import { useQuery } from '@tanstack/react-query';
import { objectiveParams, spendQuery, type SloRow, type Spend, type SpendEntry } from '../../../api/slos';
import { MarkShape } from '../../../charts/MarkShape';
import type { MarkKind } from '../../../charts/burndown';
import { useT } from '../../../i18n/useT';
import { FactLink } from '../../../ui/FactLink';
import { formatDateTime, formatDuration, formatPercent, noValue } from '../../../ui/format';
import { LongWait } from '../../../ui/LongWait';
import { EmptyState, ErrorState } from '../../../ui/states';
import { Skeletons } from '../../application/Skeletons';
import styles from '../budget.module.css';
import { amountText, spentText } from '../words';
import { Evidence } from './Evidence';
import { waterfall, type Bar } from './waterfall';

/** What stands in a row of the ledger; the remainder that nothing explains is one too. */
type Kind = SpendEntry['kind'] | 'unattributed';

const shapeOf: Readonly<Record<Kind, MarkKind | null>> = {
  deployment: 'deployment',
  flag_change: 'flag_change',
  incident: 'incident',
  joint: null,
  unattributed: null,
};

interface SpendPanelProps {
  readonly workspace: string;
  readonly row: SloRow;
}

/** Who spent the budget: a ledger whose bars begin where the one above ended. */
export function SpendPanel({ workspace, row }: SpendPanelProps) {
  const { t } = useT();
  const query = useQuery(spendQuery(objectiveParams(workspace, row)));
  if (query.isPending) {
    return (
      <div aria-busy="true">
        <LongWait />
        <Skeletons height={220} />
      </div>
    );
  }
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (row.total === 0) {
    return <EmptyState title={t('budget.spend.unknown')}>{t('budget.spend.unknown_text')}</EmptyState>;
  }
  if (query.data.bad === 0) {
    return (
      <EmptyState title={t('budget.spend.none')} status="good">
        {t('budget.spend.none_text')}
      </EmptyState>
    );
  }
  return <Ledger spend={query.data} workspace={workspace} row={row} />;
}

interface LedgerProps extends SpendPanelProps {
  readonly spend: Spend;
}

/** A row of the ledger; what was spent is a share of the whole budget. */
interface Line extends Pick<SpendEntry, 'causes' | 'bad' | 'budget'> {
  readonly kind: Kind;
  /** Null for what is left over. */
  readonly evidence: SpendEntry['evidence'] | null;
  /** What the baseline's interval allows; null for what is left over. */
  readonly interval: readonly [low: number, high: number] | null;
  /** How long it was bad; null for what is left over. */
  readonly minutes: number | null;
}

/** The entries, and what none of them explains, so that the lines add up to what was consumed. */
export function linesOf(spend: Spend): Line[] {
  const lines: Line[] = spend.entries.map((entry) => ({ ...entry, interval: [entry.low, entry.high] }));
  if (spend.unattributed > 0) {
    const budget = spend.consumed === null ? null : (spend.unattributed / spend.bad) * spend.consumed;
    lines.push({ kind: 'unattributed', causes: [], bad: spend.unattributed, budget, interval: null, minutes: null, evidence: null });
  }
  return lines;
}

/** The lines, their bars and their sum. */
export function Ledger({ spend, workspace, row }: LedgerProps) {
  const { t, locale } = useT();
  const lines = linesOf(spend);
  const bars = waterfall(lines.map(({ budget }) => budget ?? 0));
  const most = bars.reduce((high, { to }) => Math.max(high, to), 0);
  return (
    <>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={styles.scroll} aria-label={t('table.scroll', { name: t('budget.spend.title') })} tabIndex={0}>
        <table className={styles.entries}>
          <thead>
            <tr>
              <th scope="col">{t('budget.spend.who')}</th>
              <th scope="col">{t('budget.spend.kind')}</th>
              <th scope="col" className={styles.number}>
                {t('budget.spend.share')}
              </th>
              <th scope="col" className={styles.number}>
                {t('budget.spend.amount')}
              </th>
              <th scope="col" aria-hidden="true" />
              <th scope="col">{t('budget.spend.evidence')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line, i) => (
              <Entry key={`${line.kind} ${line.causes.map(({ id }) => id).join(' ')}`} line={line} bar={bars[i]!} most={most} workspace={workspace} row={row} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                {t('budget.spend.sum')}
              </th>
              <td className={styles.number}>{formatPercent(spend.consumed, locale)}</td>
              <td className={styles.number}>{spentText(spend.bad, row, t, locale)}</td>
              <td colSpan={2}>{noValue}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      <p className={styles.quiet}>
        {row.unit === 'minutes'
          ? t('budget.spend.policy_incidents')
          : t('budget.spend.policy', { horizon: formatDuration(spend.horizon_seconds, locale), baseline: formatDuration(spend.baseline_seconds, locale) })}
      </p>
    </>
  );
}

interface EntryProps extends SpendPanelProps {
  readonly line: Line;
  readonly bar: Bar;
  /** Where the longest bar ends. */
  readonly most: number;
}

function Entry({ line, bar, most, workspace, row }: EntryProps) {
  const { t, locale } = useT();
  const shape = shapeOf[line.kind];
  const zone = row.window.zone || 'UTC';
  const [low, high] = line.interval ?? [];
  return (
    <tr>
      <th scope="row">
        {line.causes.length === 0 ? (
          <span>{t('budget.spend.unattributed')}</span>
        ) : (
          <ul className={styles.causes}>
            {line.causes.map((cause) => (
              <li key={`${cause.kind} ${cause.id}`}>
                <FactLink workspace={workspace} kind={cause.kind} id={cause.id}>
                  {cause.title}
                </FactLink>{' '}
                <span className={styles.quiet}>{formatDateTime(cause.at, locale, zone)}</span>
              </li>
            ))}
          </ul>
        )}
      </th>
      <td>
        <span className={styles.kind}>
          {shape && <MarkShape kind={shape} />}
          {t(`budget.kind.${line.kind}`)}
        </span>
      </td>
      <td className={styles.number}>
        {formatPercent(line.budget, locale)}
        {line.minutes !== null && <div className={styles.quiet}>{t('budget.spend.during', { time: formatDuration(line.minutes * 60, locale) })}</div>}
      </td>
      <td className={styles.number}>
        {spentText(line.bad, row, t, locale)}
        {low !== undefined && high !== undefined && <div className={styles.quiet}>{t('budget.spend.interval', { low: amountText(low, row, t, locale), high: amountText(high, row, t, locale) })}</div>}
      </td>
      <td aria-hidden="true">
        <Fall bar={bar} most={most} kind={line.kind} />
      </td>
      <td>{line.evidence ? <Evidence evidence={line.evidence} causes={line.causes.length} workspace={workspace} zone={zone} /> : noValue}</td>
    </tr>
  );
}

const width = 160;

/** One bar of the waterfall; the line at 100 % is the whole budget. */
function Fall({ bar, most, kind }: { bar: Bar; most: number; kind: Kind }) {
  const scale = width / Math.max(1, most);
  return (
    <svg className={styles.fall} viewBox={`0 0 ${width} 16`}>
      <line x1={scale} x2={scale} y1={0} y2={16} strokeDasharray="2 2" />
      <rect data-kind={kind} x={bar.from * scale} y={3} width={Math.max(1, (bar.to - bar.from) * scale)} height={10} />
    </svg>
  );
}
