import { Link } from '@tanstack/react-router';
import type { Use } from '../../api/types';
import { codeText } from '../../explain/explain';
import { useT, type Translate } from '../../i18n/useT';
import { formatDate, formatDuration } from '../../ui/format';
import { StatusMark } from '../../ui/StateBadge';
import styles from './events.module.css';

const inSeconds: readonly string[] = ['change_lead_time', 'failed_deployment_recovery_time'];

/** How a fact counts in a figure: its time, yes, or why not. */
function countedText(use: Use, t: Translate, locale: string): string {
  if (!use.included) return t('events.not_counted', { reason: use.reason ? codeText(use.reason, t) : t('events.reason_unknown') });
  const value = use.value !== null && inSeconds.includes(use.metric) ? formatDuration(use.value, locale) : null;
  return value ? t('events.counted_value', { value }) : t('events.counted');
}

/** The figures that count a fact, and why others do not. */
export function Uses({ workspace, uses }: { workspace: string; uses: readonly Use[] }) {
  const { t, locale } = useT();
  if (uses.length === 0) return <p className={styles.quiet}>{t('events.uses_none')}</p>;
  return (
    <ul className={styles.uses}>
      {uses.map((use) => (
        <li key={`${use.application.slug}/${use.metric}`}>
          <StatusMark status={use.included ? 'good' : 'unknown'} size={14} />
          <span>
            <strong>{t(`metric.${use.metric}`)}</strong>{' '}
            <Link to="/w/$workspace/applications/$slug" params={{ workspace, slug: use.application.slug }} search={{}}>
              {use.application.name}
            </Link>
          </span>
          <span className={styles.quiet}>
            {countedText(use, t, locale)}
            {use.included && use.at && ` · ${formatDate(use.at, locale)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
