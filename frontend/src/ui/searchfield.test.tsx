import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { theme } from '../theme/theme';
import { SearchField } from './SearchField';

/** A field whose value follows what it reports only when the test says so, as an address does on a slow machine. */
function searchField() {
  const reports: string[] = [];
  const at = (value: string) => (
    <MantineProvider theme={theme} env="test">
      <SearchField label="Search" placeholder="" value={value} onChange={(text) => reports.push(text)} />
    </MantineProvider>
  );
  const { rerender } = render(at(''));
  const type = (text: string) => fireEvent.change(screen.getByRole('searchbox'), { target: { value: text } });
  const rest = () => act(() => vi.advanceTimersByTime(250));
  return { reports, type, rest, follow: (value: string) => rerender(at(value)) };
}

describe('the filter by text', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('keeps what is typed while the address is behind', () => {
    const { reports, type, rest, follow } = searchField();
    type('p');
    rest();
    type('pa');
    rest();
    type('pay');
    follow('p');
    expect(screen.getByRole('searchbox')).toHaveValue('pay');
    follow('pa');
    expect(screen.getByRole('searchbox')).toHaveValue('pay');
    rest();
    expect(reports).toEqual(['p', 'pa', 'pay']);
  });

  it('shows what the address changes to by itself', () => {
    const { reports, type, rest, follow } = searchField();
    type('pay');
    rest();
    follow('pay');
    follow('');
    expect(screen.getByRole('searchbox')).toHaveValue('');
    follow('pay');
    expect(screen.getByRole('searchbox')).toHaveValue('pay');
    rest();
    expect(reports).toEqual(['pay']);
  });
});
