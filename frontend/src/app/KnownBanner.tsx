import { useNavigate } from '@tanstack/react-router';
import { useContext } from 'react';
import { useT } from '../i18n/useT';
import { formatDateTime } from '../ui/format';
import { IconHistory } from '../ui/icons';
import { FreshnessValue } from './freshness';
import styles from './known.module.css';

/** Says that the page shows what was known at an instant, and leads back to the present. */
export function KnownBanner({ asOf }: { asOf: string }) {
  const { t, locale } = useT();
  const { timeZone } = useContext(FreshnessValue);
  const navigate = useNavigate();
  const back = () => void navigate({ to: '.', search: (before) => ({ ...before, as_of: '' }), replace: false });
  return (
    <div className={styles.known}>
      <IconHistory size={16} aria-hidden />
      <output>{t('known.banner', { time: formatDateTime(asOf, locale, timeZone), zone: timeZone })}</output>
      <span className={styles.hint}>{t('known.hint')}</span>
      <button type="button" className="ek-link" onClick={back}>
        {t('known.live')}
      </button>
    </div>
  );
}
