import { askedFor, serve } from '../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../test/fixtures/api';
import { overview } from '../../test/fixtures/data';
import { pseudoCatalogue } from '../../test/pseudo';
import { en } from '../i18n/en';
import { createI18n, type Catalogue } from '../i18n/i18n';
import { App } from './App';
import { createQueryClient } from './queryClient';
import { createAppRouter } from './router';

function open(address: string, catalogue: Catalogue = en) {
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false, staleTime: 60_000 } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [address] }));
  const { container } = render(<App i18n={createI18n('en', catalogue)} queryClient={queryClient} router={router} env="test" />);
  return { router, container };
}

beforeEach(() => serve(fixtureAnswer));
afterEach(() => localStorage.clear());

describe('the application', () => {
  it('leads from the root to the first workspace', async () => {
    const { router } = open('/');
    expect(await screen.findByRole('heading', { level: 1, name: 'Executive overview' })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe('/w/demo/overview');
  });

  it('explains how to sign in when there is no session', async () => {
    serve(() => ({ status: 401, body: { title: 'Not signed in', status: 401 } }));
    open('/w/demo/overview');
    expect(await screen.findByRole('heading', { name: 'You are signed out' })).toBeInTheDocument();
    expect(screen.queryByRole('navigation')).toBeNull();
  });

  it('says so when an address names nothing', async () => {
    open('/w/demo/nothing');
    expect(await screen.findByRole('heading', { name: 'There is nothing at this address' })).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Go to the overview' })).toHaveAttribute('href', '/w/demo/overview');
  });

  it('says so when a workspace is unknown', async () => {
    open('/w/secret/overview');
    expect(await screen.findByRole('heading', { level: 1, name: /no workspace "secret"/ })).toHaveFocus();
    const list = screen.getByRole('list', { name: 'You have access to:' });
    expect(within(list).getByRole('link', { name: 'Demo: Northwind Freight' })).toHaveAttribute('href', '/w/demo/overview');
    expect(screen.queryByRole('navigation')).toBeNull();
  });

  it('goes to another page on g a', async () => {
    const { router } = open('/w/demo/overview');
    await screen.findByRole('heading', { level: 1 });
    await userEvent.keyboard('ga');
    await waitFor(() => expect(router.state.location.pathname).toBe('/w/demo/applications'));
  });

  it('goes nowhere on a key when shortcuts are switched off', async () => {
    localStorage.setItem('evenkeel-shortcuts', 'off');
    const { router } = open('/w/demo/groups');
    await screen.findByRole('heading', { level: 1, name: 'Teams' });
    await userEvent.keyboard('ga?');
    expect(router.state.location.pathname).toBe('/w/demo/groups');
    expect(screen.queryByRole('heading', { name: 'Keyboard shortcuts' })).toBeNull();
  });
});

describe('the overview', () => {
  it('shows sentence, six figures, attention and teams', async () => {
    open('/w/demo/overview');
    expect(await screen.findByRole('heading', { name: /^Changes reach users 29/ })).toBeInTheDocument();
    expect(screen.getAllByRole('article')).toHaveLength(6);
    expect(screen.getByRole('link', { name: /Deployments of payments-api fail 61/ })).toHaveAttribute(
      'href',
      '/w/demo/applications/payments-api',
    );
    expect(within(screen.getByRole('table', { name: 'Teams' })).getAllByRole('row')).toHaveLength(9);
  });

  it('shows no lead time of a team whose deployments rarely name what they ship', async () => {
    const partial = overview();
    const team = partial.groups[0];
    if (team) Object.assign(team.report.change_lead_time, { coverage: 0.4, withheld: 'low_coverage' });
    serve((path, query) => (path.endsWith('/overview') ? { status: 200, body: partial } : fixtureAnswer(path, query)));
    open('/w/demo/overview');
    const table = await screen.findByRole('table', { name: 'Teams' });
    const row = within(table).getByRole('rowheader', { name: /Payments/ }).closest('tr');
    expect(row).toHaveTextContent('Not shown');
  });

  it('asks for 180 days by week, and for what the address says', async () => {
    open('/w/demo/overview');
    await screen.findAllByRole('article');
    expect(askedFor()).toContain('/api/v1/overview?workspace=demo&from=180d&series=week');
    open('/w/demo/overview?range=2026-01-01..2026-01-31&bench=dora-2022');
    await waitFor(() =>
      expect(askedFor()).toContain('/api/v1/overview?workspace=demo&from=2026-01-01&to=2026-02-01&series=day&benchmark=dora-2022'),
    );
  });

  it('shows how the sentence is made', async () => {
    open('/w/demo/overview');
    await userEvent.click(await screen.findByRole('button', { name: 'How this sentence is made' }));
    expect(screen.getByText(/95 % interval excludes zero/)).toBeInTheDocument();
  });

  it('hides changes and the sentence without a comparison', async () => {
    open('/w/demo/overview?cmp=none');
    await screen.findAllByRole('article');
    expect(screen.queryByText(/^Changes reach users/)).toBeNull();
    expect(screen.queryByText(/29.% better/)).toBeNull();
  });

  it('tells what of the address was ignored, until dismissed', async () => {
    const { router } = open('/w/demo/overview?range=7d&cmp=none');
    expect(await screen.findByText(/ignored: range=7d/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(screen.queryByText(/ignored/)).toBeNull());
    expect(router.state.location.search).toEqual({ cmp: 'none' });
  });

  it('moves to the period before with a key', async () => {
    const { router } = open('/w/demo/overview?range=2026-03-01..2026-03-31');
    await screen.findAllByRole('article');
    await userEvent.keyboard('[[');
    await waitFor(() => expect(router.state.location.search).toEqual({ range: '2026-01-29..2026-02-28' }));
  });

  it('explains itself when nothing is known', async () => {
    open('/w/default/overview');
    expect(await screen.findByText('No deployments yet')).toBeInTheDocument();
    expect(screen.queryByRole('article')).toBeNull();
  });

  it('shows a failure with the name of the request, and tries again', async () => {
    serve((path, query) =>
      path.endsWith('/overview')
        ? { status: 500, body: { title: 'Database is busy', status: 500, request_id: 'r-42' } }
        : fixtureAnswer(path, query),
    );
    open('/w/demo/overview');
    expect(await screen.findByText('Request r-42')).toBeInTheDocument();
    serve(fixtureAnswer);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findAllByRole('article')).toHaveLength(6);
  });

  it('has no text that is not translated', async () => {
    const { container } = open('/w/demo/overview', pseudoCatalogue());
    await screen.findAllByRole('article');
    const plain = [...container.querySelectorAll('h1,h2,h3,h4,button,th[scope="col"],label,caption')]
      .map((node) => node.textContent?.trim() ?? '')
      .filter((text) => /[a-z]{3}/i.test(text) && !text.includes('⟦'));
    expect(plain).toEqual(['Demo: Northwind Freight']);
  });
});

describe('the lists', () => {
  it('filter applications by name and say which filters leave nothing', async () => {
    const { router } = open('/w/demo/applications');
    await screen.findByRole('link', { name: 'payments-api' });
    await userEvent.type(screen.getByRole('searchbox', { name: 'Name' }), 'ledger');
    await waitFor(() => expect(screen.queryByRole('link', { name: 'payments-api' })).toBeNull());
    expect(router.state.location.search).toEqual({ q: 'ledger' });
    await userEvent.type(screen.getByRole('searchbox', { name: 'Name' }), 'zzz');
    expect(await screen.findByText('Active filters: Name: ledgerzzz.')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
    expect(await screen.findByRole('link', { name: 'payments-api' })).toBeInTheDocument();
  });

  it('show teams as a tree', async () => {
    open('/w/demo/groups');
    await screen.findByRole('table', { name: 'Teams' });
    const names = screen.getAllByRole('rowheader').map((cell) => within(cell).getByRole('link').textContent);
    expect(names.slice(0, 3)).toEqual(['Northwind Freight', 'Platform', 'Identity']);
  });

  it('lead to a team with its path, figures and applications', async () => {
    open('/w/demo/groups/payments');
    expect(await screen.findByRole('heading', { level: 1, name: 'Payments' })).toBeInTheDocument();
    const trail = await screen.findByRole('navigation', { name: 'Breadcrumb' });
    await waitFor(() => expect(trail).toHaveTextContent('TeamsNorthwind FreightRetailPayments'));
    expect(await screen.findByRole('link', { name: 'payments-worker' })).toBeInTheDocument();
  });

  it('name a team that does not exist', async () => {
    open('/w/demo/groups/gone');
    expect(await screen.findByText('There is no team "gone" in this workspace')).toBeInTheDocument();
  });
});
