import { describe, expect, it } from 'vitest';
import type { SloObjective } from '../../api/slos';
import { de as german } from '../../i18n/de';
import { en as english } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { promiseText } from './promise';

const en = translator(createI18n('en', english));
const de = translator(createI18n('de', german));

const plain: SloObjective = { name: '', target: 0.999, of: 'events', severities: [], comparison: '', value: null, slice_seconds: 0, slice_target: null };
const rolling = { span: '30d', rolling: true, zone: '' };

/** The sentence with plain spaces. */
function told(objectives: readonly SloObjective[], window = rolling): { readonly en: string; readonly de: string } {
  const promise = { ...window, objectives: [...objectives] };
  const plainSpaces = (text: string) => text.replaceAll('\u202f', ' ');
  return { en: plainSpaces(promiseText(promise, en, 'en')), de: plainSpaces(promiseText(promise, de, 'de')) };
}

describe('what is promised', () => {
  it.each<[Partial<SloObjective>, string, string]>([
    [{}, '99.9 % of events are good', '99,9 % der Ereignisse sind gut'],
    [{ of: 'successes' }, '99.9 % of what is measured succeeds', '99,9 % des Gemessenen gelingen'],
    [{ of: 'measurements', comparison: 'at_most', value: 0.25 }, '99.9 % of measurements are at most 0.25', '99,9 % der Messwerte sind höchstens 0,25'],
    [{ of: 'measurements', comparison: 'above', value: 3 }, '99.9 % of measurements are above 3', '99,9 % der Messwerte liegen über 3'],
    [{ of: 'incident_minutes' }, '99.9 % of minutes have no incident', '99,9 % der Minuten sind ohne Störung'],
    [{ of: 'incident_minutes', severities: ['sev1', 'sev2'] }, '99.9 % of minutes have no incident of severity sev1, sev2', '99,9 % der Minuten sind ohne Störung der Schwere sev1, sev2'],
    [{ slice_seconds: 300 }, 'On average of slices of 5 min, 99.9 % of events are good', 'Im Mittel der Zeitscheiben von 5 min gilt: 99,9 % der Ereignisse sind gut'],
    [{ slice_seconds: 300, slice_target: 0.95 }, 'In 99.9 % of slices of 5 min, at least 95 % of events are good', 'In 99,9 % der Zeitscheiben von 5 min gilt: mindestens 95 % der Ereignisse sind gut'],
    [{ name: 'strict' }, 'strict: 99.9 % of events are good', 'strict: 99,9 % der Ereignisse sind gut'],
  ])('%j', (objective, inEnglish, inGerman) => {
    expect(told([{ ...plain, ...objective }])).toEqual({ en: `${inEnglish}, over the last 30 days.`, de: `${inGerman}, gleitend über 30 Tage.` });
  });

  it('names every objective, and the calendar', () => {
    const two = [{ ...plain, name: 'all' }, { ...plain, name: 'strict', target: 0.5 }];
    expect(told(two, { span: '1M', rolling: false, zone: 'Europe/Berlin' })).toEqual({
      en: 'all: 99.9 % of events are good; strict: 50 % of events are good, in every calendar window of 1 month (Europe/Berlin).',
      de: 'all: 99,9 % der Ereignisse sind gut; strict: 50 % der Ereignisse sind gut, je Kalenderfenster: 1 Monat (Europe/Berlin).',
    });
  });
});
