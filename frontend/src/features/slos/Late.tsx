import type { SloLate } from '../../api/slos';
import { useT, type Translate } from '../../i18n/useT';
import { formatDateTime, formatDuration, formatNumber, noValue } from '../../ui/format';
import styles from './slos.module.css';

interface LateProps {
  readonly late: readonly SloLate[];
  readonly zone: string;
  /** Whether amounts are minutes of incidents. */
  readonly minutes: boolean;
}

/**
 * What became known late: when it happened, when that was known, and how much
 * history changed. What was only filled in changed nothing that was known, and
 * is folded away.
 */
export function Late({ late, zone, minutes }: LateProps) {
  const { t } = useT();
  const changed = late.filter(({ change }) => change !== null);
  const filled = late.filter(({ change }) => change === null);
  return (
    <div>
      <h3 className={styles.label}>{t('slo.late')}</h3>
      <p className={styles.quiet}>{t(late.length === 0 ? 'slo.late.none' : 'slo.late.note')}</p>
      {changed.length > 0 && <Stretches late={changed} zone={zone} minutes={minutes} name={t('slo.late')} />}
      {filled.length > 0 && (
        <details className={styles.filled}>
          <summary>{t('slo.late.filled_n', { count: filled.length })}</summary>
          <Stretches late={filled} zone={zone} minutes={minutes} name={t('slo.late.filled_n', { count: filled.length })} />
        </details>
      )}
    </div>
  );
}

function Stretches({ late, zone, minutes, name }: LateProps & { readonly name: string }) {
  const { t, locale } = useT();
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className={styles.scroll} aria-label={t('table.scroll', { name })} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('slo.late.when')}</th>
            <th scope="col">{t('slo.late.known')}</th>
            <th scope="col">{t('slo.late.change')}</th>
            <th scope="col">{t(minutes ? 'slo.late.bad_minutes' : 'slo.late.bad')}</th>
          </tr>
        </thead>
        <tbody>
          {late.map((one) => (
            <tr key={`${one.from} ${one.known_at}`}>
              <th scope="row">{t('budget.between', { from: formatDateTime(one.from, locale, zone), to: formatDateTime(one.to, locale, zone) })}</th>
              <td>
                {formatDateTime(one.known_at, locale, zone)} <div className={styles.quiet}>{t('slo.late.after', { time: formatDuration((Date.parse(one.known_at) - Date.parse(one.to)) / 1000, locale) })}</div>
              </td>
              <td>{changeText(one, t, locale)}</td>
              <td>{badText(one, t, locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** How many slices differ from what was known, in words. */
export function changeText({ change }: SloLate, t: Translate, locale: string): string {
  if (change === null) return t('slo.late.filled');
  const parts = (['altered', 'arrived', 'withdrawn'] as const).filter((kind) => change[kind] > 0).map((kind) => t(`slo.late.${kind}`, { n: change[kind], count: formatNumber(change[kind], locale) }));
  return parts.join(', ') || t('slo.late.same');
}

/** What was bad of what there was, before and now; counters have no amounts of an hour by itself. */
export function badText({ change }: SloLate, t: Translate, locale: string): string {
  if (!change?.before || !change.now) return noValue;
  const { before, now } = change;
  const amount = (value: number) => formatNumber(value, locale, Math.abs(value) < 10 ? 1 : 0);
  return t('slo.late.amounts', { bad: amount(before.bad), total: amount(before.total), bad_now: amount(now.bad), total_now: amount(now.total) });
}
