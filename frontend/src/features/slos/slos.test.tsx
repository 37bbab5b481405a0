import { askedFor, sentBodies, serve } from '../../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import { session } from '../../../test/fixtures/data';
import { burnDown, burnRates, sloDetail, sloDocument, sloRows, spend } from '../../../test/fixtures/slos';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';

const lints = [{ line: 12, field: 'spec.objectives[0].target', severity: 'error', text: 'leaves no budget', fix: 'give one below 1' }];

interface Options {
  readonly locale?: 'en' | 'de';
  readonly role?: 'viewer' | 'admin';
  readonly rows?: typeof sloRows;
}

function open(path: string, { locale = 'en', role = 'admin', rows = sloRows }: Options = {}) {
  serve((asked, query, body) => {
    const [, rest] = /\/api\/v1\/service-levels(.*)$/.exec(asked) ?? [];
    if (asked === '/api/v1/session') return { status: 200, body: { ...session, principal: { kind: 'person', name: 'ada', role } } };
    if (rest === undefined) return fixtureAnswer(asked, query);
    const sent = body as { document?: string } | undefined;
    if (rest === '/preview') return { status: 200, body: { id: 's1', statement: '', problem: '', remarks: sent?.document?.includes('target: 1\n') ? lints : [], budgets: sloRows } };
    if (sent?.document !== undefined) return { status: 200, body: { id: 's1', number: 3, saved: true } };
    if (rest === '') return { status: 200, body: { items: query.get('status') === 'watch' ? [] : rows, next: null, found: rows.length, statuses: {} } };
    if (rest.endsWith('/burndown')) return { status: 200, body: burnDown };
    if (rest.endsWith('/spend')) return { status: 200, body: spend };
    if (rest.endsWith('/burn')) return { status: 200, body: burnRates };
    if (rest.endsWith('/alerts')) return { status: 200, body: { items: [], next: null } };
    if (rest.endsWith('/what-if')) {
      const target = Number(query.get('target'));
      return { status: 200, body: { since: '2026-09-01T00:00:00Z', unit: 'events', outcomes: [{ target, window: '30d', present: false, sli: 0.9995, budget: { consumed: 0.9, remaining: 0.1, projected: null, left: 4, allowed: 40 }, windows: [{ from: '2026-09-01T00:00:00Z', to: '2026-10-01T00:00:00Z', sli: 0.9993, consumed: 0.7, coverage: 1, met: target < 0.9995 }], met: target < 0.9995 ? 1 : 0, missed: target < 0.9995 ? 0 : 1, unknown: 0 }] } };
    }
    if (rest.endsWith('/corrections')) return { status: 200, body: sloDetail.corrections[0] };
    return { status: 200, body: sloDetail };
  });
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [path] }));
  return { router, user: userEvent.setup(), ...render(<App i18n={createI18n(locale, locale === 'en' ? en : de)} queryClient={queryClient} router={router} env="test" />) };
}

