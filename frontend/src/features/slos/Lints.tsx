import type { Lint } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { StatusMark } from '../../ui/StateBadge';
import { lintText } from './lint';
import styles from './slos.module.css';

/** What is wrong or doubtful, with the fix. */
export function Lints({ lints }: { lints: readonly Lint[] }) {
  const { t } = useT();
  if (lints.length === 0) return null;
  return (
    <ul className={styles.lints} aria-label={t('slo.lints')}>
      {lints.map((lint) => {
        const { field, severity } = lint;
        const { text, fix, foreign } = lintText(lint, t);
        return (
          <li key={`${field} ${lint.text}`}>
            <StatusMark status={severity === 'error' ? 'bad' : severity === 'warning' ? 'watch' : 'unknown'} label={t(`slo.severity.${severity}`)} />
            <span>
              {field && <code>{field}</code>}{' '}
              <span lang={foreign ? 'en' : undefined}>
                {text}
                {fix && <span className={styles.quiet}> {fix}</span>}
              </span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
