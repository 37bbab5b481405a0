import type { SloRow, SloStatus } from '../../api/slos';
import type { MessageId } from '../../i18n/i18n';
import type { Translate } from '../../i18n/useT';
import { formatDate, formatDateTime, formatDuration, formatNumber, formatPercent, noValue, thinSpace } from '../../ui/format';
import type { Status } from '../../ui/StateBadge';

/** How a status is meant: its shape and colour; its word always stands beside it. */
export const statusMark: Readonly<Record<SloStatus, Status>> = {
  healthy: 'good',
  watch: 'watch',
  at_risk: 'bad',
  exhausted: 'bad',
  no_data: 'unknown',
  too_few_events: 'unknown',
};

/** Decimals of a percentage as people write it: 99.95 has 2. */
function decimalsOf(target: number): number {
  const text = String(Number((target * 100).toFixed(10)));
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
}

/** A target without rounding: "99.95 %". */
export function targetText(target: number, locale: string): string {
  return `${formatNumber(Number((target * 100).toFixed(10)), locale, 10)}${thinSpace}%`;
}

const mostDecimals = 8;

/**
 * A share beside its target, with two decimals more than the target has. What
 * is below 100 % is never written as 100 %, and what misses the target is
 * never written as the target.
 */
export function sliText(share: number | null, target: number, locale: string): string {
  if (share === null) return noValue;
  for (let digits = Math.min(mostDecimals, decimalsOf(target) + 2); digits <= mostDecimals; digits++) {
    const rounded = Number((share * 100).toFixed(digits));
    const hides = (rounded === 100 && share < 1) || (rounded >= target * 100 - 1e-12 && share < target);
    if (!hides || digits === mostDecimals) return `${formatNumber(rounded, locale, digits)}${thinSpace}%`;
  }
  return noValue;
}

/** How many seconds one of what a budget counts lasts; null for events. */
function secondsOfOne(row: Pick<SloRow, 'unit' | 'slice_seconds'>): number | null {
  if (row.unit === 'slices') return row.slice_seconds;
  return row.unit === 'minutes' ? 60 : null;
}

/** An amount of a budget: minutes of bad time, or events. */
export function amountText(amount: number | null, row: Pick<SloRow, 'unit' | 'slice_seconds'>, t: Translate, locale: string): string {
  if (amount === null) return noValue;
  const seconds = secondsOfOne(row);
  if (seconds !== null) return formatDuration(amount * seconds, locale);
  const count = formatNumber(amount, locale, Math.abs(amount) < 10 ? 1 : 0);
  return t('budget.events', { n: amount, count });
}

/** Whether what a row says is of before its data stopped: no number of it is the present's. */
export function isStale(row: Pick<SloRow, 'status' | 'budget'>): boolean {
  return row.status === 'no_data' && row.budget.remaining !== null;
}

/** What is left of a budget at present; no value where nothing was measured of late. */
export function remainingNow(row: Pick<SloRow, 'status' | 'budget'>): number | null {
  return isStale(row) ? null : row.budget.remaining;
}

/** What is left of a budget in words: "21 min left", "12 min over". */
export function leftText(row: SloRow, t: Translate, locale: string): string {
  const { left, remaining } = row.budget;
  if (isStale(row)) return t('budget.last_known', { share: formatPercent(remaining, locale) });
  if (left === null) return noValue;
  return t(left < 0 ? 'budget.over' : 'budget.left', { amount: amountText(Math.abs(left), row, t, locale) });
}

const units: Readonly<Record<string, MessageId>> = { m: 'budget.span.m', h: 'budget.span.h', d: 'budget.span.d', w: 'budget.span.w', M: 'budget.span.M', Q: 'budget.span.Q', Y: 'budget.span.Y' };

/** "30d" in words; a span that is not known stands for itself. */
export function spanWords(span: string, t: Translate): string {
  const [, count, unit = ''] = /^(\d+)([mhdwMQY])$/.exec(span) ?? [];
  const id = units[unit];
  return count && id ? t(id, { count: Number(count) }) : span;
}

export function windowWords({ window }: Pick<SloRow, 'window'>, t: Translate): string {
  return t(window.rolling ? 'budget.rolling' : 'budget.calendar', { span: spanWords(window.span, t) });
}

/** When the budget is spent: dates, or why there is none. */
export function exhaustsText(row: Pick<SloRow, 'window' | 'status' | 'budget' | 'exhausts_at' | 'exhausts_range' | 'thaws_at'>, t: Translate, locale: string): string {
  const zone = row.window.zone || 'UTC';
  if (row.status === 'exhausted') {
    return row.thaws_at ? t('budget.thaws', { at: formatDateTime(row.thaws_at, locale, zone) }) : t('budget.exhausted_now');
  }
  if (remainingNow(row) === null) return noValue;
  const { from, to } = row.exhausts_range;
  if (from && to) {
    const [first, last] = [formatDate(from, locale, zone), formatDate(to, locale, zone)];
    return first === last ? first : t('budget.between', { from: first, to: last });
  }
  if (row.exhausts_at) return formatDateTime(row.exhausts_at, locale, zone);
  return from ? t('budget.not_before', { from: formatDate(from, locale, zone) }) : t('budget.not_in_window');
}

/** A burn rate: 1 spends the budget evenly. */
export function burnText(burn: number | null | undefined, locale: string): string {
  return burn === null || burn === undefined ? noValue : `${formatNumber(burn, locale, burn < 10 ? 1 : 0)}×`;
}

export function remainingText(remaining: number | null, locale: string): string {
  return formatPercent(remaining, locale);
}

/** The name of a row: what people call it, the objective and the series where there are several. */
export function rowTitle(row: SloRow): string {
  const { name } = row;
  return [row.objective && row.objective !== name ? `${name} · ${row.objective}` : name, row.series].filter(Boolean).join(' ');
}

/** A ratio with two significant digits, however small: 0.085 %. */
export function ratioText(ratio: number, locale: string): string {
  const percent = ratio * 100;
  const digits = percent > 0 ? Math.max(0, 1 - Math.floor(Math.log10(percent))) : 0;
  return `${formatNumber(percent, locale, Math.min(digits, 20))}${thinSpace}%`;
}

/** An entry of a ledger in the unit of the budget. */
export function spentText(bad: number, row: Pick<SloRow, 'unit' | 'slice_seconds'>, t: Translate, locale: string): string {
  if (secondsOfOne(row) !== null) return amountText(bad, row, t, locale);
  return t('budget.bad_events', { n: bad, count: formatNumber(bad, locale, Math.abs(bad) < 10 ? 1 : 0) });
}
