import type { SloRow } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { StateBadge } from '../../ui/StateBadge';
import { reasonText, type Reason } from './reason';
import { statusMark } from './words';

/** The status of a budget as shape, colour and word; the reason stands in the tooltip and for screen readers. */
export function StatusWord({ row }: { row: Reason & Pick<SloRow, 'status'> }) {
  const { t, locale } = useT();
  const reason = reasonText(row, t, locale);
  return (
    <span title={reason || undefined}>
      <StateBadge status={statusMark[row.status]}>{t(`budget.status.${row.status}`)}</StateBadge>
      {reason && <span className="ek-hidden">: {reason}</span>}
    </span>
  );
}
