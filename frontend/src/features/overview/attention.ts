import type { AttentionItem } from '../../api/types';
import { en } from './messages.en';
import type { MessageId } from '../../i18n/i18n';
import type { Translate } from '../../i18n/useT';
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

function known(id: string): MessageId | null {
  return Object.hasOwn(en, id) ? (id as MessageId) : null;
}

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
  const id = known(`attention.${item.code}`);
  const why = known(`attention.why.${item.code}`);
  const values = { name, value: valueText(item, locale), count: item.value ?? 0, n: formatNumber(item.n, locale) };
  return {
    statement: id ? t(id, values) : t('attention.other', { name, code: item.code }),
    why: why && t(why, values),
  };
}
