import { useT } from '../i18n/useT';
import styles from './app.module.css';

/** The product's mark and name. */
export function Mark() {
  const { t } = useT();
  return (
    <span className={styles.brand}>
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#0a6ebd" />
        <path d="M5 15h22c-.6 5.2-4.6 8.5-11 8.5S5.6 20.2 5 15Z" fill="#fff" />
        <path d="M14.4 7h3.2v8h-3.2zM13 23h6l-1.6 4h-2.8z" fill="#fff" />
      </svg>
      <span>{t('app.name')}</span>
    </span>
  );
}
