import type { PeerFigure, PeerNote, PeerValue } from '../../api/types';
import type { MessageId } from '../../i18n/i18n';
import type { Translate } from '../../i18n/useT';
import { durationQuantity, formatNumber, percentQuantity, type Quantity } from '../../ui/format';
import { en } from './messages.en';

function known(id: string): id is keyof typeof en & MessageId {
  return Object.hasOwn(en, id);
}

/** A reason in words; one that is new to this page in the server's. */
export function reasonText(code: string, notes: readonly PeerNote[], t: Translate): string {
  const id = `peer.reason.${code}`;
  return known(id) ? t(id) : (notes.find((note) => note.code === code)?.text ?? code);
}

export function assumptionText(note: PeerNote, t: Translate): string {
  const id = `peer.assumption.${note.code}`;
  return known(id) ? t(id) : note.text;
}

export function statisticText(value: PeerValue, t: Translate): string {
  const id = `peer.statistic.${value.statistic}`;
  return known(id) ? t(id) : value.statistic;
}

export function figureName(figure: PeerFigure, t: Translate): string {
  const id = `peer.figure.${figure.metric}`;
  return known(id) ? t(id) : figure.metric;
}

/** What the rows of a figure are, for so many of them. */
export function rowName(figure: PeerFigure, count: number, t: Translate): string {
  const id = `peer.rows.${figure.unit}`;
  return known(id) ? t(id, { count }) : figure.unit;
}

/** A figure as a number and its unit; null where there is none. */
export function quantityOf({ value, unit }: PeerValue, t: Translate, locale: string): Quantity | null {
  if (value === null) return null;
  switch (unit) {
    case 'seconds':
      return durationQuantity(value, locale);
    case 'share':
      return percentQuantity(value, locale);
    case 'per_day':
      return { value: formatNumber(value, locale, 2), unit: t('peer.unit.per_day') };
    case 'days_per_week':
      return { value: formatNumber(value, locale), unit: t('peer.unit.days_per_week') };
    default:
      return { value: formatNumber(value, locale), unit: t('peer.unit.days_per_month') };
  }
}
