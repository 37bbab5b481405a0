import { useQuery } from '@tanstack/react-query';
import { spendQuery, type ObjectiveParams, type Spend, type SpendEntry } from '../../api/slos';
import { MarkShape } from '../../charts/MarkShape';
import type { MarkKind } from '../../charts/burndown';
import { useT } from '../../i18n/useT';
import { FactLink } from '../../ui/FactLink';
import { formatDateTime, formatDuration, formatPercent, noValue } from '../../ui/format';
import { LongWait } from '../../ui/LongWait';
import { EmptyState, ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import styles from './budget.module.css';
import { spentText } from './words';
import { waterfall, type Bar } from './waterfall';

const shapeOf: Readonly<Record<SpendEntry['kind'], MarkKind | null>> = {
  deployment: 'deployment',
  flag_change: 'flag_change',
  incident: 'incident',
  joint: null,
  unattributed: null,
};

interface SpendPanelProps extends ObjectiveParams {
  readonly timeZone: string;
}

/** Who spent the budget: a ledger whose bars begin where the one above ended. */
export function SpendPanel({ timeZone, ...params }: SpendPanelProps) {
  const { t } = useT();
  const query = useQuery(spendQuery(params));
  if (query.isPending) {
    return (
      <div aria-busy="true">
        <LongWait />
        <Skeletons height={220} />
      </div>
    );
  }
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.entries.length === 0) {
    return (
      <EmptyState title={t('budget.spend.none')} status="good">
        {t('budget.spend.none_text')}
      </EmptyState>
    );
  }
  return <Ledger spend={query.data} workspace={params.workspace} timeZone={timeZone} />;
}

interface LedgerProps {
  readonly spend: Spend;
  readonly workspace: string;
  readonly timeZone: string;
}

/** The entries, their bars and their sum. */
export function Ledger({ spend, workspace, timeZone }: LedgerProps) {
  const { t, locale } = useT();
  const bars = waterfall(spend.entries.map(({ share }) => share));
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
            {spend.entries.map((entry, i) => (
              <Entry key={`${entry.kind} ${entry.causes.map(({ id }) => id).join(' ')}`} entry={entry} bar={bars[i]!} most={most} spend={spend} workspace={workspace} timeZone={timeZone} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                {t('budget.spend.sum')}
              </th>
              <td className={styles.number}>{formatPercent(spend.consumed, locale)}</td>
              <td className={styles.number}>{spentText(spend.bad, spend, minutesOf(spend), t, locale)}</td>
              <td colSpan={2}>{noValue}</td>
            </tr>
          </tfoot>
        </table>
      </section>
      <p className={styles.quiet}>
        {t('budget.spend.policy', { horizon: formatDuration(spend.horizon_seconds, locale), baseline: formatDuration(spend.baseline_seconds, locale) })}
      </p>
    </>
  );
}

/** The minutes of all entries; null where one has none. */
function minutesOf(spend: Spend): number | null {
  return spend.entries.reduce<number | null>((sum, { minutes }) => (sum === null || minutes === null ? null : sum + minutes), 0);
}

interface EntryProps extends LedgerProps {
  readonly entry: SpendEntry;
  readonly bar: Bar;
  /** Where the longest bar ends. */
  readonly most: number;
}

function Entry({ entry, bar, most, spend, workspace, timeZone }: EntryProps) {
  const { t, locale } = useT();
  const shape = shapeOf[entry.kind];
  const interval = entry.low === null || entry.high === null ? null : t('budget.spend.interval', { low: formatPercent(entry.low, locale), high: formatPercent(entry.high, locale) });
  return (
    <tr>
      <th scope="row">
        {entry.causes.length === 0 ? (
          <span>{t('budget.spend.unattributed')}</span>
        ) : (
          <ul className={styles.causes}>
            {entry.causes.map((cause) => (
              <li key={`${cause.kind} ${cause.id}`}>
                <FactLink workspace={workspace} kind={cause.kind} id={cause.id}>
                  {cause.title}
                </FactLink>{' '}
                <span className={styles.quiet}>{formatDateTime(cause.at, locale, timeZone)}</span>
              </li>
            ))}
          </ul>
        )}
      </th>
      <td>
        <span className={styles.kind}>
          {shape && <MarkShape kind={shape} />}
          {t(`budget.kind.${entry.kind}`)}
        </span>
      </td>
      <td className={styles.number}>
        {formatPercent(entry.share, locale)}
        {interval && <div className={styles.quiet}>{interval}</div>}
      </td>
      <td className={styles.number}>{spentText(entry.bad, spend, entry.minutes, t, locale)}</td>
      <td aria-hidden="true">
        <Fall bar={bar} most={most} kind={entry.kind} />
      </td>
      <td>{entry.evidence || noValue}</td>
    </tr>
  );
}

const width = 160;

/** One bar of the waterfall; the line at 100 % is the whole budget. */
function Fall({ bar, most, kind }: { bar: Bar; most: number; kind: SpendEntry['kind'] }) {
  const scale = width / Math.max(1, most);
  return (
    <svg className={styles.fall} viewBox={`0 0 ${width} 16`}>
      <line x1={scale} x2={scale} y1={0} y2={16} strokeDasharray="2 2" />
      <rect data-kind={kind} x={bar.from * scale} y={3} width={Math.max(1, (bar.to - bar.from) * scale)} height={10} />
    </svg>
  );
}
