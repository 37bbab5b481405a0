import type { SloRow, Why } from '../../api/slos';
import { textFor, type Translate, type Values } from '../../i18n/useT';
import { formatDateTime, formatNumber, formatPercent, noValue } from '../../ui/format';
import { burnText } from './words';

/** Why a budget has its status, in the server's words and as a code with what fills its sentence. */
export type Reason = Pick<SloRow, 'reason' | 'reason_code' | 'reason_asking' | 'reason_values'> & { readonly window?: Pick<SloRow['window'], 'zone'> };

/** Why a budget has its status, in the reader's words; a reason that is new to this page in the server's. */
export function reasonText(row: Reason, t: Translate, locale: string): string {
  const id = textFor(`budget.reason.${row.reason_code}`, t);
  const asking = row.reason_asking && textFor(`budget.asking.${row.reason_asking}`, t);
  if (!id || asking === null) return row.reason;
  const values = valuesOf(row, t, locale);
  const reason = t(id, values);
  return asking ? t(asking, { ...values, reason }) : reason;
}

/** Why there is no value, in the reader's words. */
export function whyText({ text, code, values }: Why, zone: string, t: Translate, locale: string): string {
  return reasonText({ reason: text, reason_code: code, reason_asking: '', reason_values: values, window: { zone } }, t, locale);
}

/** The values of a reason as people write them. */
function valuesOf({ reason_values: values, window }: Reason, t: Translate, locale: string): Values {
  const shown: Record<string, string | number> = { n: Number(values.count ?? 0) };
  for (const [name, value] of Object.entries(values)) shown[name] = valueText(name, value, window?.zone || 'UTC', t, locale);
  return shown;
}

function valueText(name: string, value: string, zone: string, t: Translate, locale: string): string {
  switch (name) {
    case 'share':
      return formatPercent(Number(value), locale);
    case 'burn':
      return burnText(Number(value), locale);
    case 'allowed':
      return formatNumber(Number(value), locale, 1);
    case 'count':
    case 'total':
      return formatNumber(Number(value), locale);
    case 'at':
    case 'since':
    case 'blind':
    case 'ended':
    case 'failing':
      return formatDateTime(value, locale, zone);
    case 'connection':
      return value || noValue;
    case 'severity':
      return t(value === 'page' ? 'budget.severity.page' : 'budget.severity.ticket');
    default:
      return value;
  }
}
