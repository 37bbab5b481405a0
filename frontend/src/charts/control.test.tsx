import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { renderUi } from '../../test/render';
import { Bars, PercentileBand, RateInterval, type ControlLayer } from '.';
import { namedSignals, placeWords, reachable, type Mark } from './control';

const hour = 3600;

function week(i: number) {
  const from = Date.UTC(2026, 9, 5 + 7 * i);
  return { from: new Date(from).toISOString(), to: new Date(from + 7 * 86_400_000).toISOString(), complete: i < 5 };
}

const leads = [20, 18, 22, 60, 58, 61].map((hours, i) => ({ ...week(i), median: hours * hour, p75: null, p90: null, n: 8 }));
const rates = [0.1, 0, 0.1, 0.9, 0.2, 0.1].map((value, i) => ({ ...week(i), value, low: 0, high: 0.5, events: value * 10, n: 10 }));
const counts = [4, 5, 3, 12, 11, 2].map((value, i) => ({ ...week(i), value }));

function layer(centre: number, change: Partial<ControlLayer> = {}): ControlLayer {
  return {
    provisional: false,
    note: 'Limits from 26 weeks.',
    limits: [0, 1, 2, 3, 4].map((i) => ({ from: week(i).from, lower: centre / 2, centre, upper: centre * 2 })),
    signals: [
      { from: week(3).from, rule: 'beyond_limits', side: 'above', tone: 'bad', word: 'worse', text: 'outside the limits: worse' },
      { from: week(4).from, rule: 'shift', side: 'above', tone: 'bad', word: 'worse', text: 'the level has moved: worse' },
    ],
    ...change,
  };
}

const plot = () => screen.getByRole('application');
const paths = () => [...plot().querySelectorAll('[class*="limits"] path')];

/** The picture of limits and signals with class names made stable. */
function golden(): string {
  const parts = [...plot().querySelectorAll('[class*="limits"], [class*="signals"]')];
  return parts.map((part) => part.outerHTML.replaceAll(/class="_(\w+?)_[^"]*"/g, 'class="$1"').replaceAll('><', '>\n<')).join('\n');
}

describe('limits and signals', () => {
  test('are drawn from the same data in the same way', () => {
    renderUi(<PercentileBand title="Lead time" timeZone="UTC" buckets={leads} control={layer(20 * hour)} />);
    expect(golden()).toMatchSnapshot();
  });

  test('are said in the description, the table and the reading', async () => {
    const user = userEvent.setup();
    renderUi(<RateInterval title="Fail rate" timeZone="UTC" countLabel="deployments" buckets={rates} control={layer(0.2)} />);
    expect(plot().querySelector('desc')).toHaveTextContent(
      /Limits from 26 weeks\. 26 Oct – 1 Nov 2026: outside the limits: worse\. 2 – 8 Nov 2026: the level has moved: worse\.$/,
    );
    plot().focus();
    await user.keyboard('{End}{ArrowLeft}');
    expect(screen.getByRole('status')).toHaveTextContent('the level has moved: worse');
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    const head = screen.getAllByRole('columnheader').map((cell) => cell.textContent);
    expect(head.slice(-3)).toEqual(['Lower limit', 'Upper limit', 'Signal']);
    const row = within(screen.getAllByRole('row')[4]!).getAllByRole('cell');
    expect(row.slice(-3).map((cell) => cell.textContent?.replaceAll(/\s/g, ' '))).toEqual(['10 %', '40 %', 'outside the limits: worse']);
  });

  test('are dashed while they are provisional', () => {
    renderUi(<Bars title="Deployments" timeZone="UTC" valueLabel="deployments" buckets={counts} control={layer(5, { provisional: true })} />);
    expect(plot().querySelector('[data-provisional]')).not.toBeNull();
    expect(paths()).toHaveLength(3);
  });

  test('that are missing leave the reason', () => {
    const control = { provisional: false, note: 'No limits: 8 of the weeks before have a value.', limits: [], signals: [] };
    renderUi(<Bars title="Deployments" timeZone="UTC" valueLabel="deployments" buckets={counts} control={control} />);
    expect(paths()).toHaveLength(0);
    expect(screen.getByRole('figure')).toHaveTextContent('No limits: 8 of the weeks before have a value.');
    expect(screen.getByText(/No limits/, { selector: 'desc' })).toBeInTheDocument();
  });

  test('have no accessibility violations', async () => {
    const { container } = renderUi(<Bars title="Deployments" timeZone="UTC" valueLabel="deployments" buckets={counts} control={layer(5)} />);
    const { violations } = await axe.run(container, { rules: { region: { enabled: false } } });
    expect(violations).toEqual([]);
  });

  test('a limit far above all values does not flatten the trend', () => {
    const limit = { from: week(0).from, lower: 1, centre: 4, upper: 90 };
    expect(reachable([limit, null], [3, null, 5])).toEqual([1, 4]);
  });

  test('at most three carry their word: shifts first, then the latest', () => {
    const signal = (i: number, rule: 'shift' | 'beyond_limits') =>
      ({ from: week(i).from, rule, side: 'above', tone: 'bad', word: String(i), text: '' }) as const;
    const all = [signal(0, 'beyond_limits'), signal(1, 'shift'), signal(2, 'beyond_limits'), signal(3, 'beyond_limits'), signal(4, 'beyond_limits')];
    expect([...namedSignals(all)].map(({ word }) => word)).toEqual(['1', '4', '3']);
  });

  /** Signals at places, the strongest first; the result is where each word begins and ends, and its line. */
  function wordsAt(width: number, ...places: [x: number, y: number, word: string][]) {
    const marks = places.map(([x, y, word], i): Mark => {
      const signal = { from: week(i).from, rule: 'shift', side: 'above', tone: 'bad', word, text: '' } as const;
      return { x, y, step: 12, signals: [signal] };
    });
    const placed = placeWords(marks, marks.flatMap(({ signals }) => signals), width, 200);
    return marks.map((mark) => {
      const place = placed.get(mark);
      if (!place) return null;
      const length = place.signal.word.length * 7;
      const from = mark.x + place.x - (place.anchor === 'end' ? length : 0);
      return [from, from + length, mark.y + place.y];
    });
  }

  test('words stand to the right of their marks', () => {
    expect(wordsAt(300, [100, 50, 'worse'])).toEqual([[109, 144, 50]]);
  });

  test('a long word near the end turns to the left instead of being cut', () => {
    expect(wordsAt(300, [230, 50, 'schlechter'])).toEqual([[151, 221, 50]]);
  });

  test('words of close signals keep off each other and off the marks', () => {
    expect(wordsAt(300, [100, 50, 'worse'], [120, 52, 'worse'])).toEqual([
      [56, 91, 50],
      [129, 164, 52],
    ]);
    expect(wordsAt(300, [100, 50, 'worse'], [112, 50, 'worse'], [124, 50, 'worse'])).toEqual([
      [56, 91, 50],
      [121, 156, 37],
      [133, 168, 50],
    ]);
  });

  test('a word without place is left out', () => {
    expect(wordsAt(30, [15, 50, 'schlechter'])).toEqual([null]);
  });
});
