import type { Lint } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { StatusMark } from '../../ui/StateBadge';
import styles from './slos.module.css';

/** What is wrong or doubtful, with the fix. */
export function Lints({ lints }: { lints: readonly Lint[] }) {
  const { t } = useT();
  if (lints.length === 0) return null;
  return (
    <ul className={styles.lints} aria-label={t('slo.lints')}>
      {lints.map(({ field, severity, text, fix }) => (
        <li key={`${field} ${text}`}>
          <StatusMark status={severity === 'error' ? 'bad' : severity === 'warning' ? 'watch' : 'unknown'} label={severity} />
          <span>
            {field && <code>{field}</code>} {text}
            {fix && <span className={styles.quiet}> {fix}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
