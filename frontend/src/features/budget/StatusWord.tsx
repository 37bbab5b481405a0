import type { SloRow } from '../../api/slos';
import { useT } from '../../i18n/useT';
import { StateBadge } from '../../ui/StateBadge';
import { statusMark } from './words';

/** The status of a budget as shape, colour and word; the reason stands in the tooltip and for screen readers. */
export function StatusWord({ row }: { row: Pick<SloRow, 'status' | 'reason'> }) {
  const { t } = useT();
  return (
    <span title={row.reason || undefined}>
      <StateBadge status={statusMark[row.status]}>{t(`budget.status.${row.status}`)}</StateBadge>
      {row.reason && <span className="ek-hidden">: {row.reason}</span>}
    </span>
  );
}
