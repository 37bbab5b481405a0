import { describe, expect, it } from 'vitest';
import type { SloRow } from '../../api/slos';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { spend } from '../../../test/fixtures/slos';
import { basisText } from './spend/Evidence';
import { linesOf } from './spend/Spend';
import { inCell, place, stateOf } from './matrix';
import { exhaustsText, leftText, ratioText, remainingNow, sliText, spanWords, targetText } from './words';
import { waterfall } from './spend/waterfall';

const t = translator(createI18n('en', en));
const plain = (text: string) => text.replaceAll(/\s/g, ' ');

function row(over: Partial<SloRow> = {}): SloRow {
  return {
    id: 'a', name: 'a', objective: '', application: { slug: 'pay', name: 'Pay', tier: 1, group: null, known: true }, environment: '', series: '',
    target: 0.999, window: { span: '30d', rolling: true, zone: 'UTC', from: '', to: '' }, method: 'Occurrences', unit: 'events', slice_seconds: 60,
    sli: 0.9995, budget: { consumed: 0.5, remaining: 0.5, projected: null, left: 20, allowed: 40 }, good: 39_980, bad: 20, total: 40_000, coverage: 1, low_volume: false,
    measuring: null,
    burn: { '1h': 1, '6h': 1, '3d': 1 }, status: 'healthy', reason: '', reason_code: 'remains', reason_asking: '', reason_values: {}, problem: '', exhausts_at: null, exhausts_range: { from: null, to: null }, thaws_at: null, last_spender: null, alert: null, composite: null, experienced: null, ...over,
  };
}

describe('figures of a budget', () => {
  it('says minutes of incidents as time', () => {
    const left = leftText(row({ unit: 'minutes', slice_seconds: 300, budget: { consumed: 0.5, remaining: 0.5, projected: null, left: 43.2, allowed: 86.4 } }), t, 'en');
    expect(plain(left)).toContain('43 min');
    expect(plain(left)).not.toContain('event');
  });

  it.each([[0.999, '99.9 %'], [0.9995, '99.95 %'], [0.9, '90 %'], [0.99999, '99.999 %']])('a target of %d is written exactly', (target, text) => {
    expect(plain(targetText(target, 'en'))).toBe(text);
  });

  it.each([
    [0.9995, 0.999, '99.95 %'],
    [1, 0.999, '100 %'],
    [0.9999999, 0.999, '99.99999 %'], // not 100 %
    [0.99899999, 0.999, '99.899999 %'], // not the target
    [null, 0.999, '–'],
  ])('%s beside %d', (share, target, text) => {
    expect(plain(sliText(share, target, 'en'))).toBe(text);
  });

  it('says how many events or how much time may still go wrong, and how much went wrong too much', () => {
    expect(plain(leftText(row(), t, 'en'))).toBe('20 events left');
    const slices = row({ unit: 'slices', slice_seconds: 60, budget: { ...row().budget, left: -12 } });
    expect(plain(leftText(slices, t, 'en'))).toBe('12 min over');
    expect(leftText(row({ budget: { ...row().budget, left: null } }), t, 'en')).toBe('–');
  });

  it('says when it runs out, that it does not, or that nothing is known', () => {
    expect(exhaustsText(row(), t, 'en')).toBe('not in this window');
    expect(exhaustsText(row({ budget: { ...row().budget, remaining: null } }), t, 'en')).toBe('–');
    expect(exhaustsText(row({ exhausts_at: '2026-11-26T00:00:00Z', exhausts_range: { from: '2026-11-25T00:00:00Z', to: '2026-11-29T00:00:00Z' } }), t, 'en')).toBe('25 Nov 2026 to 29 Nov 2026');
    expect(exhaustsText(row({ status: 'exhausted', thaws_at: '2026-11-26T08:00:00Z' }), t, 'en')).toBe('exhausted until 26 Nov 2026, 08:00');
  });

  it('says the earliest where nobody can say the latest', () => {
    expect(exhaustsText(row({ exhausts_range: { from: '2026-11-25T00:00:00Z', to: null } }), t, 'en')).toBe('not before 25 Nov 2026, if at all');
  });

  it('gives no number of the present where data stopped', () => {
    const stopped = row({ status: 'no_data', budget: { ...row().budget, remaining: 0.836 } });
    expect(remainingNow(stopped)).toBeNull();
    expect(plain(leftText(stopped, t, 'en'))).toBe('83.6 % when it was last measured');
    expect(exhaustsText(stopped, t, 'en')).toBe('–');
    const [placed] = place([{ slug: stopped.application.slug, name: 'Pay', tier: 1 }], [stopped]);
    expect(placed?.state).toBe('no_data');
  });

  it('writes spans in words of the language', () => {
    expect([spanWords('30d', t), spanWords('1M', t), spanWords('P3X', t)]).toEqual(['30 days', '1 month', 'P3X']);
    expect(spanWords('28d', translator(createI18n('de', de)))).toBe('28 Tage');
  });
});

