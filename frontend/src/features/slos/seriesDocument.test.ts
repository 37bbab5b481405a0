import { describe, expect, it } from 'vitest';
import { measuredSeries } from '../../../test/fixtures/slos';
import { firstDocument, read } from './document';
import { annotate, boundFrom, hasQueries, sliceText, withSeries } from './seriesDocument';
import { choicesOf } from './SeriesPicker';

const [events, latency] = measuredSeries as [(typeof measuredSeries)[number], (typeof measuredSeries)[number]];
const first = firstDocument('checkout');

describe('a document over a measured series', () => {
  it('asks for nothing and has the application, environment and name of the series', () => {
    const text = withSeries(firstDocument('other'), { ...events, environment: 'staging', name: 'requests' });
    expect([read(text, 'service'), read(text, 'series'), read(text, 'target')]).toEqual(['checkout', 'requests', '0.999']);
    expect(text).toContain('    evenkeel.dev/environment: staging\n');
    expect(text).toContain('        good:\n          metricSource: {type: Pushed, spec: {}}\n        total:');
    expect(text).not.toMatch(/slice:|group-by|op:/);
  });

  it('counts bad of all where that is measured', () => {
    expect(withSeries(first, { ...events, amounts: ['bad', 'total'] })).toContain('        bad:\n');
  });

  it('compares values with a bound, in each objective, and forgets it where events are counted again', () => {
    const two = `${first}    - displayName: fast\n      target: 0.9\n`;
    const text = withSeries(two, latency);
    expect(text.match(/ {6}op: lte\n {6}value: 0\.26\n/g)).toHaveLength(2);
    expect(text).toContain('evenkeel.dev/slice: 5m');
    expect(text).toContain('evenkeel.dev/group-by: region');
    expect(withSeries(text, events)).toBe(withSeries(two, events));
    expect(withSeries(text, latency)).toBe(text);
  });

  it('puts a name that is no name of an indicator into an annotation, and takes it away again', () => {
    const odd = withSeries(first, { ...events, name: 'http requests' });
    expect(odd).toContain('    evenkeel.dev/series: http requests\n');
    expect(read(odd, 'series')).toBe('http requests');
    expect(withSeries(odd, events)).toBe(withSeries(first, events));
  });

  it('leaves queries alone: only the name is taken over', () => {
    const asking = first.replaceAll('{type: Pushed, spec: {}}', '{metricSourceRef: main, spec: {query: up}}');
    expect([hasQueries(asking), hasQueries(first)]).toEqual([true, false]);
    expect(withSeries(asking, { ...latency, name: 'other' })).toBe(asking.replace('      name: availability', '      name: other'));
  });

  it('makes a head for annotations where there is none', () => {
    expect(annotate('metadata:\n  name: a\nspec:\n', 'slice', '5m')).toBe('metadata:\n  annotations:\n    evenkeel.dev/slice: 5m\n  name: a\nspec:\n');
    expect(annotate('metadata:\n  name: a\n', 'slice', null)).toBe('metadata:\n  name: a\n');
  });
});

it.each([[60, null], [300, '5m'], [3600, '1h'], [10, '10s']])('a slice of %d seconds is %s', (seconds, text) => {
  expect(sliceText(seconds)).toBe(text);
});

it.each([[0.2541, 0.26], [0.25, 0.25], [1234, 1300], [0, 1], [null, 1], [-3, 1], [0.1, 0.1]])('a value of %s is within %d', (value, bound) => {
  expect(boundFrom(value)).toBe(bound);
});

it('series that only labels tell apart are one choice', () => {
  expect(choicesOf(measuredSeries).map(({ series, labels }) => [series.name, labels])).toEqual([['availability', []], ['latency', ['region']]]);
});
