import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { renderUi } from '../../test/render';
import { Bars, cutsOf, PercentileBand, RateInterval, Sparkline } from '.';
import { interrupted, placeBreaks } from './breaks';

const hour = 3600;

function week(i: number) {
  const from = Date.UTC(2026, 9, 5 + 7 * i);
  return { from: new Date(from).toISOString(), to: new Date(from + 7 * 86_400_000).toISOString(), complete: i < 5 };
}

const leads = [20, 22, 19, 40, 41, 39].map((hours, i) => ({ ...week(i), median: hours * hour, p75: 2 * hours * hour, p90: 4 * hours * hour, n: 30 }));
const rates = [0.1, 0.1, 0.2, 0.6, 0.5, 0.6].map((value, i) => ({ ...week(i), value, low: value / 2, high: value + 0.2, events: value * 10, n: 10 }));
const counts = [4, 5, 3, 12, 11, 2].map((value, i) => ({ ...week(i), value }));

/** Tuesday of the fourth week: the figure of that week stands after it. */
const breaks = [{ at: '2026-10-27T00:00:00Z', version: '3', note: 'tags count too' }];

const plot = () => screen.getByRole('application');
const words = (element: Element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ');
const moves = (selector: string) => [...plot().querySelectorAll(selector)].map((path) => (path.getAttribute('d') ?? '').match(/M/g)?.length ?? 0);

/** The marks and the lines with class names made stable. */
function golden(): string {
  const parts = [...plot().querySelectorAll('[class*="breaks"], path[class*="line"]')];
  return parts.map((part) => part.outerHTML.replaceAll(/class="_(\w+?)_[^"]*"/g, 'class="$1"').replaceAll('><', '>\n<')).join('\n');
}

describe('where other rules begin', () => {
  test('the line stops, a flag stands and a word names the definition', () => {
    renderUi(<PercentileBand title="Lead time" timeZone="UTC" buckets={leads} breaks={breaks} />);
    expect(golden()).toMatchSnapshot();
    expect(plot().querySelector('[class*="breaks"] text')).toHaveTextContent('definition 3');
  });

  test('lines and ranges are in two pieces; without a break in one', () => {
    const { unmount } = renderUi(<PercentileBand title="Lead time" timeZone="UTC" buckets={leads} />);
    expect([...moves('path[class*="line"]'), ...moves('path[class*="inner"]')]).toEqual([1, 1]);
    unmount();
    renderUi(<PercentileBand title="Lead time" timeZone="UTC" buckets={leads} breaks={breaks} />);
    expect([...moves('path[class*="line"]'), ...moves('path[class*="inner"]')]).toEqual([2, 2]);
  });

  test('description, reading and table say what changed and why', async () => {
    const user = userEvent.setup();
    renderUi(<RateInterval title="Fail rate" timeZone="UTC" countLabel="deployments" buckets={rates} breaks={breaks} />);
    expect(words(plot().querySelector('desc')!)).toMatch(/Definition 3 from 27 Oct 2026: tags count too\.$/);
    plot().focus();
    await user.keyboard('{End}{ArrowLeft}{ArrowLeft}');
    expect(words(screen.getByRole('status'))).toContain('Definition 3 from 27 Oct 2026: tags count too');
    await user.keyboard('{ArrowLeft}');
    expect(words(screen.getByRole('status'))).not.toContain('Definition');
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    expect(screen.getAllByRole('columnheader').at(-1)).toHaveTextContent('Definition');
    const said = screen.getAllByRole('row').map((row) => within(row).queryAllByRole('cell').at(-1)).map((cell) => cell && words(cell));
    expect(said).toEqual([undefined, 'no value', 'no value', 'no value', 'Definition 3 from 27 Oct 2026: tags count too', 'no value', 'no value']);
  });

  test('bars carry the mark; a definition without a note is named alone', () => {
    renderUi(<Bars title="Deployments" timeZone="UTC" valueLabel="deployments" buckets={counts} breaks={[{ ...breaks[0]!, note: '' }]} />);
    expect(plot().querySelectorAll('[class*="breaks"] path')).toHaveLength(1);
    expect(words(plot().querySelector('desc')!)).toMatch(/Definition 3 from 27 Oct 2026\.$/);
  });

  test('a break outside the chart or at its beginning interrupts nothing', async () => {
    const user = userEvent.setup();
    const outside = [{ ...breaks[0]!, at: '2026-09-01T00:00:00Z' }, { ...breaks[0]!, at: week(0).from }, { ...breaks[0]!, at: week(5).to }];
    renderUi(<Bars title="Deployments" timeZone="UTC" valueLabel="deployments" buckets={counts} breaks={outside} />);
    expect(plot().querySelectorAll('[class*="breaks"] path')).toHaveLength(0);
    await user.click(screen.getByRole('button', { name: 'View as table' }));
    expect(screen.queryByRole('columnheader', { name: 'Definition' })).toBeNull();
  });

  test('words that would cover each other are left to the reading', () => {
    const near = ['2026-10-27T00:00:00Z', '2026-10-28T00:00:00Z', '2026-11-10T00:00:00Z'].map((at, i) => ({ at, version: String(i + 2), note: '' }));
    renderUi(<Bars title="Deployments" timeZone="UTC" valueLabel="deployments" buckets={counts} breaks={near} />);
    expect(plot().querySelectorAll('[class*="breaks"] path')).toHaveLength(3);
    expect([...plot().querySelectorAll('[class*="breaks"] text')].map(words)).toEqual(['definition 2', 'definition 4']);
  });

  test('a word-sized trend is interrupted before the first figure of the new rules', () => {
    expect(cutsOf(breaks, counts)).toEqual([3]);
    expect(cutsOf([{ ...breaks[0]!, at: '2026-10-30T00:00:00Z' }], counts)).toEqual([4]);
    renderUi(<Sparkline values={[1, 2, 3, 4]} cuts={[2]} label="Trend" format={String} />);
    expect(screen.getByRole('img').querySelector('path')!.getAttribute('d')!.match(/M/g)).toHaveLength(2);
  });

  test('an instant within a span lies at its part of the span', () => {
    const slots = [0, 70, 140].map((start) => ({ start, end: start + 70, middle: start + 35 }));
    const placed = placeBreaks([{ at: '2026-10-13T00:00:00Z', version: '2', note: '' }], [week(0), week(1), week(2)], { slots, ticks: [] });
    expect(placed.map(({ index, x }) => [index, x])).toEqual([[1, 80]]);
    const points = slots.map(({ middle }) => ({ x: middle, y: 1 as number | null }));
    expect(interrupted(points, placed, (x) => ({ x, y: null })).map(({ y }) => y)).toEqual([1, null, 1, 1]);
  });

  test('has no accessibility violations', async () => {
    const { container } = renderUi(<Bars title="Deployments" timeZone="UTC" valueLabel="deployments" buckets={counts} breaks={breaks} />);
    const { violations } = await axe.run(container, { rules: { region: { enabled: false } } });
    expect(violations).toEqual([]);
  });
});
