import type { WindowRate } from '../api/types';
import { useT } from '../i18n/useT';
import { formatNumber, formatPercent } from './format';
import styles from './ui.module.css';

/** The longest window that is written in hours. */
const hoursUpTo = 72;

function lengthText(seconds: number, locale: string): string {
  const hours = seconds / 3600;
  return hours <= hoursUpTo || hours % 24 !== 0 ? `${formatNumber(hours, locale, 1)} h` : `${formatNumber(hours / 24, locale)} d`;
}

/** A fail rate as each length of the failure window gives it: "24 h: 4 %, 72 h: 6 %, 7 d: 9 %". */
export function Sensitivity({ rates }: { rates: readonly WindowRate[] | undefined }) {
  const { t, locale } = useT();
  const known = rates?.filter((rate) => rate.value !== null) ?? [];
  if (known.length === 0) return null;
  return (
    <div className={styles.sensitivity}>
      <span>{t('sensitivity.label')}</span>
      <ul>
        {known.map((rate) => {
          const window = rate.window_seconds === null ? t('sensitivity.own') : lengthText(rate.window_seconds, locale);
          const value = formatPercent(rate.value, locale);
          const full = { window, value, failed: rate.failed, n: rate.n, low: formatPercent(rate.low, locale), high: formatPercent(rate.high, locale) };
          return (
            <li key={window} title={t('sensitivity.full', full)}>
              {window}: <strong>{value}</strong> {rate.in_force && t('sensitivity.in_force')}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
