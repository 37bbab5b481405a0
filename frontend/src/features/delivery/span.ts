import type { Window } from '../../api/types';
import type { Translate } from '../../i18n/useT';
import { formatLastDay } from '../../ui/format';

const day = 86_400_000;

/** "26 weeks to 22 Nov 2026", or days where the length is no whole number of weeks. */
export function spanText(window: Window, timeZone: string, t: Translate, locale: string): string {
  const days = Math.round((Date.parse(window.to) - Date.parse(window.from)) / day);
  const to = formatLastDay(window.to, locale, timeZone);
  return days >= 28 && days % 7 === 0 ? t('range.weeks', { weeks: days / 7, to }) : t('range.span', { days, to });
}
