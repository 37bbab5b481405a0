import type { AttentionItem } from '../../api/types';
import { textFor, type Translate } from '../../i18n/useT';
import { formatChange, formatDuration, formatNumber, formatPercent } from '../../ui/format';

/** How the value of a code is written. */
const units: Readonly<Record<string, 'change' | 'share' | 'days'>> = {
  fail_rate_up: 'change',
  fail_rate_from_zero: 'share',
  lead_time_up: 'change',
  recovery_up: 'change',
  low_coverage: 'share',
  stale: 'days',
  deploys_below_cadence: 'days',
};

function valueText(item: AttentionItem, locale: string): string {
  if (item.value === null) return '–';
  switch (units[item.code]) {
    case 'change':
      return formatChange(item.value, locale);
    case 'share':
      return formatPercent(item.value, locale);
    case 'days':
      return formatDuration(Math.floor(item.value) * 86_400, locale);
    default:
      return formatNumber(item.value, locale);
  }
}

/** What is wrong, where, and why it is listed. */
export function attentionText(item: AttentionItem, t: Translate, locale: string): { statement: string; why: string | null } {
  const name = item.application?.name ?? item.group?.name ?? t('attention.everything');
  const id = textFor(`attention.${item.code}`, t);
  const why = textFor(`attention.why.${item.code}`, t);
  const values = { name, value: valueText(item, locale), count: item.value ?? 0, n: formatNumber(item.n, locale) };
  return {
    statement: id ? t(id, values) : t('attention.other', { name, code: item.code }),
    why: why && t(why, values),
  };
}
