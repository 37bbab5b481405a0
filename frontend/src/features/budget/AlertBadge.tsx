import type { SloRow } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { formatDateTime } from '../../ui/format';
import { StateBadge } from '../../ui/StateBadge';

/** The alert that stands, as shape, colour and words; nothing without one. */
export function AlertBadge({ alert, zone }: { alert: SloRow['alert']; zone: string }) {
  const { t, locale } = useT();
  if (!alert) return null;
  return (
    <span title={alert.since ? formatDateTime(alert.since, locale, zone) : undefined}>
      <StateBadge status={alert.severity === 'page' ? 'bad' : 'watch'}>{t('budget.alert', { severity: t(`budget.severity.${alert.severity}`), state: t(`budget.alert.${alert.state}`) })}</StateBadge>
    </span>
  );
}
