import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { renderUi } from '../../test/render';
import { de } from '../i18n/de';
import { BurnDown, evenAt } from './BurnDown';
import { budgetAxis, byTaken, explained, gapsOf, groupMarks, kindOf, marksIn, stepPath, stretchOf, type BurnMark, type BurnPoint } from './burndown';
import { BurnRate, thresholdsInSight } from './BurnRate';

const day = (n: number) => new Date(Date.UTC(2026, 9, 1) + Math.round(n * 86_400_000)).toISOString();

function point(n: number, remaining: number | null, over: Partial<BurnPoint> = {}): BurnPoint {
  return { at: day(n), remaining, experienced: remaining, noData: false, ...over };
}

function mark(kind: BurnMark['kind'], id: string, n: number, over: Partial<BurnMark> = {}): BurnMark {
  return { kind, id, title: `${kind} ${id}`, at: day(n), until: null, consumed: null, ...over };
}

describe('groups of marks', () => {
  // 1 day is 10 pixels: 3 % of 1000 pixels are three days.
  const x = (at: string) => ((Date.parse(at) - Date.parse(day(0))) / 86_400_000) * 10;

  it('holds what is within 3 % of the width after its first mark', () => {
    const groups = groupMarks([mark('incident', 'b', 2.9), mark('deployment', 'a', 0), mark('deployment', 'c', 3)], x, 1000);
    expect(groups.map(({ x: at, marks }) => [at, marks.map(({ id }) => id)])).toEqual([[0, ['a', 'b']], [30, ['c']]]);
  });

  it('keeps targets apart where 3 % are less than a finger needs', () => {
    const groups = groupMarks([mark('deployment', 'a', 0), mark('deployment', 'b', 2.3), mark('deployment', 'c', 2.4)], x, 300);
    expect(groups.map(({ marks }) => marks.length)).toEqual([2, 1]);
  });

  it('loses no mark, whatever the order', () => {
    const marks = [5, 1, 3, 2, 4, 0].map((n) => mark('deployment', String(n), n));
    const ids = (list: BurnMark[]) => groupMarks(list, x, 1000).map((group) => group.marks.map(({ id }) => id));
    expect(ids(marks).flat().toSorted()).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(ids(marks.toReversed())).toEqual(ids(marks));
  });

  it('is named by what matters most', () => {
    expect(kindOf({ x: 0, marks: [mark('correction', 'a', 0), mark('deployment', 'b', 0), mark('incident', 'c', 0)] })).toBe('incident');
    const spent = { x: 0, marks: [mark('incident', 'a', 0), mark('flag_change', 'b', 0, { consumed: 0.1 }), mark('deployment', 'c', 0, { consumed: 0.4 })] };
    expect(kindOf(spent)).toBe('deployment');
    expect(byTaken(spent).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});

describe('the line', () => {
  it('holds a value until the next one', () => {
    expect(stepPath([{ x: 0, y: 10 }, { x: 5, y: 20 }, { x: 9, y: 20 }])).toBe('M0.0 10.0H5.0V20.0H9.0V20.0');
  });

  it('is interrupted where nothing is known, and ends where that begins', () => {
    expect(stepPath([{ x: 0, y: 10 }, { x: 5, y: null }, { x: 7, y: null }, { x: 9, y: 20 }])).toBe('M0.0 10.0H5.0M9.0 20.0');
  });
});

describe('the axis of a budget', () => {
  it('goes from a full budget to a little below zero', () => {
    const axis = budgetAxis([1, 0.4], 200);
    expect([axis.y(1), axis.high]).toEqual([0, 1]);
    expect(axis.low).toBe(-0.15);
    expect(axis.ticks.map((tick) => Number(tick.toFixed(2)))).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('cuts nothing off: what is overspent 40 times is on it', () => {
    const axis = budgetAxis([1, -39.5], 200);
    expect(axis.low).toBeLessThan(-39.5);
    expect(axis.y(-39.5)).toBeLessThan(200);
    expect(axis.ticks).toContain(0);
    expect(axis.ticks.length).toBeLessThanOrEqual(7);
  });

  it('needs no value', () => {
    expect(budgetAxis([null], 200).ticks.length).toBeGreaterThan(1);
  });
});

describe('the stretch and its gaps', () => {
  const points = [point(0, 1), point(1, 0.8, { noData: true }), point(2, 0.8, { noData: true }), point(3, 0.5), point(4, 0.4)];

  it('joins what has no data', () => {
    expect(gapsOf(points)).toEqual([{ from: day(1), to: day(3) }]);
  });

  it('reaches as far as the forecast', () => {
    const forecast = [{ at: day(9), low: 0, middle: 0.1, high: 0.2 }];
    expect(stretchOf({ from: day(0), to: day(4) }, points, forecast)).toEqual({ from: Date.parse(day(0)), to: Date.parse(day(9)), now: Date.parse(day(4)) });
  });

  it('gives a mark the burn up to its end, or up to the next point', () => {
    expect(explained(points, mark('incident', 'a', 2.5, { until: day(3.5) })).map(({ at }) => at)).toEqual([day(2), day(3), day(4)]);
    expect(explained(points, mark('deployment', 'b', 3)).map(({ at }) => at)).toEqual([day(3), day(4)]);
  });

  it('puts each mark into one span, the last one too', () => {
    const marks = [0, 2.5, 3, 4.7].map((n) => mark('deployment', String(n), n));
    const found = points.map((_, i) => marksIn(marks, points, i).map(({ id }) => id));
    expect(found).toEqual([['0'], [], ['2.5'], ['3'], ['4.7']]);
  });

  it('knows even spending between two instants, and only there', () => {
    const even = [{ at: day(0), remaining: 1 }, { at: day(4), remaining: 0 }];
    expect([evenAt(even, day(0)), evenAt(even, day(1)), evenAt(even, day(4)), evenAt(even, day(5))]).toEqual([1, 0.75, 0, null]);
  });
});

const shown = {
  title: 'Error budget left',
  timeZone: 'UTC',
  window: { from: day(0), to: day(10) },
  points: [point(0, 1), point(2, 0.9), point(3, 0.6, { experienced: 0.5 }), point(4, null, { noData: true }), point(5, 0.5, { experienced: 0.4 }), point(6, -0.1, { experienced: -0.2 })],
  even: [{ at: day(0), remaining: 1 }, { at: day(10), remaining: 0 }],
  forecast: [{ at: day(6), low: -0.1, middle: -0.1, high: -0.1 }, { at: day(10), low: -0.5, middle: -0.3, high: -0.2 }],
  marks: [mark('deployment', 'v98', 2.8, { consumed: 0.3 }), mark('incident', 'INC-1', 3, { until: day(3.5) }), mark('flag_change', 'ramp', 5.5)],
  consequence: 'budget exhausted',
  link: (one: BurnMark) => <a href={`#${one.id}`}>{one.title}</a>,
};

describe('the burn-down', () => {
  it('says in words what it shows', () => {
    renderUi(<BurnDown {...shown} />);
    expect(screen.getByRole('img')).toHaveAccessibleName(
      expect.stringMatching(/first 100.%, latest -10.%, lowest -10.% on 7 Oct 2026.*1 stretch has no data\. 3 events are marked\./),
    );
    expect(screen.getByText('budget exhausted')).toBeInTheDocument();
  });

  it('shows what a mark stands for, and the way there, by keyboard', async () => {
    renderUi(<BurnDown {...shown} />);
    const strip = screen.getByRole('list', { name: 'What happened, from left to right' });
    const button = within(strip).getByRole('button', { name: /Deployment: deployment v98.*took 30.% of the budget.*Incident: incident INC-1/ });
    expect(button).toHaveTextContent('+1');
    button.focus();
    await userEvent.keyboard('{Enter}');
    expect(button).toHaveAttribute('aria-pressed', 'true');
    expect(screen.getByRole('link', { name: 'deployment v98' })).toBeInTheDocument();
    expect(screen.getByText(/2 marks are shown/)).toBeInTheDocument();
  });

  it('is read step by step', () => {
    renderUi(<BurnDown {...shown} />);
    const plot = screen.getByRole('application');
    fireEvent.keyDown(plot, { key: 'Home' });
    fireEvent.keyDown(plot, { key: 'ArrowRight' });
    expect(within(plot).getByRole('status')).toHaveTextContent(/3 Oct 2026.*90.% of the budget left.*even spending would leave 80.%.*Deployment: deployment v98/);
    fireEvent.keyDown(plot, { key: 'End' });
    expect(within(plot).getByRole('status')).toHaveTextContent(/forecast -30.%, between -50.% and -20.%/);
  });

  it('is a table too, without figures where there is no data', async () => {
    renderUi(<BurnDown {...shown} />);
    await userEvent.click(screen.getByRole('button', { name: 'View as table' }));
    const rows = within(screen.getByRole('table')).getAllByRole('row');
    const instants = new Set([...shown.points, ...shown.forecast].map(({ at }) => at));
    expect(instants.size).toBe(shown.points.length + shown.forecast.length - 1); // The forecast begins where the line ends.
    expect(rows).toHaveLength(1 + instants.size);
    expect(rows[4]).toHaveTextContent(/5 Oct 2026.*no value/);
  });

  it('shows the experienced budget only where it differs', () => {
    const same = shown.points.map((one) => ({ ...one, experienced: one.remaining }));
    renderUi(<BurnDown {...shown} points={same} />);
    expect(screen.queryByText('without corrections')).toBeNull();
  });

  it.each([shown.points, [point(0, null)]])('names even spending where its name has room', (...points) => {
    renderUi(<BurnDown {...shown} points={points} />);
    const label = screen.getAllByText('even spending').find(({ tagName }) => tagName === 'text');
    const width = Number(label?.closest('svg')?.getAttribute('viewBox')?.split(' ')[2]);
    expect(width).toBeGreaterThan(300);
    expect(Number(label?.getAttribute('x'))).toBeLessThan(width * 0.75);
  });

  it('is accessible, in German as well, and without data', async () => {
    const { container } = renderUi(
      <>
        <BurnDown {...shown} />
        <BurnDown {...shown} title="Leer" points={[point(0, null)]} marks={[]} forecast={[]} />
      </>,
      de,
      'de',
    );
    const result = await axe.run(container, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
    expect(result.violations.map(({ id }) => id)).toEqual([]);
  });
});

describe('burn rates', () => {
  const thresholds = [{ factor: 14.4, label: 'page 14.4' }, { factor: 1, label: 'ticket 1' }, { factor: 6, label: 'page 6' }];

  it('are not flattened by thresholds far above, but the lowest is always there', () => {
    expect(thresholdsInSight(thresholds, 0.2).map(({ factor }) => factor)).toEqual([1]);
    expect(thresholdsInSight(thresholds, 5).map(({ factor }) => factor)).toEqual([1, 6]);
    expect(thresholdsInSight(thresholds, 20).map(({ factor }) => factor)).toEqual([1, 6, 14.4]);
  });

  it('are read out for every length of time', () => {
    const series = [
      { lookback: '1h', points: [{ at: day(0), burn: 0.5 }, { at: day(1), burn: 12 }] },
      { lookback: '6h', points: [{ at: day(0), burn: null }, { at: day(1), burn: 3.25 }] },
    ];
    renderUi(<BurnRate title="Burn rate" timeZone="UTC" series={series} thresholds={thresholds} />);
    fireEvent.keyDown(screen.getByRole('application'), { key: 'Home' });
    expect(screen.getByRole('status')).toHaveTextContent('1h: 0.5 times even, 6h: no value');
    expect(screen.getByText('page 14.4')).toBeInTheDocument();
  });
});
