import type { Break } from '../../api/types';
import { useT } from '../../i18n/useT';
import { formatDate } from '../../ui/format';
import styles from './delivery.module.css';

/** Where other rules begin within what is shown: figures across it are not compared. */
export function Breaks({ breaks = [], timeZone }: { breaks?: readonly Break[]; timeZone: string }) {
  const { t, locale } = useT();
  if (breaks.length === 0) return null;
  return (
    <ul className={styles.breaks} aria-label={t('delivery.breaks')}>
      {breaks.map(({ at, version, note }) => (
        <li key={at}>{t('delivery.break', { day: formatDate(at, locale, timeZone), version, note })}</li>
      ))}
    </ul>
  );
}
