import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { answers, application, dora, emptyDora } from '../../../test/delivery/fixtures';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';

type Answers = Record<string, (query: URLSearchParams) => unknown>;

/** Stands for the server: the client takes fetch and Request when it is made. */
const server = vi.hoisted(() => {
  const state = { answers: {} as Answers, asked: [] as URL[] };
  const NodeRequest = globalThis.Request;
  globalThis.Request = class extends NodeRequest {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      const { signal: _, ...rest } = init ?? {};
      super(typeof input === 'string' ? new URL(input, 'http://evenkeel.test') : input, rest);
    }
  };
  globalThis.fetch = async (input) => {
    const url = new URL((input as Request).url);
    state.asked.push(url);
    const body = state.answers[url.pathname]?.(url.searchParams) ?? { title: 'Not found', status: 404 };
    const failed = (body as { status?: unknown }).status;
    return Response.json(body, { status: typeof failed === 'number' ? failed : 200 });
  };
  return state;
});

beforeEach(() => {
  server.asked.length = 0;
});

function open(change: Answers = {}, query = '', locale: 'en' | 'de' = 'en') {
  server.answers = { ...answers(), ...change };
  const queryClient = createQueryClient();
  const history = createMemoryHistory({ initialEntries: [`/w/demo/applications/payments-api${query}`] });
  const router = createAppRouter(queryClient, history);
  const i18n = createI18n(locale, locale === 'en' ? en : de);
  return { router, ...render(<App i18n={i18n} queryClient={queryClient} router={router} env="test" />) };
}

function asked(path: string): URLSearchParams[] {
  return server.asked.filter((url) => url.pathname === path).map((url) => url.searchParams);
}

