import { useId, useState } from 'react';
import { metricNames, type Overview } from '../../api/types';
import { useT } from '../../i18n/useT';
import { Delta } from '../../ui/Delta';
import { formatDate, formatLastDay, formatNumber } from '../../ui/format';
import { ChartVerdict } from '../delivery/TrendCharts';
import { casesOf, formatMetric, shownValue } from '../delivery/figures';
import { verdictSentence } from './verdict';
import styles from './overview.module.css';

/** The state of delivery in one sentence, and how it is made. */
export function Verdict({ overview }: { overview: Overview }) {
  const { t, locale } = useT();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { report, counts } = overview;
  return (
    <section className={styles.verdict} aria-labelledby={id}>
      <h2 id={id} className={styles.sentence}>
        {verdictSentence(overview.verdict, t, locale)}
      </h2>
      <p className={styles.basis}>
        {t('verdict.basis', {
          deployments: counts.deployments,
          deploymentsText: formatNumber(counts.deployments, locale),
          changes: counts.changes,
          changesText: formatNumber(counts.changes, locale),
          failed: report.change_fail_rate.failed,
          failedText: formatNumber(report.change_fail_rate.failed, locale),
        })}{' '}
        <button type="button" className="ek-link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('verdict.how')}
        </button>
      </p>
      {open && <VerdictBasis overview={overview} />}
    </section>
  );
}

function VerdictBasis({ overview }: { overview: Overview }) {
  const { t, locale } = useT();
  const { report, previous, comparison, window, previous_window: before, time_zone: zone } = overview;
  const span = (of: { from: string; to: string }) =>
    `${formatDate(of.from, locale, zone)} – ${formatLastDay(of.to, locale, zone)}`;
  return (
    <div className={styles.how}>
      <p>{t('verdict.how_text')}</p>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className={styles.howScroll} tabIndex={0} aria-label={t('verdict.how')}>
        <table className={styles.howTable}>
          <thead>
            <tr>
              <th scope="col">{t('verdict.figure')}</th>
              <th scope="col">
                {t('verdict.now')}
                <small>{span(window)}</small>
              </th>
              <th scope="col">
                {t('verdict.before')}
                <small>{span(before)}</small>
              </th>
              <th scope="col">{t('verdict.change')}</th>
              <th scope="col">{t('control.weekly')}</th>
            </tr>
          </thead>
          <tbody>
            {metricNames.map((metric) => (
              <tr key={metric}>
                <th scope="row">{t(`metric.${metric}`)}</th>
                {[report, previous].map((of, index) => (
                  <td key={index === 0 ? 'now' : 'before'}>
                    {of ? formatMetric(metric, shownValue(metric, of), t, locale) : '–'}
                    <small>{t('attention.n', { n: formatNumber(of ? casesOf(metric, of) : 0, locale) })}</small>
                  </td>
                ))}
                <td>
                  <Delta change={comparison[metric]} />
                </td>
                <td>
                  <ChartVerdict control={overview.control} metric={metric} timeZone={zone} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
