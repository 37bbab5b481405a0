import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { renderUi } from '../../test/render';
import { change } from '../../test/fixtures/data';
import { ApiError } from '../api/problem';
import type { Range, Sort } from '../url/state';
import { toCsv } from './csv';
import { DataTable, nextSort, sortRows, tableCsv, type Column } from './DataTable';
import { Delta, readingOf, Verdict } from './Delta';
import { RangePicker } from './RangePicker';
import { StateBadge } from './StateBadge';
import { ErrorState, PanelBoundary } from './states';
import { Tile } from './Tile';

describe('a change', () => {
  it.each([
    ['a significant improvement', change(-0.29, 'better'), 'better'],
    ['a significant decline', change(0.09, 'worse'), 'worse'],
    ['a significant change below 5 %', change(-0.04, 'better'), 'unclear'],
    ['a large change that is not significant', change(0.4, 'worse', false), 'unclear'],
    ['no clear change', change(0.4, 'no_clear_change'), 'unclear'],
    ['no value before', change(null, 'no_value', false), null],
    ['a rise from zero', { ...change(null, 'worse'), absolute: 3 }, 'worse'],
    ['nothing after nothing', { ...change(null, 'no_clear_change'), absolute: 0 }, 'unclear'],
    ['another definition before', { ...change(0.5, 'no_clear_change'), reason: 'definition_changed' as const }, 'undefined'],
    ['no comparison', null, null],
  ])('%s reads %s', (_, given, reading) => {
    expect(readingOf(given)).toBe(reading);
  });

  it('is told in words beside the arrow', () => {
    renderUi(<Delta change={change(-0.29, 'better')} />);
    expect(screen.getByText(/29.% lower than in the period before: better/)).toBeInTheDocument();
  });

  it.each([
    [change(-0.29, 'better'), 'better', /period before: better$/],
    [change(0.16, 'higher'), 'higher', /^16.% higher than in the period before$/],
    [{ ...change(null, 'worse'), absolute: 3 }, 'worse', /which was 0: worse/],
    [change(0.4, 'no_clear_change'), 'unclear', /no clear change\. Chance makes such changes often/],
    [{ ...change(0.4, 'no_clear_change'), reason: 'many_compared' as const }, 'unclear', /Among so many comparisons/],
    [{ ...change(0.4, 'no_clear_change'), reason: 'definition_changed' as const }, 'undefined', /not comparable\. What is counted/],
  ])('always has a shape and a word, and the reason where it is unclear', (given, reading, words) => {
    const { container } = renderUi(<Delta change={given} />);
    expect(container.querySelector(`[data-reading="${reading}"] svg path`)).not.toBeNull();
    expect(container.querySelector('[aria-hidden="true"]:not(svg)')?.textContent).toMatch(/[a-z]{4}/);
    expect(screen.getByText(words)).toBeInTheDocument();
  });

  it.each([
    ['worse', 'worse'],
    ['no_clear_change', 'unclear'],
    ['too_few', 'few'],
  ] as const)('a chart that says %s has a shape and a word', (verdict, reading) => {
    const { container } = renderUi(<Verdict verdict={verdict} up full="Limits from 26 weeks." />);
    expect(container.querySelector(`[data-reading="${reading}"] svg path`)).not.toBeNull();
    expect(screen.getByText(/Limits from 26 weeks\.$/)).toBeInTheDocument();
  });
});

describe('a tile', () => {
  it('shows the reason instead of a missing value, and no change', () => {
    renderUi(<Tile label="Lead time" quantity={null} reason="Too few" caption="n = 3" change={change(-0.3, 'better')} />);
    const tile = screen.getByRole('article', { name: 'Lead time' });
    expect(within(tile).getByText('Too few')).toBeInTheDocument();
    expect(within(tile).queryByText(/better/)).toBeNull();
  });

  it('shows value, unit, partial mark and benchmark', () => {
    renderUi(
      <Tile
        label="Lead time"
        quantity={{ value: '15.8', unit: 'h' }}
        caption="n = 40"
        partial={{ short: 'covers 80 %', full: 'known for 80 %' }}
        benchmark="DORA 2023: high"
      />,
    );
    for (const text of ['15.8', 'h', 'covers 80 %', 'DORA 2023: high']) expect(screen.getByText(text)).toBeInTheDocument();
  });
});

describe('a state', () => {
  it('has a word beside its shape', () => {
    const { container } = renderUi(<StateBadge status="watch">Stale</StateBadge>);
    expect(screen.getByText('Stale')).toBeInTheDocument();
    expect(container.querySelector('svg')).toHaveAttribute('aria-hidden', 'true');
  });
});

describe('an error', () => {
  it('shows title, detail, request and another try', async () => {
    const retry = vi.fn();
    const error = ApiError.of(503, { title: 'Busy', detail: 'Try later', status: 503, request_id: 'r-7' });
    renderUi(<ErrorState error={error} onRetry={retry} />);
    expect(screen.getByRole('alert')).toHaveTextContent('BusyTry laterStatus 503Request r-7');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(retry).toHaveBeenCalledOnce();
  });

  it('of an answer that is no problem keeps the status', () => {
    const error = ApiError.of(502, '<html>');
    expect(error.status).toBe(502);
    expect(error.passing).toBe(true);
    expect(ApiError.of(404, null).passing).toBe(false);
  });

  it('of one panel leaves the others alone', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const Broken = (): never => {
      throw new Error('x');
    };
    renderUi(
      <>
        <PanelBoundary>
          <Broken />
        </PanelBoundary>
        <PanelBoundary>fine</PanelBoundary>
      </>,
    );
    expect(screen.getByRole('alert')).toHaveTextContent('could not be shown');
    expect(screen.getByText('fine')).toBeInTheDocument();
    vi.restoreAllMocks();
  });
});