const none = () => ({ items: [], next: null });
const panel = (name: string) => screen.findByRole('region', { name });
const words = (element: Element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ');

describe('application page', () => {
  test('says what the application is', async () => {
    open();
    expect(await screen.findByRole('heading', { level: 1, name: 'Payments API' })).toBeInTheDocument();
    const main = screen.getByRole('main');
    for (const text of ['Up to date', 'Tier 1, most critical', 'daily', '143']) {
      expect(within(main).getByText(text)).toBeInTheDocument();
    }
    expect(within(main).getByRole('link', { name: 'Payments' })).toHaveAttribute('href', '/w/demo/groups/payments');
    expect(within(main).getByText('repo:github.com/northwind/payments')).toBeInTheDocument();
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual(['Delivery', 'Reliability']);
  });

  test('shows figures, trends, phases and rows', async () => {
    open();
    expect(words(await screen.findByRole('article', { name: 'Change lead time' }))).toContain('15.8h');
    for (const name of ['Change lead time', 'Change fail rate', 'Deployments per week']) {
      expect(screen.getByRole('figure', { name })).toBeInTheDocument();
    }
    const phases = await panel('Where changes spend their time');
    expect(words(within(phases).getByRole('row', { name: /Pickup/ }))).toContain('3.9 h288');
    expect(words(within(phases).getByRole('row', { name: /Merge wait/ }))).toContain('too few (n = 3)');
    const rows = within(await panel('Recent deployments')).getAllByRole('row').slice(1).map(words);
    expect(rows[1]).toBe('20 Nov 2026, 15:042.39.0productionsucceeded1failed: rolled backinferredby commit ancestry');
    expect(rows[0]).toContain('running–not counted');
    expect(words(within(await panel('Recent changes')).getByRole('row', { name: /#1203/ }))).toContain('27 h');
    const incidents = within(await panel('Incidents'));
    expect(incidents.getByRole('row', { name: /INC-312/ })).toHaveTextContent('still open');
    expect(incidents.getByRole('row', { name: /INC-310/ })).toHaveTextContent('no, in no fail rate');
  });

  test('links each figure to its rows', async () => {
    const user = userEvent.setup();
    open();
    const figure = await screen.findByRole('figure', { name: 'Change fail rate' });
    await user.click(within(figure).getByRole('button', { name: 'Explain Change fail rate' }));
    const link = await screen.findByRole('link', { name: 'Show the 126 deployments' });
    expect(document.querySelector(link.getAttribute('href')!)).toContainElement(screen.getByRole('heading', { name: 'Recent deployments' }));
  });

  test('loads further rows by their cursor', async () => {
    const user = userEvent.setup();
    open();
    const list = within(await panel('Recent deployments'));
    await user.click(await list.findByRole('button', { name: 'Show more' }));
    await waitFor(() => expect(list.getAllByRole('row')).toHaveLength(13));
    expect(list.getByText('first known')).toBeInTheDocument();
    expect(list.queryByRole('button', { name: 'Show more' })).not.toBeInTheDocument();
    expect(asked('/api/v1/deployments').map((q) => q.get('cursor'))).toEqual([null, 'page-2']);
  });

  test('changes the environment of figures and rows', async () => {
    const user = userEvent.setup();
    const { router } = open();
    const choice = await screen.findByRole('combobox', { name: 'Environment' });
    expect(within(choice).getAllByRole('option').map((o) => o.textContent)).toEqual([
      'Production (126 deployments)',
      'Staging (14 deployments)',
      'Development (3 deployments)',
      'preview-eu (3 deployments)',
    ]);
    expect(asked('/api/v1/incidents').at(-1)?.get('environment')).toBeNull();
    await user.selectOptions(choice, 'staging');
    await waitFor(() => expect(router.state.location.search).toEqual({ env: 'staging' }));
    await waitFor(() => expect(asked('/api/v1/metrics/dora').at(-1)?.get('environment')).toBe('staging'));
    for (const path of ['deployments', 'changes', 'incidents']) {
      await waitFor(() => expect(asked(`/api/v1/${path}`).at(-1)?.get('environment')).toBe('staging'));
    }
  });

  test('asks for the grain of the address', async () => {
    open({}, '?grain=month');
    expect(await screen.findByRole('figure', { name: 'Deployments per month' })).toBeInTheDocument();
    expect(asked('/api/v1/metrics/dora').at(-1)?.get('series')).toBe('month');
  });

  test('speaks German', async () => {
    open({}, '', 'de');
    expect(await screen.findByRole('figure', { name: 'Deployments pro Woche' })).toBeInTheDocument();
    expect(await panel('Letzte Deployments')).toBeInTheDocument();
    expect(screen.getByText('Stufe 1, am kritischsten')).toBeInTheDocument();
  });

  test('has no accessibility violations', async () => {
    const { container } = open();
    await screen.findByRole('row', { name: /INC-312/ });
    const found = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations.map((v) => `${v.id} ${v.nodes.map((n) => n.html).join('\n')}`)).toEqual([]);
  });
});

describe('states of the application page', () => {
  test('an unknown application is named', async () => {
    open({ '/api/v1/applications/payments-api': () => ({ title: 'Not found', status: 404 }) });
    expect(await screen.findByText('There is no application "payments-api" in this workspace')).toBeInTheDocument();
  });

  test('without any fact it says how to begin', async () => {
    open({
      '/api/v1/applications/payments-api': () => ({
        ...application(), state: 'no_data', deployments: 0, environments: [], first_fact_at: null, last_fact_at: null, last_deployment_at: null,
      }),
    });
    expect(await screen.findByText('No data for this application yet')).toBeInTheDocument();
    expect(screen.queryByRole('figure')).not.toBeInTheDocument();
  });

  test('a period without data shows no values, never 0', async () => {
    open({ '/api/v1/metrics/dora': emptyDora, '/api/v1/deployments': none, '/api/v1/changes': none, '/api/v1/incidents': none });
    const tile = await screen.findByRole('article', { name: 'Change fail rate' });
    expect(tile).toHaveTextContent('No data');
    expect(tile).not.toHaveTextContent('%');
    expect(screen.getAllByText('No data in this period', { selector: 'text' })).toHaveLength(3);
    expect(await screen.findByText('No incidents in this period.')).toBeInTheDocument();
  });

  test('a lead time with too little coverage is withheld with its reason', async () => {
    const low = dora();
    low.change_lead_time.coverage = 0.61;
    low.change_lead_time.withheld = 'low_coverage';
    open({ '/api/v1/metrics/dora': () => low });
    const text = await screen.findByText(/of the deployments name what they ship; that is too few/);
    expect(words(text)).toContain('Only 61 %');
    expect(screen.queryByRole('figure', { name: 'Change lead time' })).not.toBeInTheDocument();
    expect(screen.getByRole('figure', { name: 'Change fail rate' })).toBeInTheDocument();
  });

  test('stale data is said so', async () => {
    open({ '/api/v1/applications/payments-api': () => ({ ...application(), state: 'stale' }) });
    expect(await screen.findByRole('note')).toHaveTextContent('The latest fact is of 21 Nov 2026');
  });

  test('an error of one list leaves the others alone and can be retried', async () => {
    const user = userEvent.setup();
    const good = answers()['/api/v1/changes']!;
    let broken = true;
    open({
      '/api/v1/changes': (query) =>
        broken ? { title: 'The filter is not valid', status: 422, detail: 'Unknown environment.', request_id: 'r-17' } : good(query),
    });
    const list = within(await panel('Recent changes'));
    const alert = await list.findByRole('alert');
    expect(alert).toHaveTextContent('The filter is not valid');
    expect(alert).toHaveTextContent('r-17');
    expect(await screen.findByRole('row', { name: /INC-312/ })).toBeInTheDocument();
    broken = false;
    await user.click(list.getByRole('button', { name: 'Try again' }));
    expect(await list.findByRole('row', { name: /#1203/ })).toBeInTheDocument();
  });

  test('an error of the figures leaves the lists alone', async () => {
    open({ '/api/v1/metrics/dora': () => ({ title: 'The period is too long', status: 422 }) });
    expect(await screen.findByText('The period is too long')).toBeInTheDocument();
    expect(await screen.findByRole('row', { name: /INC-312/ })).toBeInTheDocument();
  });

  test('loading holds the place of what comes', async () => {
    open();
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeInTheDocument());
    await screen.findByRole('row', { name: /INC-312/ });
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).not.toBeInTheDocument());
  });
});
