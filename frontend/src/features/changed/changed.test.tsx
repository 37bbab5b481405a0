import { askedFor, serve } from '../../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import { changed } from '../../../test/fixtures/understand';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { distanceText, freshIds, leadOf, reasonText, sinceText } from './words';

beforeEach(() => serve(fixtureAnswer));

function open(query = '?app=payments-api', locale: 'en' | 'de' = 'en') {
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [`/w/demo/changed${query}`] }));
  const i18n = createI18n(locale, locale === 'en' ? en : de);
  return { queryClient, router, ...render(<App i18n={i18n} queryClient={queryClient} router={router} env="test" />) };
}

const rows = async () => within(await screen.findByRole('list', { name: 'Newest first' })).getAllByRole('listitem');
const plain = (element: Element | undefined) => (element?.textContent ?? '').replaceAll(/\s+/g, ' ');
const lastAsked = () => askedFor().findLast((path) => path.startsWith('/api/v1/changed'));

describe('what changed', () => {
  it('asks for an application first', async () => {
    open('');
    expect(await screen.findByText(/The page lists its deployments/)).toBeInTheDocument();
    expect(lastAsked()).toBeUndefined();
  });

  it('lists the newest first, with kind, place, rank in words and reasons', async () => {
    open();
    const [first, second] = await rows();
    expect(plain(first)).toContain('20 min ago');
    expect(plain(first)).toContain('payments-api, this application · production · success');
    expect(plain(first)).toContain('Rank 1 of 3: strong lead');
    expect(plain(first)).toContain('within two hours');
    expect(plain(second)).toContain('ledger-api, a dependency, 1 step away');
    expect(within(first!).getByRole('link', { name: 'deployment a1' })).toHaveAttribute('href', '/w/demo/deployments/a1');
    expect(within(second!).getByRole('link', { name: 'flag_change a2' })).toHaveAttribute('href', '/w/demo/events?sel=a2');
    expect(screen.getByText(/it is no probability and names no cause/)).toBeInTheDocument();
  });

  it('asks as far back, and in the environment, as the address says', async () => {
    const user = userEvent.setup();
    const { router } = open();
    await rows();
    expect(lastAsked()).toBe('/api/v1/changed?workspace=demo&application=payments-api&since=2h&environment=production');
    await user.click(screen.getByRole('button', { name: '24 h' }));
    await waitFor(() => expect(lastAsked()).toContain('since=24h'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Environment' }), 'staging');
    await waitFor(() => expect(lastAsked()).toBe('/api/v1/changed?workspace=demo&application=payments-api&since=24h&environment=staging'));
    expect(router.state.location.search).toEqual({ app: 'payments-api', since: '24h', env: 'staging' });
  });

  it('takes a moment of its own', async () => {
    const user = userEvent.setup();
    const { router } = open();
    await rows();
    await user.click(screen.getByRole('button', { name: 'Custom' }));
    const field = await screen.findByLabelText('Since (UTC)');
    await user.clear(field);
    await user.type(field, '2026-11-22T08:00');
    await user.click(screen.getByRole('button', { name: 'Apply' }));
    await waitFor(() => expect(router.state.location.search).toEqual({ app: 'payments-api', since: '2026-11-22T08:00Z' }));
    expect(await screen.findByRole('button', { name: 'since 22 Nov 2026, 08:00 UTC' })).toBeInTheDocument();
  });

  it('counts what is new and shows it when asked', async () => {
    const user = userEvent.setup();
    const { queryClient } = open();
    await rows();
    const more = changed(new URLSearchParams({ application: 'payments-api' }));
    more.items.unshift({ ...more.items[0]!, id: 'a0', summary: 'deployment a0' });
    serve((path, query) => (path.endsWith('/changed') ? { status: 200, body: more } : fixtureAnswer(path, query)));
    await act(() => queryClient.refetchQueries({ queryKey: ['changed'] }));
    const show = await screen.findByRole('button', { name: 'Show 1 new entry' });
    expect(await rows()).toHaveLength(3);
    await user.click(show);
    expect(await rows()).toHaveLength(4);
    expect(screen.queryByRole('button', { name: /Show/ })).toBeNull();
  });

  it('can be paused', async () => {
    const user = userEvent.setup();
    open();
    await rows();
    expect(screen.getByText(/looks again every 30 s/)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    expect(screen.getByText(/paused/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Resume' })).toBeInTheDocument();
  });

  it('says so when nothing changed', async () => {
    serve((path, query) => (path.endsWith('/changed') ? { status: 200, body: { ...changed(query), items: [] } } : fixtureAnswer(path, query)));
    open();
    expect(await screen.findByText('Nothing changed in 2 hours in payments-api and its 3 dependencies')).toBeInTheDocument();
  });

  it('shows an error with another try', async () => {
    serve((path, query) => (path.endsWith('/changed') ? { status: 404, body: { title: 'Not found', status: 404, detail: 'application "x"' } } : fixtureAnswer(path, query)));
    open();
    expect(await screen.findByText('application "x"')).toBeInTheDocument();
    serve(fixtureAnswer);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Try again' }));
    expect(await rows()).toHaveLength(3);
  });

  it('speaks German and has no accessibility violations', async () => {
    const { container } = open('?app=payments-api', 'de');
    expect(await screen.findByText('Rang 1 von 3: starker Hinweis')).toBeInTheDocument();
    const found = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations.map((v) => `${v.id} ${v.nodes[0]?.html}`)).toEqual([]);
  });
});

describe('words of what changed', () => {
  const t = translator(createI18n('en', en));

  it.each([
    [0.6, 'strong'],
    [0.3, 'fair'],
    [0.1, 'fair'],
    [0.02, 'weak'],
  ] as const)('a plausibility of %d is a %s lead', (value, lead) => {
    expect(leadOf(value)).toBe(lead);
  });

  it('distances, reasons and times are words', () => {
    expect(distanceText(2, t)).toBe('a dependency, 2 steps away');
    expect(reasonText({ code: 'blamed', text: 'x' }, t)).toBe('a failure was laid to it');
    expect(reasonText({ code: 'new_one', text: 'in its own words' }, t)).toBe('in its own words');
    expect(reasonText({ code: 'new_one', text: '' }, t)).toBe('new one');
    expect(sinceText('7d', t, 'en')).toBe('in 7 days');
  });

  it('only ids that were not there are new', () => {
    const { items } = changed(new URLSearchParams());
    expect([freshIds(items, items), freshIds([], items), freshIds(items, [])]).toEqual([0, 3, 0]);
  });
});
