import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { renderUi } from '../../test/render';
import { known } from '../api/known';
import { de } from '../i18n/de';
import { TableExport } from './TableExport';
import { tableAddress, tableCommand } from './tableAddress';

afterEach(() => {
  known.asOf = null;
});

const params = { workspace: 'demo', from: '90d', group: 'payments', capability: null };

describe('the address of a table', () => {
  test('holds scope and window, and leaves out what is not chosen', () => {
    expect(tableAddress('groups', 'csv', params)).toBe('/api/v1/tables/groups?workspace=demo&from=90d&group=payments&format=csv');
  });

  test('is pinned to the instant that the page is shown as of', () => {
    known.asOf = '2026-05-12T14:00Z';
    expect(tableAddress('groups', 'ndjson', params)).toBe(
      '/api/v1/tables/groups?workspace=demo&from=90d&group=payments&as_of=2026-05-12T14:00:00Z&format=ndjson',
    );
  });

  test('stays one word of a shell', () => {
    const command = tableCommand('https://e.example', tableAddress('rows', 'csv', { environment: "o'clock; rm" }));
    expect(command).toBe(`curl -fsS -H "Authorization: Bearer $EVENKEEL_TOKEN" 'https://e.example/api/v1/tables/rows?environment=o%27clock%3B+rm&format=csv'`);
  });
});

describe('the export menu', () => {
  test('offers both files and the command by keyboard', async () => {
    const user = userEvent.setup();
    renderUi(<TableExport table="groups" name="Teams" params={params} />);
    const button = await screen.findByRole('button', { name: 'Export Teams' });
    button.focus();
    await user.keyboard('{Enter}');
    const menu = within(await screen.findByRole('menu'));
    const csv = menu.getByRole('menuitem', { name: 'CSV with definitions' });
    expect(csv).toHaveAttribute('href', tableAddress('groups', 'csv', params));
    expect(csv).toHaveAttribute('download');
    expect(menu.getByRole('menuitem', { name: 'NDJSON with definitions' })).toHaveAttribute('href', tableAddress('groups', 'ndjson', params));
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await user.click(menu.getByRole('menuitem', { name: 'Copy as curl' }));
    expect(write).toHaveBeenCalledWith(tableCommand(window.location.origin, tableAddress('groups', 'csv', params)));
    expect(await screen.findByText('Copied')).toBeInTheDocument();
  });

  test('speaks German', async () => {
    renderUi(<TableExport table="groups" name="Teams" params={params} />, de, 'de');
    expect(await screen.findByRole('button', { name: 'Export: Teams' })).toBeInTheDocument();
  });
});
