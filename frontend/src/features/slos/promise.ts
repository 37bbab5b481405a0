import type { SloObjective, SloPromise } from '../../api/slos';
import type { Translate } from '../../i18n/useT';
import { formatDuration, formatNumber } from '../../ui/format';
import { spanWords, targetText } from '../budget/words';

/** What is promised, in one sentence of the reader's language. */
export function promiseText({ objectives, span, rolling, zone }: SloPromise, t: Translate, locale: string): string {
  const promises = objectives.map((one) => objectiveText(one, t, locale)).join('; ');
  return t(rolling ? 'slo.promise.rolling' : 'slo.promise.calendar', { promises, span: spanWords(span, t), zone });
}

function objectiveText(one: SloObjective, t: Translate, locale: string): string {
  const share = targetText(one.target, locale);
  const length = formatDuration(one.slice_seconds, locale);
  let text = shareText(share, one, t, locale);
  if (one.slice_target !== null) {
    const least = t('slo.promise.least', { share: targetText(one.slice_target, locale) });
    text = t('slo.promise.judged', { share, length, promise: shareText(least, one, t, locale) });
  } else if (one.slice_seconds > 0) {
    text = t('slo.promise.averaged', { length, promise: text });
  }
  return one.name ? t('slo.promise.named', { name: one.name, promise: text }) : text;
}

/** So much of what. */
function shareText(share: string, { of, severities, comparison, value }: SloObjective, t: Translate, locale: string): string {
  if (of === 'measurements' && comparison !== '' && value !== null) return t(`slo.promise.${comparison}`, { share, value: formatNumber(value, locale, 10) });
  if (of === 'incident_minutes' && severities.length > 0) return t('slo.promise.severities', { share, severities: severities.join(', ') });
  return t(`slo.promise.${of === 'measurements' ? 'events' : of}`, { share });
}
