import { describe, expect, test } from 'vitest';
import { contrast, difference, lab, type Vision } from '../../test/color';
import { tokens, type Scheme, type Tokens } from '../theme/tokens';

const schemes: Scheme[] = ['light', 'dark'];
const visions: Vision[] = ['normal', 'protan', 'deutan', 'tritan'];

function pairs<T>(list: T[]): [T, T][] {
  return list.flatMap((a, i) => list.slice(i + 1).map((b): [T, T] => [a, b]));
}

/** The least difference between any two of the colours, however they are seen. */
function closest(colours: string[]): number {
  return Math.min(
    ...visions.flatMap((v) => pairs(colours).map(([a, b]) => difference(lab(a, v), lab(b, v)))),
  );
}

describe('the measures', () => {
  // Published test data of Sharma, Wu and Dalal (2005), pairs 1, 7, 13, 17, 21, 25 and 34.
  test.each([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, -0.001, 2.49], [50, 0.0011, -2.49], 4.7461],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
    [[50, 2.5, 0], [50, 3.1736, 0.5854], 1],
    [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
    [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
  ] as [[number, number, number], [number, number, number], number][])(
    'CIEDE2000 agrees with published pairs %#',
    (a, b, expected) => {
      expect(difference(a, b)).toBeCloseTo(expected, 4);
      expect(difference(b, a)).toBeCloseTo(expected, 4);
    },
  );

  test('contrast runs from 1 to 21', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#777777')).toBe(1);
  });

  test('a traffic light fails, so the limits below can fail', () => {
    expect(closest(['#2e7d32', '#f9a825', '#c62828'])).toBeLessThan(12);
    expect(contrast('#f9a825', '#ffffff')).toBeLessThan(3);
  });
});

describe.each(schemes)('%s tokens', (scheme) => {
  const colours = tokens[scheme];
  const pick = (...names: (keyof Tokens)[]) => names.map((name) => colours[name]);

  test('good, watch and bad stay apart for every colour vision', () => {
    expect(closest(pick('good', 'watch', 'bad'))).toBeGreaterThanOrEqual(12);
  });

  test('series stay apart for every colour vision', () => {
    expect(closest(pick('cat1', 'cat2', 'cat3', 'cat4', 'cat5'))).toBeGreaterThanOrEqual(12);
  });

  test.each(['good', 'watch', 'bad', 'unknown', 'accent', 'axis', 'cat1', 'cat2', 'cat3', 'cat4', 'cat5'] as const)(
    '%s is visible as a mark on a panel',
    (name) => {
      expect(contrast(colours[name], colours.surface)).toBeGreaterThanOrEqual(3);
    },
  );

  test.each(['text', 'muted', 'goodText', 'watchText', 'badText', 'accent', 'axis'] as const)(
    '%s is readable on panel, page and raised ground',
    (name) => {
      for (const ground of pick('surface', 'canvas', 'raised')) {
        expect(contrast(colours[name], ground)).toBeGreaterThanOrEqual(4.5);
      }
    },
  );

  test.each([
    ['goodText', 'goodSoft'],
    ['watchText', 'watchSoft'],
    ['badText', 'badSoft'],
    ['text', 'accentSoft'],
    ['text', 'watchSoft'],
    ['axis', 'bandA'],
    ['axis', 'bandB'],
  ] as const)('%s is readable on %s', (name, ground) => {
    expect(contrast(colours[name], colours[ground])).toBeGreaterThanOrEqual(4.5);
  });

  test('lines are visible on benchmark bands', () => {
    for (const ground of pick('bandA', 'bandB')) {
      expect(contrast(colours.accent, ground)).toBeGreaterThanOrEqual(3);
      expect(contrast(colours.muted, ground)).toBeGreaterThanOrEqual(3);
    }
  });
});
