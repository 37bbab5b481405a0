import { useQuery } from '@tanstack/react-query';
import { burnQuery, type BurnAnswer, type ObjectiveParams, type SloRow } from '../../api/slos';
import { Bars } from '../../charts';
import { BurnRate } from '../../charts/BurnRate';
import { useT } from '../../i18n/useT';
import { formatNumber } from '../../ui/format';
import { Panel } from '../../ui/Panel';
import { ErrorState } from '../../ui/states';
import { Skeletons } from '../application/Skeletons';
import styles from './slos.module.css';

/** Spans between the instants of a rate; the last one is as long as the one before. */
export function rateSpans(rate: BurnAnswer['rate']): { from: string; to: string; complete: boolean; good: number | null; bad: number | null }[] {
  return rate.map(({ at, good, bad }, i) => {
    const next = rate[i + 1]?.at;
    const before = rate[i - 1]?.at;
    const length = before === undefined ? 3_600_000 : Date.parse(at) - Date.parse(before);
    return { from: at, to: next ?? new Date(Date.parse(at) + length).toISOString(), complete: next !== undefined, good, bad };
  });
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
  const spans = rateSpans(data.rate);
  const shared = { timeZone: row.window.zone || 'UTC', headingLevel: 2 as const, height: 200 };
  const unit = t(`slo.unit.${row.unit}`);
  return (
    <>
      <Panel>
        <BurnRate
          {...shared}
          title={t('slo.burn')}
          height={280}
          caption={t('slo.burn_caption')}
          fileName={`${row.name}-burn`}
          series={data.series}
          thresholds={data.rows.map(({ severity, factor }) => ({ factor, label: `${severity} ${formatNumber(factor, locale, 2)}` })).filter((one, i, all) => all.findIndex(({ label }) => label === one.label) === i)}
        />
        <AlertRows rows={data.rows} />
      </Panel>
      <div className={styles.pair}>
        <Panel>
          <Bars {...shared} title={t('slo.rate')} caption={t('slo.rate_caption')} fileName={`${row.name}-rate`} valueLabel={unit} buckets={spans.map(({ from, to, complete, good, bad }) => ({ from, to, complete, value: good === null && bad === null ? null : (good ?? 0) + (bad ?? 0) }))} />
        </Panel>
        <Panel>
          <Bars {...shared} title={t('slo.rate_bad')} caption={t('slo.rate_bad_caption')} fileName={`${row.name}-bad`} valueLabel={unit} buckets={spans.map(({ from, to, complete, bad }) => ({ from, to, complete, value: bad }))} />
        </Panel>
      </div>
    </>
  );
}

/** The conditions of the alerts: both windows must exceed the factor. */
function AlertRows({ rows }: { rows: BurnAnswer['rows'] }) {
  const { t, locale } = useT();
  if (rows.length === 0) return <p className={styles.quiet}>{t('slo.no_alerts')}</p>;
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} aria-label={t('slo.alert_rows')} tabIndex={0}>
      <table className={styles.table}>
        <caption className={styles.quiet}>{t('slo.alert_rows')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('slo.alert.severity')}</th>
            <th scope="col">{t('slo.alert.windows')}</th>
            <th scope="col">{t('slo.alert.factor')}</th>
            <th scope="col">{t('slo.alert.reachable')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ severity, long, short, factor, reachable }) => (
            <tr key={`${severity} ${long} ${short}`}>
              <th scope="row">{severity}</th>
              <td>{t('slo.alert.both', { long, short })}</td>
              <td>{formatNumber(factor, locale, 2)}</td>
              <td>{t(reachable ? 'chart.yes' : 'slo.alert.unreachable')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
