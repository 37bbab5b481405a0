import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, test, vi } from 'vitest';
import { renderUi } from '../../test/render';
import { StackedBars, type StackBucket } from '.';
import { spanText } from './format';
import { timeTicks } from './ticks';

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 22);

function bucket(i: number, values: number[]): StackBucket {
  const at = (hours: number) => new Date(start + hours * hour).toISOString();
  return { from: at(i), to: at(i + 1), complete: i < 3, values };
}

const buckets = [bucket(0, [2, 1, 0]), bucket(1, [0, 0, 0]), bucket(2, [4, 0, 3]), bucket(3, [1, 0, 0])];

function show(onBrush = vi.fn()) {
  const { container } = renderUi(
    <StackedBars
      title="Events"
      timeZone="UTC"
      valueLabel="events"
      buckets={buckets}
      series={[
        { id: 'a', label: 'Deployment', colour: 1, mark: <i>▲</i> },
        { id: 'b', label: 'Change', colour: 2 },
        { id: 'c', label: 'Others', colour: 0 },
      ]}
      onBrush={onBrush}
    />,
  );
  return { container, onBrush, plot: screen.getByRole('application') };
}

const parts = (plot: Element) => [...plot.querySelectorAll('rect.stack')];

describe('stacked bars', () => {
  test('draw a part for every number above zero, each on top of the one before', () => {
    const { plot } = show();
    expect(parts(plot).map((part) => part.getAttribute('data-colour'))).toEqual(['1', '2', '1', '0', '1']);
    const [first, second] = parts(plot).map((part) => ({ y: Number(part.getAttribute('y')), height: Number(part.getAttribute('height')) }));
    expect(second!.y + second!.height).toBeCloseTo(first!.y);
    expect(first!.height).toBeCloseTo(2 * second!.height);
    expect(parts(plot).filter((part) => part.hasAttribute('data-open'))).toHaveLength(1);
  });

  test('name every series with its total, from the top down', () => {
    show();
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['Others3', 'Change1', '▲Deployment7']);
  });

  test('are read bar by bar, and as a table', async () => {
    const { plot, container } = show();
    plot.focus();
    fireEvent.keyDown(plot, { key: 'Home' });
    expect(screen.getByRole('status').textContent?.replaceAll(/\s/g, ' ')).toBe('22 Nov 2026, 00:00–01:00, 3 events, Change: 1, Deployment: 2');
    fireEvent.keyDown(plot, { key: 'End' });
    expect(screen.getByRole('status')).toHaveTextContent(/1 events, Deployment: 1, not complete/);
    await userEvent.click(screen.getByRole('button', { name: 'View as table' }));
    expect(within(screen.getByRole('table')).getAllByRole('row')).toHaveLength(5);
    const result = await axe.run(container, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
    expect(result.violations).toEqual([]);
  });

  test('report the stretch that a mouse draws over, not a click and not a finger', () => {
    const { plot, onBrush } = show();
    plot.getBoundingClientRect = () => ({ left: 0, width: 640 }) as DOMRect;
    const draw = (from: number, to: number, pointerType: string) => {
      for (const [type, clientX] of [['pointerDown', from], ['pointerMove', to], ['pointerUp', to]] as const) {
        fireEvent[type](plot, { clientX, button: 0, pointerType });
      }
    };
    draw(100, 102, 'mouse');
    draw(100, 500, 'touch');
    expect(onBrush).not.toHaveBeenCalled();
    draw(500, 100, 'mouse');
    expect(onBrush).toHaveBeenCalledWith('2026-11-22T00:00:00.000Z', '2026-11-22T04:00:00.000Z');
  });
});

describe('less than a day', () => {
  test('has ticks by the clock, and the date where a day begins', () => {
    const ticks = timeTicks(start - 3 * hour, start + 3 * hour, 500, 'UTC', 'en-GB');
    expect(ticks.map((tick) => tick.label)).toEqual(['21:00', '22:00', '23:00', '22 Nov', '01:00', '02:00', '03:00']);
  });

  test('has no tick twice where clocks are put back', () => {
    const night = Date.UTC(2026, 9, 24, 22);
    const labels = timeTicks(night, night + 6 * hour, 600, 'Europe/Berlin', 'en-GB').map((tick) => tick.label);
    expect(new Set(labels).size).toBe(labels.length);
  });

  test('is named with its times, a day by its date', () => {
    const iso = (at: number) => new Date(at).toISOString();
    expect(spanText({ from: iso(start), to: iso(start + 24 * hour) }, 'UTC', 'en')).toBe('22 Nov 2026');
    expect(spanText({ from: iso(start), to: iso(start + 6 * hour) }, 'UTC', 'en').replaceAll(/\s/g, ' ')).toBe('22 Nov 2026, 00:00–06:00');
  });
});
