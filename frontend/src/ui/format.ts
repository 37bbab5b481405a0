/** Joins a number and its unit; narrow and never a line break. */
export const thinSpace = '\u202f';

/** The missing value. */
export const noValue = '–';

/** A number and its unit apart, so that both can be set in their own size. */
export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, digits: number, least = 0): Intl.NumberFormat {
  const key = `${locale}/${digits}/${least}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      maximumFractionDigits: digits,
      minimumFractionDigits: least,
    });
    numberFormats.set(key, format);
  }
  return format;
}

/** Writes a number with thin spaces between thousands, whatever the language. */
export function formatNumber(value: number, locale: string, digits = 0, least = 0): string {
  return numberFormat(locale, digits, least)
    .formatToParts(value)
    .map((part) => (part.type === 'group' ? thinSpace : part.value))
    .join('');
}

/** The value from which no decimal is shown: 99.95 would round to 100.0, 9.95 to 10.0. */
const hundred = 99.95;
const ten = 9.95;

/** One decimal below 100, none above. */
function formatShort(value: number, locale: string): string {
  return Math.abs(value) < hundred ? formatNumber(value, locale, 1) : formatNumber(value, locale);
}

/** Each unit of a duration: its length in seconds, from where it is used, and up to which value a decimal is shown. */
const durationUnits = [
  { unit: 'd', seconds: 86_400, from: 172_800, least: hundred },
  { unit: 'h', seconds: 3_600, from: 3_600, least: hundred },
  { unit: 'min', seconds: 60, from: 60, least: ten },
  { unit: 's', seconds: 1, from: 1, least: ten },
] as const;

/** Splits a duration in seconds: 340 ms, 42 s, 12 min, 15.8 h, 2.3 d. */
export function durationQuantity(seconds: number, locale: string): Quantity {
  const size = Math.abs(seconds);
  for (const { unit, seconds: length, from, least } of durationUnits) {
    if (size < from) continue;
    const value = seconds / length;
    return { value: Math.abs(value) < least ? formatNumber(value, locale, 1) : formatNumber(value, locale), unit };
  }
  if (size === 0) return { value: '0', unit: 's' };
  return { value: formatNumber(seconds * 1000, locale), unit: 'ms' };
}

/** Splits a share of 0..1 into a percent value: 0.089 is 8.9 %. */
export function percentQuantity(share: number, locale: string): Quantity {
  return { value: formatShort(share * 100, locale), unit: '%' };
}

/** The span of a frequency: per day, per week or per 30 days. */
export type Per = 'day' | 'week' | 'month';

/** Chooses the shortest span in which at least one event falls. */
export function frequencyQuantity(perDay: number, locale: string): { value: string; per: Per } {
  if (perDay >= 1 || perDay === 0) return { value: formatShort(perDay, locale), per: 'day' };
  if (perDay * 7 >= 1) return { value: formatShort(perDay * 7, locale), per: 'week' };
  return { value: formatNumber(perDay * 30, locale, 2), per: 'month' };
}

export function joinQuantity(quantity: Quantity): string {
  return `${quantity.value}${thinSpace}${quantity.unit}`;
}

/** Writes a duration in seconds, or a dash. */
export function formatDuration(seconds: number | null, locale: string): string {
  return seconds === null ? noValue : joinQuantity(durationQuantity(seconds, locale));
}

/** Writes a share of 0..1 as percent, or a dash. */
export function formatPercent(share: number | null, locale: string): string {
  return share === null ? noValue : joinQuantity(percentQuantity(share, locale));
}

/** Writes a whole percent without sign, for changes: -0.29 is 29 %. */
export function formatChange(relative: number, locale: string): string {
  const size = Math.abs(relative) * 100;
  return `${formatNumber(size, locale, size < 1 ? 1 : 0)}${thinSpace}%`;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, timeZone: string, style: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}/${timeZone}/${style}`;
  let format = dateFormats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { ...options, timeZone });
    dateFormats.set(key, format);
  }
  return format;
}

/** 22 Nov 2026 */
export function formatDate(instant: string | null | undefined, locale: string, timeZone = 'UTC'): string {
  if (!instant) return noValue;
  return dateFormat(locale, timeZone, 'date', { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(instant));
}

/** 22 Nov 2026, 10:42 */
export function formatDateTime(instant: string | null | undefined, locale: string, timeZone = 'UTC'): string {
  if (!instant) return noValue;
  return dateFormat(locale, timeZone, 'time', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(instant));
}

/** 10:42:07, of an instant in milliseconds */
export function formatTime(milliseconds: number, locale: string, timeZone = 'UTC'): string {
  return dateFormat(locale, timeZone, 'clock', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(milliseconds);
}

/** The last day of a half-open window, as a date. */
export function formatLastDay(to: string, locale: string, timeZone = 'UTC'): string {
  return formatDate(new Date(new Date(to).getTime() - 1).toISOString(), locale, timeZone);
}