async function violations(node: Element) {
  const found = await axe.run(node, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`);
}

describe('the list of SLOs', () => {
  it('shows each budget in words and numbers, in the order of the server', async () => {
    const { container } = open('/w/demo/slos');
    const table = await screen.findByRole('table', { name: 'SLOs' });
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows.map((row) => within(row).getAllByRole('link')[0]?.textContent)).toEqual(['Checkout availability', 'Night batch', 'New']);
    expect(rows[0]).toHaveTextContent(/Exhausted.*-18.%.*7\.2 events over.*99\.882.%.*99\.9.% over 30 days, rolling.*1× \/ 0\.5× \/ –.*checkout 98.*page: firing/);
    expect(rows[1]).toHaveTextContent('little traffic');
    expect(rows[2]).toHaveTextContent(/No data: nothing was measured/);
    expect(rows[2]).not.toHaveTextContent(/0.%/);
    expect(await violations(container)).toEqual([]);
  });

  it('asks for what the address says, and offers a way back from nothing', async () => {
    const { user } = open('/w/demo/slos?status=watch&app=checkout&q=pay');
    expect(await screen.findByText('No SLO matches the filters')).toBeInTheDocument();
    expect(askedFor().some((path) => path.includes('/service-levels?workspace=demo&application=checkout&q=pay&status=watch&limit=50'))).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(await screen.findByRole('table', { name: 'SLOs' })).toBeInTheDocument();
  });

  it('tells how to make the first', async () => {
    open('/w/demo/slos', { rows: [] });
    expect(await screen.findByText('No SLOs yet')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Have some suggested from metrics that exist' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Make one in the form' })).toHaveAttribute('href', '/w/demo/slos/new');
  });
});

describe('the page of an SLO', () => {
  it('says what is promised, what is left, and who spent it', async () => {
    const { container } = open('/w/demo/slos/s1');
    expect(await screen.findByText(sloDetail.statement)).toBeInTheDocument();
    expect(screen.getByRole('article', { name: 'Error budget left' })).toHaveTextContent(/-18.?%.*7\.2 events over, 40 events allowed/);
    const ledger = within(await screen.findByRole('region', { name: 'Who spent the budget' }));
    expect(await ledger.findByRole('link', { name: 'checkout 98' })).toHaveAttribute('href', '/w/demo/deployments/d1');
    expect(ledger.getByRole('link', { name: 'new-basket' })).toBeInTheDocument();
    expect(ledger.getByText('Joint')).toBeInTheDocument();
    expect(ledger.getByRole('row', { name: /Consumed in all/ })).toHaveTextContent(/118.%.*47 bad events/);
    expect(await screen.findByRole('application', { name: 'Burn rate' })).toBeInTheDocument();
    expect(screen.getByText('lowered: this target allows no more')).toBeInTheDocument();
    expect(screen.getByText('alert policy high-priority').closest('tr')).toHaveTextContent(/1h.*2or at itfor 5 min/);
    expect(await screen.findByText('There was no alert.')).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
  });

  it('asks what another target would have meant, by slider and by number', async () => {
    const { user } = open('/w/demo/slos/s1');
    const panel = within(await screen.findByRole('region', { name: 'What if the target were another' }));
    await panel.findByText(/Met in 1 earlier window, missed in 0/);
    fireEvent.change(panel.getByRole('slider', { name: 'Target' }), { target: { value: '9995' } });
    expect(await panel.findByText(/Met in 0 earlier windows, missed in 1/)).toBeInTheDocument();
    const field = panel.getByRole('textbox', { name: 'Target in percent' });
    expect(field).toHaveValue('99.95');
    await user.clear(field);
    await user.type(field, '99,8');
    await waitFor(() => expect(askedFor().some((path) => path.includes('target=0.998'))).toBe(true));
    await user.clear(field);
    expect(panel.getByText(/A percentage with at most two decimals/)).toBeInTheDocument();
  });

  it('corrects a time with a reason, in UTC', async () => {
    const { user } = open('/w/demo/slos/s1');
    const panel = within(await screen.findByRole('region', { name: 'Corrections' }));
    expect(panel.getByText(/announced maintenance/)).toBeInTheDocument();
    expect(panel.getByRole('button', { name: /^Withdraw the correction/ })).toBeInTheDocument();
    fireEvent.change(panel.getByLabelText('From (UTC)'), { target: { value: '2026-11-20T10:00' } });
    fireEvent.change(panel.getByLabelText('To (UTC)'), { target: { value: '2026-11-20T11:30' } });
    expect(panel.getByRole('button', { name: 'Correct' })).toBeDisabled();
    await user.type(panel.getByLabelText('Reason'), 'planned');
    await user.click(panel.getByRole('button', { name: 'Correct' }));
    expect(await panel.findByText('The correction counts from now on.')).toBeInTheDocument();
    expect(sentBodies()).toContainEqual({ from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:30:00Z', mode: 'exclude', reason: 'planned' });
  });

  it('lets a viewer look', async () => {
    open('/w/demo/slos/s1', { role: 'viewer', locale: 'de' });
    expect(await screen.findByRole('heading', { name: 'Korrekturen' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Korrigieren' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Bearbeiten' })).toBeNull();
  });
});

describe('the editor', () => {
  it('writes the form into the document, shows lints at their fields, and saves what has none', async () => {
    const { user, router, container } = open('/w/demo/slos/s1/edit');
    const target = await screen.findByRole('textbox', { name: 'Target in percent' });
    expect(target).toHaveValue('99.9');
    await user.clear(target);
    await user.type(target, '100');
    await user.click(screen.getByRole('button', { name: 'Preview' }));
    expect(await screen.findByText('leaves no budget: give one below 1')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    await user.clear(target);
    await user.type(target, '99.95');
    const document = screen.getByRole('textbox', { name: 'OpenSLO document' });
    expect(document).toHaveValue(sloDocument.replace('0.999', '0.9995'));
    await user.click(screen.getByRole('button', { name: 'Preview' }));
    expect(await screen.findByRole('table', { name: 'Preview on past data' })).toBeInTheDocument();
    expect(await violations(container)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/w/demo/slos/s1'));
  });

  it('begins with the application of the address', async () => {
    open('/w/demo/slos/new?app=checkout', { role: 'viewer' });
    expect(await screen.findByRole('textbox', { name: 'Name' })).toHaveValue('checkout-availability');
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
  });
});
