import { describe, expect, it } from 'vitest';
import { benchmark, comparison, emptyReport, report } from '../../../test/fixtures/data';
import type { DoraReport } from '../../api/types';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { benchmarkNote, figureOf, type FigureName } from './figures';

const t = translator(createI18n('en', en));

function figure(metric: FigureName, of: DoraReport = report()) {
  return figureOf(metric, { report: of, previous: report(0.8), comparison, t, locale: 'en' });
}

function plain(text: string): string {
  return text.replaceAll(/[\u202f\u00a0]/g, ' ');
}

describe('a figure', () => {
  it.each([
    ['change_lead_time', '15.8', 'h', 'median, p90 2.5 d · n = 1 311'],
    ['deployment_frequency', '4.7', '/day', '853 deployments on 121 days'],
    ['failed_deployment_recovery_time', '2.1', 'h', 'median, p90 9.4 h · n = 71 · 1 unresolved'],
    ['change_fail_rate', '8.9', '%', '76 of 853 deployments'],
    ['deployment_rework_rate', '5.2', '%', '44 of 853 were unplanned fixes'],
    ['incidents', '31', 'opened', '24 of 31 linked to a deployment · before: 31'],
  ] as const)('%s has value, unit and what it counts', (metric, value, unit, caption) => {
    const made = figure(metric);
    expect(made.quantity).toEqual({ value, unit });
    expect(plain(made.caption)).toBe(caption);
  });

  it.each(['change_lead_time', 'deployment_frequency', 'failed_deployment_recovery_time', 'change_fail_rate', 'deployment_rework_rate'] as const)(
    '%s of an empty period is no value, never 0',
    (metric) => {
      const made = figure(metric, emptyReport());
      expect(made.quantity).toBeNull();
      expect(made.reason).toBe('No data');
      expect(made.change).toBeNull();
    },
  );

  it('that rests on fewer than five cases says so and has no change', () => {
    const few = report();
    few.change_lead_time.n = 4;
    few.change_lead_time.withheld = 'too_few';
    const made = figure('change_lead_time', few);
    expect(made).toMatchObject({ quantity: null, reason: 'Too few', change: null });
    expect(plain(made.caption)).toBe('n = 4; too few for a figure');
  });

  it('names no p90 below twenty cases', () => {
    const few = report();
    few.change_lead_time.n = 19;
    expect(plain(figure('change_lead_time', few).caption)).toBe('median · n = 19');
  });

  it('of zero failures is good news, not missing data', () => {
    const good = report();
    good.change_fail_rate = { ...good.change_fail_rate, value: 0, failed: 0, n: 212 };
    good.failed_deployment_recovery_time = { ...good.failed_deployment_recovery_time, median_seconds: null, n: 0, unresolved: 0 };
    expect(figure('change_fail_rate', good)).toMatchObject({ quantity: { value: '0', unit: '%' }, caption: 'No failed changes in 212 deployments' });
    expect(figure('failed_deployment_recovery_time', good).caption).toBe('No failed deployment to recover from');
  });

  it.each([
    [0.95, '', true, false],
    [0.89, '', true, true],
    [0.5, '', true, true],
    [0.69, 'low_coverage', false, false],
  ] as const)('of lead time at coverage %d, withheld "%s", is shown: %s, marked: %s', (coverage, withheld, shown, marked) => {
    const partial = report();
    partial.change_lead_time = { ...partial.change_lead_time, coverage, withheld };
    const made = figure('change_lead_time', partial);
    expect(made.quantity !== null).toBe(shown);
    expect(made.partial !== null).toBe(marked);
  });
});

describe('a benchmark note', () => {
  it.each([
    [86_399, 'DORA 2023: elite'],
    [86_400, 'DORA 2023: high'],
    [9_999_999, 'DORA 2023: low'],
  ])('for a lead time of %d s is %s', (seconds, note) => {
    expect(benchmarkNote('change_lead_time', seconds, benchmark, t, 'en')).toBe(note);
  });

  it('names all bands that are published as the same range', () => {
    const range = { evidence: 'quoted', from: 604_800, to: 2_592_000 } as const;
    const same = { ...benchmark, bands: { change_lead_time: [{ name: 'medium', ...range }, { name: 'low', ...range }] } };
    expect(benchmarkNote('change_lead_time', 700_000, same, t, 'en')).toBe('DORA 2023: medium, low');
  });

  it('names the nearest figure where there are no ranges', () => {
    expect(plain(benchmarkNote('change_fail_rate', 0.089, benchmark, t, 'en') ?? '')).toBe('DORA 2023: nearest high (10 %)');
  });

  it('is missing without bands, value or benchmark', () => {
    expect(benchmarkNote('deployment_rework_rate', 0.05, benchmark, t, 'en')).toBeNull();
    expect(benchmarkNote('change_lead_time', null, benchmark, t, 'en')).toBeNull();
    expect(benchmarkNote('change_lead_time', 5, null, t, 'en')).toBeNull();
  });
});
