import { useQuery } from '@tanstack/react-query';
import { burnQuery, type BurnAnswer, type ObjectiveParams, type SloRow } from '../../api/slos';
import { Bars } from '../../charts';
import { BurnRate, type BurnSeries } from '../../charts/BurnRate';
import { useT } from '../../i18n/useT';
import { formatDuration, formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import { burnText, spentText } from '../budget/words';
import styles from './slos.module.css';

interface RateSpan {
  from: string;
  to: string;
  complete: boolean;
  /** What there was to count; null where nothing was measured. */
  total: number | null;
  bad: number | null;
}

/** An instant some seconds later. */
const after = (at: string, seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString();

/** The stretches of a rate; one that the window's end cuts is not complete. */
export function rateSpans({ rates, step_seconds: step, window }: BurnAnswer): RateSpan[] {
  return rates.map(({ at, good, bad, no_data }) => {
    const to = after(at, step);
    const nothing = good === 0 && bad === 0 && no_data > 0;
    return { from: at, to, complete: Date.parse(to) <= Date.parse(window.to), total: nothing ? null : good + bad, bad: nothing ? null : bad };
  });
}

/** One line for each lookback; a burn is that at the end of its stretch. */
export function burnSeries({ lookbacks, rates, step_seconds: step }: BurnAnswer): BurnSeries[] {
  return lookbacks.map((lookback) => ({ lookback, points: rates.map(({ at, burn }) => ({ at: after(at, step), burn: burn[lookback] ?? null })) }));
}

interface PartProps {
  readonly params: ObjectiveParams;
  readonly row: SloRow;
}

/** How fast the budget burns, what alerts watch for, and how much there was to count. */
export function BurnRates({ params, row }: PartProps) {
  const { t, locale } = useT();
  const query = useQuery(burnQuery(params));
  const { data } = query;
  if (!data) {
    return <Panel title={t('slo.burn')}>{query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <Skeletons height={320} />}</Panel>;
  }
  const spans = rateSpans(data);
  const shared = { timeZone: row.window.zone || 'UTC', headingLevel: 2 as const, height: 200 };
  const unit = t(`slo.unit.${row.unit}`);
  return (
    <>
      <Panel>
        <BurnLines title={t('slo.burn')} caption={t('slo.burn_caption')} fileName={`${row.id}-burn`} data={data} timeZone={shared.timeZone} headingLevel={2} />
        {data.until_page !== null && <p className={styles.quiet}>{t('slo.until_page', { amount: spentText(data.until_page, row, t, locale) })}</p>}
      </Panel>
      <div className={styles.pair}>
        <Panel>
          <Bars {...shared} title={t('slo.rate')} caption={t('slo.rate_caption')} fileName={`${row.id}-rate`} valueLabel={unit} buckets={spans.map(({ from, to, complete, total }) => ({ from, to, complete, value: total }))} />
        </Panel>
        <Panel>
          <Bars {...shared} title={t('slo.rate_bad')} caption={t('slo.rate_bad_caption')} fileName={`${row.id}-bad`} valueLabel={unit} buckets={spans.map(({ from, to, complete, bad }) => ({ from, to, complete, value: bad }))} />
        </Panel>
      </div>
    </>
  );
}

interface BurnLinesProps {
  readonly title: string;
  readonly caption: string;
  readonly fileName: string;
  readonly data: BurnAnswer;
  readonly timeZone: string;
  readonly headingLevel: 2 | 3;
}

/** The burn of every lookback with the factors that alert, and the rows of the alerts. */
export function BurnLines({ data, ...shown }: BurnLinesProps) {
  const { t, locale } = useT();
  const thresholds = data.rows.map(({ severity, factor }) => ({ factor, label: `${t(`budget.severity.${severity}`)} ${formatNumber(factor, locale, 2)}` }));
  return (
    <>
      <BurnRate {...shown} height={280} series={burnSeries(data)} thresholds={thresholds.filter((one, i, all) => all.findIndex(({ label }) => label === one.label) === i)} />
      <AlertRows rows={data.rows} of={shown.title} />
    </>
  );
}

/** The conditions of the alerts: both windows must exceed the factor. */
function AlertRows({ rows, of }: { rows: BurnAnswer['rows']; of: string }) {
  const { t, locale } = useT();
  if (rows.length === 0) return <p className={styles.quiet}>{t('slo.no_alerts')}</p>;
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} aria-label={t('table.scroll', { name: `${of}: ${t('slo.alert_rows')}` })} tabIndex={0}>
      <table className={styles.table}>
        <caption className={styles.quiet}>{t('slo.alert_rows')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('slo.alert.severity')}</th>
            <th scope="col">{t('slo.alert.windows')}</th>
            <th scope="col">{t('slo.alert.factor')}</th>
            <th scope="col">{t('slo.alert.burns')}</th>
            <th scope="col">{t('slo.alert.state')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ severity, policy, long, short, factor, meeting, for_seconds, capped, burn_long, burn_short, over, held }) => (
            <tr key={`${severity} ${policy ?? ''} ${long} ${short}`}>
              <th scope="row">{t(`budget.severity.${severity}`)}</th>
              <td>
                {long === short ? long : t('slo.alert.both', { long, short })}
                {policy !== null && <div className={styles.quiet}>{t('slo.alert.policy', { policy })}</div>}
              </td>
              <td>
                {formatNumber(factor, locale, 2)}
                {meeting && <div className={styles.quiet}>{t('slo.alert.meeting')}</div>}
                {for_seconds > 0 && <div className={styles.quiet}>{t('slo.alert.for', { duration: formatDuration(for_seconds, locale) })}</div>}
                {capped && <div className={styles.quiet}>{t('slo.alert.capped')}</div>}
              </td>
              <td>{long === short ? burnText(burn_long, locale) : t('slo.alert.both', { long: burnText(burn_long, locale), short: burnText(burn_short, locale) })}</td>
              <td>{held || t(over ? 'slo.alert.over' : 'slo.alert.under')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
