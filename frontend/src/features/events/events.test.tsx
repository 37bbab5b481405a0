import { askedFor, sentBodies, serve } from '../../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fixtureAnswer, type FixtureAnswer } from '../../../test/fixtures/api';
import { entry, eventsAnswer, summary } from '../../../test/fixtures/events';
import { session } from '../../../test/fixtures/data';
import { pseudoCatalogue } from '../../../test/pseudo';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n, type Catalogue } from '../../i18n/i18n';

/** Stands for the server's end of a stream. */
class Stream extends EventTarget {
  static all: Stream[] = [];
  closed = false;

  constructor(readonly url: string) {
    super();
    Stream.all.push(this);
  }

  close() {
    this.closed = true;
  }

  say(event: string, data: unknown = {}) {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
}

const stream = () => Stream.all.at(-1)!;

function answer(path: string, query: URLSearchParams, body?: unknown): FixtureAnswer {
  return eventsAnswer(path, query, body) ?? fixtureAnswer(path, query);
}

type Change = (path: string, query: URLSearchParams) => FixtureAnswer | undefined;

function open(query = '', change: Change = () => undefined, catalogue: Catalogue = en, locale = 'en') {
  serve((path, asked, body) => change(path, asked) ?? answer(path, asked, body));
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false, staleTime: 60_000 } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [`/w/demo/events${query}`] }));
  const { container } = render(<App i18n={createI18n(locale, catalogue)} queryClient={queryClient} router={router} env="test" />);
  return { router, container };
}