describe('the matrix', () => {
  it.each([[1, 'full'], [0.75, 'half'], [0.25, 'half'], [0.2499, 'low'], [0, 'exhausted'], [-3, 'exhausted'], [null, 'no_data']] as const)('%s is %s', (remaining, state) => {
    expect(stateOf(remaining)).toBe(state);
  });

  it('counts every application once, by its worst budget', () => {
    const applications = ['pay', 'shop', 'blog', 'mail'].map((slug) => ({ slug, name: slug, tier: slug === 'blog' ? 0 : 1 }));
    const of = (slug: string, remaining: number | null) => row({ application: { ...row().application, slug }, budget: { ...row().budget, remaining } });
    const placed = place(applications, [of('pay', 0.9), of('pay', -0.1), of('shop', null), of('shop', 0.6), of('mail', null), of('gone', 0.1)]);
    expect(placed.map(({ slug, state }) => [slug, state])).toEqual([['pay', 'exhausted'], ['shop', 'half'], ['blog', 'no_slo'], ['mail', 'no_data']]);
    expect(inCell(placed, 0, 'no_slo').map(({ slug }) => slug)).toEqual(['blog']);
    expect(inCell(placed, 1, 'no_slo')).toEqual([]);
  });
});

it('a waterfall begins each bar where the one before ended', () => {
  const bars = waterfall([0.5, 0.25, 0.5]);
  expect(bars).toEqual([{ from: 0, to: 0.5 }, { from: 0.5, to: 0.75 }, { from: 0.75, to: 1.25 }]);
});

it('the ledger adds up: what nothing explains is a line of it', () => {
  const lines = linesOf(spend);
  expect(lines.map(({ kind, bad }) => [kind, bad])).toEqual([['joint', 27], ['unattributed', 20]]);
  expect(lines.map(({ budget }) => budget)).toEqual([0.675, 0.5]);
  expect(linesOf({ ...spend, unattributed: 0 })).toHaveLength(1);
});

describe('evidence', () => {
  const [{ evidence }] = spend.entries as [(typeof spend.entries)[number]];
  const said = (over: Partial<typeof evidence>, causes = 1) => plain(basisText({ ...evidence, sure: 1, ...over }, causes, t, 'en'));

  it.each([
    [{ delay_seconds: 0 }, 'It began with the change.'],
    [{ delay_seconds: 720 }, 'It began 12 min after the change.'],
    [{ delay_seconds: -180 }, 'It began 3 min before the change.'],
    [{ delay_seconds: 0, sure: 0.82 }, 'It began with the change. 82 % likely.'],
    [{ basis: 'cohort' as const, delay_seconds: null, cohort: 0.041, rest: 0.001 }, 'Of what the change reached 4.1 % was bad, of the rest 0.1 % at the same time.'],
    [{ basis: 'cohort' as const, delay_seconds: null }, 'What these changes reached was worse than the rest, by versions or variants.'],
    [{ basis: 'caused_by' as const }, 'People laid an incident to it.'],
    [{ basis: 'incident' as const }, 'It lasted meanwhile, and no change explains it.'],
  ])('%o is said in words', (over, text) => {
    expect(said(over)).toBe(text);
  });

  it('speaks of several changes as several', () => {
    expect(said({ delay_seconds: 0 }, 2)).toBe('It began with the last of these changes.');
  });

  it.each([[0.1, '10 %'], [0.00104, '0.1 %'], [0.00085, '0.085 %'], [0.5678, '57 %'], [1, '100 %'], [0, '0 %'], [0.0000012, '0.00012 %']])('%d has two digits: %s', (ratio, text) => {
    expect(plain(ratioText(ratio, 'en'))).toBe(text);
  });
});