interface Row {
  readonly name: string;
  readonly n: number | null;
}

const rows: readonly Row[] = [
  { name: 'b', n: 2 },
  { name: 'a10', n: null },
  { name: 'a9', n: 10 },
];

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    header: 'Name',
    sortValue: (row) => row.name,
    render: (row) => <a href={`#${row.name}`}>{row.name}</a>,
    csv: [{ header: 'Name', value: (row) => row.name }],
  },
  { id: 'n', header: 'Count', sortValue: (row) => row.n, render: (row) => row.n ?? '–', csv: [{ header: 'Count', value: (row) => row.n }] },
];

function Table({ onOpen }: { onOpen?: (row: Row) => void }) {
  const [sort, setSort] = useState<Sort | null>(null);
  return (
    <DataTable
      name="Things"
      fileName="things"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.name}
      sort={sort}
      onSort={setSort}
      onOpen={onOpen}
    />
  );
}

function shownNames(): (string | null)[] {
  return screen.getAllByRole('rowheader').map((cell) => cell.textContent);
}

describe('a table', () => {
  it('sorts up, down and back, and says so', async () => {
    renderUi(<Table />);
    const button = screen.getByRole('button', { name: /Count/ });
    const header = screen.getByRole('columnheader', { name: /Count/ });
    expect(header).toHaveAttribute('aria-sort', 'none');
    await userEvent.click(button);
    expect(header).toHaveAttribute('aria-sort', 'ascending');
    expect(shownNames()).toEqual(['b', 'a9', 'a10']);
    await userEvent.click(button);
    expect(header).toHaveAttribute('aria-sort', 'descending');
    expect(shownNames()).toEqual(['a9', 'b', 'a10']);
    await userEvent.click(button);
    expect(shownNames()).toEqual(['b', 'a10', 'a9']);
  });

  it('is a region that can be reached by keyboard', () => {
    renderUi(<Table />);
    expect(screen.getByRole('region', { name: /Things/ })).toHaveAttribute('tabindex', '0');
  });

  it('opens a row on a click beside its link only', async () => {
    const open = vi.fn();
    renderUi(<Table onOpen={open} />);
    await userEvent.click(screen.getByText('b'));
    expect(open).not.toHaveBeenCalled();
    await userEvent.click(screen.getByText('10'));
    expect(open).toHaveBeenCalledWith(rows[2]);
  });

  it('keeps missing values last in both directions', () => {
    const last = (descending: boolean) => sortRows(rows, columns, { column: 'n', descending }).at(-1)?.name;
    expect([last(false), last(true)]).toEqual(['a10', 'a10']);
  });

  it('ignores a sort by an unknown column', () => {
    expect(sortRows(rows, columns, { column: 'x', descending: false })).toBe(rows);
    expect(nextSort({ column: 'x', descending: true }, 'n')).toEqual({ column: 'n', descending: false });
  });

  it('writes CSV with empty cells for missing values', () => {
    expect(tableCsv(columns, rows)).toBe('\ufeffName,Count\r\nb,2\r\na10,\r\na9,10\r\n');
  });
});

describe('CSV', () => {
  it('quotes what needs quotes and disarms formulas', () => {
    expect(toCsv([['a,b', 'say "x"', '=1+1', '@x', -1]])).toBe('\ufeff"a,b","say ""x""",\'=1+1,\'@x,-1\r\n');
  });
});

describe('the range picker', () => {
  function Picker({ onChange }: { onChange: (range: Range) => void }) {
    return <RangePicker value={{ kind: 'days', days: 90 }} onChange={onChange} />;
  }

  it('marks the chosen length and reports another one', async () => {
    const changed = vi.fn();
    renderUi(<Picker onChange={changed} />);
    expect(screen.getByRole('button', { name: '90 d' })).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(screen.getByRole('button', { name: '30 d' }));
    expect(changed).toHaveBeenCalledWith({ kind: 'days', days: 30 });
  });

  it('takes two dates and refuses an end before the start', async () => {
    const changed = vi.fn();
    renderUi(<Picker onChange={changed} />);
    await userEvent.click(screen.getByRole('button', { name: 'Custom' }));
    const from = await screen.findByLabelText('From');
    const to = screen.getByLabelText('To (included)');
    const enter = async (field: HTMLElement, date: string) => {
      await userEvent.clear(field);
      await userEvent.type(field, date);
    };
    await enter(from, '2026-03-02');
    await enter(to, '2026-03-01');
    expect(screen.getByRole('button', { name: 'Apply' })).toBeDisabled();
    await enter(to, '2026-03-31');
    await userEvent.click(screen.getByRole('button', { name: 'Apply' }));
    expect(changed).toHaveBeenCalledWith({ kind: 'dates', from: '2026-03-02', to: '2026-03-31' });
  });
});
