import { describe, expect, it } from 'vitest';
import { burnDown, burnRates, course, sloDetail, sloRow } from '../../../test/fixtures/slos';
import { courseOf, pointsOf } from './BurnDownPanel';
import { burnSeries, rateSpans } from './BurnRates';
import { budgetOf } from './SloPage';

describe('the line of a burn-down', () => {
  it('begins full at the window, and has no data before the point that says so', () => {
    const points = pointsOf(burnDown);
    expect(points.map(({ remaining, noData }) => [remaining, noData])).toEqual([[1, false], [0.5, true], [-0.18, false]]);
    expect(points.map(({ at }) => at)).toEqual([burnDown.window.from, ...burnDown.points.map(({ at }) => at)]);
  });

  it('claims nothing where nothing is known', () => {
    const unknown = burnDown.points.map((point) => ({ ...point, remaining: null, experienced: null, no_data: true }));
    expect(pointsOf({ ...burnDown, points: unknown }).map(({ remaining, noData }) => [remaining, noData])).toEqual([[null, true], [null, true], [null, false]]);
  });
});

describe('the line of a composite', () => {
  it('is what the budget said at each point, and says why there is nothing until the next', () => {
    const line = courseOf(course, ({ code, values }) => `${code} ${values.names}`);
    expect(line.map(({ at, remaining, noData, why }) => [at, remaining, noData, why])).toEqual([
      [course.points[0]!.at, null, true, 'members_unmeasured capture'],
      [course.points[1]!.at, 0.5, true, 'members_missing capture'],
      [course.points[2]!.at, 0.2, false, null],
      [course.points[3]!.at, -0.2, false, null],
    ]);
  });
});

describe('burn rates', () => {
  const from = burnRates.rates[0]!.at;
  const later = (hours: number) => new Date(Date.parse(from) + hours * 3_600_000).toISOString();

  it('stand at the end of their stretch', () => {
    expect(burnSeries(burnRates)).toEqual([{ lookback: '1h', points: [{ at: later(1), burn: 3 }, { at: later(2), burn: 12 }] }]);
  });

  it('an amount is null where nothing was measured, and a stretch cut by the end is not complete', () => {
    const cut = { ...burnRates, window: { ...burnRates.window, to: later(1.5) } };
    expect(rateSpans(cut)).toEqual([
      { from, to: later(1), complete: true, total: 101, bad: 1 },
      { from: later(1), to: later(2), complete: false, total: null, bad: null },
    ]);
  });
});

it('an address names a budget by objective, environment and series; the first stands for what is not there', () => {
  const budgets = [sloRow({ objective: 'fast' }), sloRow({ objective: 'slow', series: '{region="eu"}' }), sloRow({ objective: 'slow', series: '{region="us"}' })];
  const of = (objective: string | null, series: string | null) => budgets.indexOf(budgetOf({ ...sloDetail, budgets }, { objective, series, environment: [] })!);
  expect([of(null, null), of('slow', null), of('slow', '{region="us"}'), of('gone', null)]).toEqual([0, 1, 2, 0]);
  expect(budgetOf({ ...sloDetail, budgets: [] }, { objective: null, series: null, environment: [] })).toBeUndefined();
});
