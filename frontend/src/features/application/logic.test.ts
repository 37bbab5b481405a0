import { describe, expect, test } from 'vitest';
import { series } from '../../../test/delivery/fixtures';
import { environmentChoices, incidentEnvironment, listEnvironment } from './environments';
import { deploymentCounts, failRates, leadTimes, readableGrain, wantedPerSpan } from './series';

const several = [
  { name: 'prod-eu', class: 'production', deployments: 8 },
  { name: 'prod-us', class: 'production', deployments: 5 },
  { name: 'stage', class: 'staging', deployments: 3 },
  { name: '', class: 'unclassified', deployments: 2 },
];

describe('environments', () => {
  test('classes come first to last with their names', () => {
    expect(environmentChoices(several, 'production').map((c) => `${c.kind} ${c.value} ${c.deployments}`)).toEqual([
      'class production 13',
      'name prod-eu 8',
      'name prod-us 5',
      'class staging 3',
      'name stage 3',
      'class unclassified 2',
    ]);
  });

  test('a choice from the address that is not known stays visible', () => {
    expect(environmentChoices([], 'canary')).toEqual([{ value: 'canary', kind: 'name', deployments: 0 }]);
  });

  test.each([
    ['a class of several names filters no list', 'production', undefined],
    ['a class of one name filters by it', 'staging', 'stage'],
    ['a name filters by itself', 'prod-us', 'prod-us'],
    ['deployments without a name have no filter', 'unclassified', undefined],
  ])('%s', (_, current, expected) => {
    expect(listEnvironment(several, current)).toBe(expected);
  });

  test('incidents of production are not filtered, because many name no environment', () => {
    expect(incidentEnvironment(several, 'production')).toBeUndefined();
    expect(incidentEnvironment(several, 'prod-eu')).toBeUndefined();
    expect(incidentEnvironment(several, 'staging')).toBe('stage');
  });
});

describe('series', () => {
  test('a week without anything has no values', () => {
    const week = series()[5]!;
    expect(leadTimes([week])[0]).toMatchObject({ median: null, p75: null, p90: null, n: 0 });
    expect(failRates([week])[0]).toMatchObject({ value: null, low: null, high: null, n: 0 });
  });

  test('no deployments of a known application are 0, of an unknown one no value', () => {
    const week = series()[5]!;
    expect(deploymentCounts([week])[0]!.value).toBe(0);
    const unknown = { ...week, deployment_frequency: { deployments: 0, deployment_days: 0, per_day: null } };
    expect(deploymentCounts([unknown])[0]!.value).toBeNull();
  });

  test.each([
    ['daily', 'week', 7],
    ['weekly', 'week', 1],
    ['weekly', 'month', 365.25 / 12 / 7],
    ['quarterly', 'month', 1 / 3],
    ['monthly', 'day', null],
    ['on-demand', 'week', null],
    ['', 'week', null],
    ['constructor', 'week', null],
  ] as const)('a %s cadence per %s is %s', (cadence, grain, expected) => {
    const wanted = wantedPerSpan(cadence, grain);
    if (expected === null) expect(wanted).toBeNull();
    else expect(wanted).toBeCloseTo(expected);
  });

  test.each([
    [500, 100, 'day', 'day'],
    [100, 100, 'day', 'week'],
    [100, 100, 'week', 'week'],
    [20, 100, 'week', 'month'],
    [0, 0, 'week', 'month'],
  ] as const)('%d deployments in %d days, at finest by %s, are shown by %s', (n, days, finest, expected) => {
    expect(readableGrain(n, days, finest)).toBe(expected);
  });
});
