import type { Translate } from '../i18n/useT';
import { formatDate, formatDuration, formatNumber, formatPercent } from '../ui/format';
import { durationUnit, secondsIn, type DurationUnit, type ValueAxis } from './scale';
import type { Span, Unit } from './types';

/** The tag for dates: plain English writes "22 Nov 2026". */
export function tag(locale: string): string {
  return locale === 'en' ? 'en-GB' : locale;
}

/** A number with one decimal below 100. */
function decimal(value: number, locale: string): string {
  return formatNumber(value, locale, Math.abs(value) < 100 ? 1 : 0);
}

/** Any value of a chart with its unit. */
export function formatValue(value: number, unit: Unit, t: Translate, locale: string): string {
  switch (unit) {
    case 'seconds':
      return formatDuration(value, locale);
    case 'share':
      return formatPercent(value, locale);
    case 'per_day':
      return t('chart.per_day', { value: decimal(value, locale) });
    case 'count':
      return decimal(value, locale);
  }
}

/** From where on a span is named by its days; the shortest day has 23 hours. */
const shortestDay = 23 * 3_600_000;

/** The days that a span covers: "9 – 15 Nov 2026", or one date for a day; below a day also the times. */
export function spanText(span: Pick<Span, 'from' | 'to'>, timeZone: string, locale: string): string {
  const clock = Date.parse(span.to) - Date.parse(span.from) < shortestDay;
  const last = new Date(Date.parse(span.to) - (clock ? 0 : 1));
  const format = new Intl.DateTimeFormat(tag(locale), {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...(clock && { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  });
  return format.formatRange(new Date(span.from), last);
}

/** The first and the last day of a row of spans. */
export function ends(spans: Span[], timeZone: string, locale: string): { from: string; to: string } {
  const first = spans[0];
  const last = spans.at(-1);
  if (!first || !last) return { from: formatDate(null, locale), to: formatDate(null, locale) };
  const end = new Date(Date.parse(last.to) - 1).toISOString();
  return { from: formatDate(first.from, locale, timeZone), to: formatDate(end, locale, timeZone) };
}

/** The unit word above a value axis, undefined where each tick names its own. */
export function axisUnit(axis: ValueAxis, unit: Unit, t: Translate): string | undefined {
  if (unit !== 'seconds') return undefined;
  return axis.kind === 'log' ? t('chart.unit.log') : t(`chart.unit.${durationUnit(axis.high)}`);
}

/** Writes the ticks of a value axis: durations in one unit, shares as percentages. */
export function axisLabel(
  axis: ValueAxis,
  unit: Unit,
  t: Translate,
  locale: string,
): (value: number) => string {
  if (unit !== 'seconds') return (value) => formatValue(value, unit, t, locale);
  if (axis.kind === 'log') return (value) => durationTick(value, t, locale);
  const per = secondsIn[durationUnit(axis.high)];
  return (value) => decimal(value / per, locale);
}

/** A duration in the largest unit that holds it a whole number of times. */
function durationTick(seconds: number, t: Translate, locale: string): string {
  const units: DurationUnit[] = ['day', 'hour', 'minute'];
  const unit = units.find((u) => seconds % secondsIn[u] === 0) ?? 'second';
  const value = formatNumber(seconds / secondsIn[unit], locale, unit === 'second' ? 1 : 0);
  return t(`chart.tick.${unit}`, { value });
}