async function violations(node: Element) {
  const result = await axe.run(node, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`);
}

const words = (element: Element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ');
const operator: Change = (path) =>
  path.endsWith('/session') ? { status: 200, body: { ...session, principal: { kind: 'person', name: 'Ada', role: 'operator' } } } : undefined;

beforeEach(() => {
  Stream.all = [];
  vi.stubGlobal('EventSource', Stream);
  HTMLDialogElement.prototype.showModal = function show() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the events', () => {
  test('are told of by number, chart, choices and rows', async () => {
    open();
    expect(await screen.findByText(/250 events · 30 days to 22 Nov 2026 · times in UTC/)).toBeInTheDocument();
    const table = await screen.findByRole('table', { name: 'Events' });
    expect(table).toHaveAttribute('aria-rowcount', '251');
    const row = within(table).getAllByRole('row')[1]!;
    expect(words(row)).toBe('22 Nov 2026, 09:00DeploymentnoneproductiondeploymentnumberProgramargo1 minFrequency+1Fail rate'.replace('deploymentnumber', 'deployment number 0'));
    expect(screen.getByRole('figure', { name: 'Events over time' })).toBeInTheDocument();
    expect(screen.getByLabelText(/Deployment 50/)).not.toBeChecked();
    expect(askedFor()).toContain('/api/v1/facts?workspace=demo&from=30d&limit=100');
  });

  test('draw only the rows in sight, and fetch more near the end', async () => {
    open();
    const area = await screen.findByRole('region', { name: /Events, scrollable/ });
    expect(within(area).getAllByRole('row').length).toBeLessThan(50);
    Object.defineProperty(area, 'scrollTop', { value: 95 * 40, writable: true });
    fireEvent.scroll(area);
    await waitFor(() => expect(askedFor()).toContain('/api/v1/facts?workspace=demo&from=30d&limit=100&cursor=100'));
    expect(await screen.findByText('200 of 250 loaded; more come by scrolling')).toBeInTheDocument();
  });

  test('are narrowed by a choice, which stays in the address', async () => {
    const { router } = open();
    await userEvent.click(await screen.findByLabelText(/Deployment 50/));
    await waitFor(() => expect(router.state.location.search).toEqual({ kind: 'deployment' }));
    await waitFor(() => expect(askedFor()).toContain('/api/v1/facts/summary?workspace=demo&from=30d&kind=deployment'));
    expect(screen.getByLabelText(/Deployment 50/)).toBeChecked();
    await userEvent.click(screen.getByLabelText(/Checkout 200/));
    await userEvent.click(screen.getByLabelText(/Payments API 20/));
    await waitFor(() => expect(router.state.location.search).toEqual({ kind: 'deployment', app: 'payments-api' }));
  });

  test('are looked at closely by two fields, and from afar again', async () => {
    const { router } = open();
    const from = await screen.findByLabelText('From (UTC)');
    fireEvent.change(from, { target: { value: '2026-11-20T08:00' } });
    fireEvent.change(screen.getByLabelText('To (UTC)'), { target: { value: '2026-11-20T07:00' } });
    expect(screen.getByRole('button', { name: 'Zoom' })).toBeDisabled();
    fireEvent.change(screen.getByLabelText('To (UTC)'), { target: { value: '2026-11-20T12:30' } });
    await userEvent.click(screen.getByRole('button', { name: 'Zoom' }));
    await waitFor(() => expect(router.state.location.search).toEqual({ zoom: '2026-11-20T08:00Z..2026-11-20T12:30Z' }));
    const asked = '/api/v1/facts?workspace=demo&from=2026-11-20T08%3A00%3A00.000Z&to=2026-11-20T12%3A30%3A00.000Z&limit=100';
    await waitFor(() => expect(askedFor()).toContain(asked));
    await userEvent.click(screen.getByRole('button', { name: 'Reset zoom' }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  test('are read row by row by keyboard, with one stop for Tab', async () => {
    const { router } = open();
    const table = await screen.findByRole('table', { name: 'Events' });
    const links = within(table).getAllByRole('link');
    expect(links.filter((link) => link.tabIndex === 0)).toHaveLength(1);
    links[0]!.focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}');
    expect(document.activeElement).toHaveAttribute('data-row', '1');
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(router.state.location.search).toEqual({ sel: entry(1).id }));
    await screen.findByRole('dialog', { name: /Deployment: deployment number 0/ });
  });

  test('name the filter that leaves out most when nothing is left', async () => {
    const empty: Change = (path) => {
      if (path.endsWith('/facts')) return { status: 200, body: { items: [], next: null } };
      return path.endsWith('/facts/summary') ? { status: 200, body: { ...summary(), total: 0, buckets: [] } } : undefined;
    };
    const { router } = open('?kind=incident&source=argo', empty);
    expect(await screen.findByText(/The filter “(Type|Source)” leaves out most/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: /^Clear “/ }));
    await waitFor(() => expect(Object.keys(router.state.location.search)).toHaveLength(1));
  });

  test('say so when nothing happened, and when nothing is known at all', async () => {
    const empty: Change = (path) => (path.endsWith('/facts') ? { status: 200, body: { items: [], next: null } } : undefined);
    open('', empty);
    await userEvent.click(await screen.findByRole('button', { name: 'Show 365 days' }));
    expect(await screen.findByText('No events yet')).toBeInTheDocument();
  });

  test('show a failure beside what works', async () => {
    open('', (path) => (path.endsWith('/facts') ? { status: 500, body: { title: 'Store is busy', status: 500, request_id: 'r-9' } } : undefined));
    expect(await screen.findByText('Request r-9')).toBeInTheDocument();
    expect(await screen.findByRole('figure', { name: 'Events over time' })).toBeInTheDocument();
  });

  test('speak German', async () => {
    open('', undefined, de, 'de');
    expect(await screen.findByText(/250 Ereignisse · 30 Tage/)).toBeInTheDocument();
    expect(screen.getByRole('tab', { name: 'Lieferungen' })).toBeInTheDocument();
  });

  test('have no text that is not translated', async () => {
    const { container } = open('', undefined, pseudoCatalogue());
    await screen.findByRole('table');
    const plain = [...container.querySelectorAll('h1,h2,h3,h4,button,th[scope="col"],summary,legend,caption')]
      .map((node) => node.textContent?.trim() ?? '')
      .filter((text) => /[a-z]{3}/i.test(text) && !text.includes('⟦'));
    expect(plain).toEqual(['Demo: Northwind Freight']);
  });
});

describe('the live view', () => {
  test('counts what comes, shows it when asked, and can be paused', async () => {
    open('?kind=deployment');
    await screen.findByRole('table', { name: 'Events' });
    expect(stream().url).toBe('/api/v1/facts/stream?workspace=demo&from=30d&kind=deployment');
    act(() => stream().say('ready'));
    expect(await screen.findByText('Live')).toBeInTheDocument();
    act(() => {
      stream().say('fact', { ...entry(900), id: 'a' });
      stream().say('fact', { ...entry(901), id: 'b' });
      stream().say('fact', { ...entry(901), id: 'b' });
    });
    const show = await screen.findByRole('button', { name: '2 new or changed events – show' });
    expect(screen.queryByText('change number 901')).toBeNull();
    await userEvent.click(show);
    await waitFor(() => expect(screen.queryByRole('button', { name: /show$/ })).toBeNull());
    const pause = screen.getByRole('button', { name: 'Pause' });
    expect(pause).toHaveAttribute('aria-pressed', 'false');
    await userEvent.click(pause);
    expect(stream().closed).toBe(true);
    expect(screen.getByText('Paused')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Resume' })).toHaveAttribute('aria-pressed', 'true');
  });

  test('says that it lost the connection', async () => {
    open();
    await screen.findByRole('table', { name: 'Events' });
    const lost = stream(); // Another is tried within a second.
    act(() => void lost.dispatchEvent(new Event('error')));
    expect(screen.getByText('No live connection, trying again')).toBeInTheDocument();
    expect(lost.closed).toBe(true);
    await waitFor(() => expect(Stream.all).toHaveLength(2));
  });
});

describe('one event', () => {
  test('is told with where it counts, who said what, and what was delivered', async () => {
    open(`?sel=${entry(0).id}`);
    const dialog = await screen.findByRole('dialog', { name: /Deployment: deployment number 0/ });
    expect(words(dialog)).toContain('Deployment frequency Checkoutcounts · 22 Nov 2026');
    expect(words(dialog)).toContain('does not count: Shipped before it began');
    expect(words(dialog)).toContain('statusin_progress → succeeded');
    expect(within(dialog).getByText('final word')).toBeInTheDocument();
    expect(within(dialog).getByText('Imported or posted to the API; no delivery is kept.')).toBeInTheDocument();
    expect(within(dialog).getByRole('link', { name: 'Open the deployment' })).toHaveAttribute('href', `/w/demo/deployments/${entry(0).id}`);
    const details = within(dialog).getByText(/Delivery “deployment_status” through northwind-github/).closest('details')!;
    details.open = true;
    fireEvent(details, new Event('toggle'));
    expect(await within(dialog).findByText(/"action": "created"/)).toBeInTheDocument();
    expect(await violations(dialog)).toEqual([]);
  });

  test('that does not exist says so, and closes', async () => {
    const { router } = open('?sel=gone', (path) => (path.endsWith('/facts/gone') ? { status: 404, body: { title: 'Not found', status: 404 } } : undefined));
    expect(await screen.findByText('There is no such event in this workspace')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  test('that the reader may not see says who can grant it', async () => {
    open('?sel=gone', (path) => (path.endsWith('/facts/gone') ? { status: 403, body: { title: 'Forbidden', status: 403 } } : undefined));
    expect(await screen.findByText(/An administrator of the workspace can grant/)).toBeInTheDocument();
  });
});

describe('the deliveries', () => {
  test('are listed with what became of them', async () => {
    const { router } = open('?tab=deliveries');
    const table = await screen.findByRole('table', { name: 'Deliveries' });
    expect(within(table).getAllByText('deployment: environment is missing')).not.toHaveLength(0);
    await userEvent.click(screen.getByLabelText('Rejected'));
    await waitFor(() => expect(router.state.location.search).toEqual({ tab: 'deliveries', outcome: 'rejected' }));
    await waitFor(() => expect(askedFor()).toContain('/api/v1/deliveries?workspace=demo&from=30d&outcome=rejected&limit=100'));
  });

  test('say that a body has expired', async () => {
    open('?tab=deliveries&sel=00000000000000000003');
    expect(await screen.findByText('The body is kept no longer')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Read again …' })).toBeDisabled();
  });

  test('are read again after a trial', async () => {
    open('?tab=deliveries', operator);
    await screen.findByRole('table', { name: 'Deliveries' });
    await userEvent.click(screen.getAllByLabelText(/^Choose push/)[0]!);
    await userEvent.click(screen.getByRole('button', { name: 'Read 1 chosen again …' }));
    expect(await screen.findByText('Would change 12 of 40. Nothing has been written.')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Change 12 deliveries' }));
    expect(await screen.findByText('Changed 12 of 40: 14 observations, 9 facts.')).toBeInTheDocument();
    expect(sentBodies()).toEqual([
      { ids: ['00000000000000000001'], dry_run: true },
      { ids: ['00000000000000000001'], dry_run: false },
    ]);
  });

  test('are read again as a list, with every filter that the server knows', async () => {
    open('?tab=deliveries&outcome=rejected&range=2026-11-01..2026-11-10', operator);
    await screen.findByRole('table', { name: 'Deliveries' });
    await userEvent.click(screen.getByRole('button', { name: 'Read the whole list again …' }));
    await screen.findByText(/Would change 12 of 40/);
    expect(sentBodies()).toEqual([{ since: '2026-11-01', until: '2026-11-11', outcomes: ['rejected'], dry_run: true }]);
  });

  test('are not read again by a viewer, who is told who can', async () => {
    open('?tab=deliveries&event=push');
    await screen.findByRole('table', { name: 'Deliveries' });
    expect(screen.getByRole('button', { name: 'Read the whole list again …' })).toBeDisabled();
    await userEvent.click(screen.getAllByLabelText(/^Choose push/)[0]!);
    await userEvent.click(screen.getByRole('button', { name: 'Read 1 chosen again …' }));
    expect(await screen.findByText(/signs this browser in as a viewer/)).toBeInTheDocument();
    expect(sentBodies()).toEqual([]);
  });

  test('tell how a first connection is made', async () => {
    open('?tab=deliveries', (path) => (path.endsWith('/deliveries') ? { status: 200, body: { items: [], next: null } } : undefined));
    expect(await screen.findByText('No source is connected yet')).toBeInTheDocument();
    expect(screen.getByText(/secrets: \["\$\{env:GITHUB_WEBHOOK_SECRET\}"\]/)).toBeInTheDocument();
  });
});
