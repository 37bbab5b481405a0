import { describe, expect, it } from 'vitest';
import { controlsOf, silent, standing } from '../../../test/fixtures/judged';
import { benchmark, series } from '../../../test/fixtures/data';
import type { Control } from '../../api/types';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { controlLayer, controlNote, movedUp } from './control';
import { evidenceText, standingSource, standingText } from './standing';

const t = translator(createI18n('en', en));
const words = { t, locale: 'en-GB', timeZone: 'UTC' };
const german = { t: translator(createI18n('de', de)), locale: 'de', timeZone: 'UTC' };
const moved = controlsOf(series).change_lead_time;

function plain(text: string | null): string {
  return (text ?? 'null').replaceAll(/[\u202f\u00a0]/g, ' ');
}

describe('the note of a chart', () => {
  const made = 'Provisional limits from only 14 weeks,';
  it.each<[string, Partial<Control>, string]>([
    ['a level that moved', {}, 'The level has moved since the week of'],
    ['nothing found', { found: 'stable', verdict: 'no_clear_change', signals: [] }, 'In 13 weeks judged, no clear change.'],
    ['a return', { found: 'went_back', verdict: 'no_clear_change' }, 'The level moved and went back; no clear change.'],
    [
      'an odd week',
      { found: 'unusual_weeks', signals: [{ ...moved.signals[0]!, rule: 'beyond_limits', since: null }] },
      '1 week lies outside the limits; the level has not clearly moved.',
    ],
  ])('says %s', (_, change, want) => {
    const note = controlNote({ ...moved, ...change }, words);
    expect(note).toContain(made);
    expect(note).toContain(want);
  });

  it('says that firm limits are firm, and by which weeks', () => {
    const note = controlNote({ ...moved, state: 'firm', baseline: { from: '2026-02-16T00:00:00Z', to: '2026-08-17T00:00:00Z', weeks: 26 } }, words);
    expect(note).toMatch(/^Limits from 26 weeks, 16 Feb 2026 to 16 Aug 2026\./);
  });

  it.each(['no_data', 'few_weeks', 'definition_changed', 'no_whole_week', 'no_variation'] as const)('gives the reason of silence: %s', (reason) => {
    expect(controlNote({ ...silent, reason }, words)).toMatch(/^No limits: /);
    expect(controlNote({ ...silent, reason }, german)).toMatch(/^Keine Grenzen: /);
  });

  it('asks for weeks where the chart has others', () => {
    expect(controlNote({ ...moved, points: [] }, words)).toContain('choose weeks to see the limits');
  });
});

describe('the layer of a chart', () => {
  it('has limits where the server gives all three', () => {
    const [first, ...rest] = moved.points;
    const layer = controlLayer({ ...moved, points: [{ ...first!, upper: null }, ...rest] }, words);
    expect(layer).toMatchObject({ provisional: true });
    expect(layer?.limits).toHaveLength(rest.length);
    expect(layer?.signals[0]).toMatchObject({ tone: 'bad', word: 'worse', side: 'above' });
    expect(movedUp(moved)).toBe(true);
  });

  it('is missing without a chart, and empty where it is silent', () => {
    expect(controlLayer(null, words)).toBeUndefined();
    expect(controlLayer(silent, words)).toMatchObject({ limits: [], signals: [] });
    expect(movedUp(silent)).toBe(false);
  });

  it('judges more deployments neither good nor bad unless they are wanted', () => {
    const signals = [{ ...moved.signals[0]!, direction: 'higher' as const }];
    expect(controlLayer({ ...moved, signals }, words)?.signals[0]).toMatchObject({ tone: 'neutral', word: 'higher' });
  });
});

describe('a standing', () => {
  it.each([
    [0.227, 0.446, 'Between the top 22 % and 45 % of answers'],
    [0, 0.162, 'In the top 17 % of answers'],
    [0.964, 1, 'Below the top 96 % of answers'],
    [0.22, 0.45, 'Between the top 22 % and 45 % of answers'],
    [0, 1, 'null'],
  ])('from %d to %d is a range, rounded outwards', (above, within, want) => {
    expect(plain(standingText({ ...standing, above, within }, t, 'en'))).toBe(want);
  });

  it('that cannot be said is not said', () => {
    expect(standingText(null, t, 'en')).toBeNull();
  });

  it('names the year, the number of answers and how well they are known', () => {
    expect(plain(standingSource(standing, t, 'en'))).toBe(
      'DORA 2025: 4 867 respondents, answers of one application each; as quoted once, consistent with the published mean.',
    );
  });
});

describe('evidence', () => {
  const bands = benchmark.bands.change_lead_time ?? [];
  it('is said once where it is the same for all', () => {
    expect(evidenceText(bands.slice(1), (name) => name, t)).toBe('as others quote it in agreement');
  });

  it('is said per cell where it differs', () => {
    expect(evidenceText(bands, (name) => name, t)).toBe('as published: elite; as others quote it in agreement: high, medium, low');
  });
});
