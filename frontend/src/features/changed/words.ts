import type { ChangedItem } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import type { Translate } from '../../i18n/useT';
import { formatDateTime } from '../../ui/format';
import { sinceChoices } from '../../url/state';
import { en } from './messages.en';

export type Lead = 'strong' | 'fair' | 'weak';

/** The word for a plausibility of 0..1: something quiet in the application itself is a fair lead after two hours. */
export function leadOf(plausibility: number): Lead {
  if (plausibility > 0.3) return 'strong';
  return plausibility >= 0.1 ? 'fair' : 'weak';
}

/** How far an application is from the one asked about. */
export function distanceText(distance: number, t: Translate): string {
  return distance === 0 ? t('changed.distance.own') : t('changed.distance', { steps: distance });
}

/** The reader's words for a reason, else the server's. */
export function reasonText({ code, text }: ChangedItem['reasons'][number], t: Translate): string {
  const id = `changed.reason.${code}`;
  return Object.hasOwn(en, id) ? t(id as MessageId) : text || code.replaceAll('_', ' ');
}

/** "in 2 hours", or "since 22 Nov 2026, 08:00 UTC". */
export function sinceText(since: string, t: Translate, locale: string): string {
  const choice = sinceChoices.find((value) => value === since);
  return choice ? t(`changed.in.${choice}`) : t('changed.in.moment', { time: formatDateTime(since, locale) });
}

/** How many of the latest were not there before. */
export function freshIds(before: readonly ChangedItem[], latest: readonly ChangedItem[]): number {
  const known = new Set(before.map((item) => item.id));
  return latest.filter((item) => !known.has(item.id)).length;
}
