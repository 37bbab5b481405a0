import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../../test/fixtures/api';
import { askedFor, serve } from '../../../../test/network';
import { anomalyKinds, signals, type AnomaliesAnswer, type CoverageAnswer, type CoverageCell, type QualityChain, type Signal } from '../../../api/quality';
import { App } from '../../../app/App';
import { createQueryClient } from '../../../app/queryClient';
import { createAppRouter } from '../../../app/router';
import { de } from '../../../i18n/de';
import { en } from '../../../i18n/en';
import { createI18n } from '../../../i18n/i18n';

const day = 86_400;

function cell(signal: Signal, more: Partial<CoverageCell> = {}): CoverageCell {
  return { signal, state: 'flowing', reason: 'within_interval', last_at: '2026-11-21T12:00:00Z', recent: 40, usual_seconds: day, limit_seconds: 7 * day, silent_seconds: day, have: 1, of: 2, fix: '', ...more };
}

function coverage(): CoverageAnswer {
  const stale: Partial<CoverageCell> = { state: 'stale', reason: 'longer_than_usual', silent_seconds: 30 * day, fix: 'connection' };
  return {
    items: [
      { application: { slug: 'checkout', name: 'Checkout' }, group: { slug: 'shop', name: 'Shop' }, gaps: 1, cells: signals.map((one) => cell(one, one === 'deployment' ? stale : {})) },
      { application: { slug: 'lost', name: 'Lost' }, group: null, gaps: 11, cells: signals.map((one) => cell(one, { state: 'never', reason: 'no_fact', last_at: null, recent: 0, usual_seconds: null, limit_seconds: null, silent_seconds: null, fix: 'claims' })) },
    ],
    next: null,
    signals: signals.map((signal) => ({ signal, flowing: 1, stale: 0, never: 1, not_expected: 0 })),
    applications: 2,
    found: 2,
    at: '2026-11-22T12:00:00Z',
  };
}

function chain(): QualityChain {
  return {
    metric: 'deployment_frequency', of: 'deployment', window: { from: '2026-08-24T12:00:00Z', to: '2026-11-22T12:00:00Z' }, value: 0.5, n: 2, untraced: '',
    steps: [
      { step: 'arrived', count: 17, parts: [] },
      { step: 'recorded', count: 10, parts: [{ reason: 'repeated', count: -2 }, { reason: 'rejected', count: -1 }, { reason: 'ignored', count: -4 }] },
      { step: 'speaking', count: 4, parts: [{ reason: 'of_other_facts', count: -7 }, { reason: 'arrived_outside', count: 1 }] },
      { step: 'records', count: 8, parts: [{ reason: 'further_records', count: 2 }, { reason: 'without_delivery', count: 2 }] },
      { step: 'observations', count: 7, parts: [{ reason: 'said_again', count: -1 }] },
      { step: 'facts', count: 3, parts: [{ reason: 'same_fact', count: -4 }] },
      { step: 'included', count: 2, parts: [{ reason: 'failed_attempt', count: -1 }] },
    ],
    narrowing: [{ step: 'known', count: 9 }, { step: 'in_scope', count: 5 }, { step: 'in_window', count: 3 }],
  };
}

const nothing = { connections: [], sources: [], applications: [], signal: '', since: null, of: null, observed: null, expected: null, seconds: null, usual_seconds: null, limit_seconds: null, examples: [] };

function anomalies(): AnomaliesAnswer {
  return {
    items: [
      { ...nothing, kind: 'counted_twice', severity: 'warning', sources: ['argocd', 'github'], applications: [{ slug: 'checkout', name: 'Checkout' }], signal: 'deployment', since: '2026-11-01T12:00:00Z', n: 4, of: 4, examples: [{ facts: ['a'.repeat(20), 'b'.repeat(20)], text: '', n: 0 }] },
      { ...nothing, kind: 'volume_drop', severity: 'warning', connections: [{ id: 'c1', name: 'acme' }], since: '2026-11-20T00:00:00Z', n: 2, of: 26, observed: 0, expected: 44 },
    ],
    looked: anomalyKinds.map((kind) => ({ kind, looked: 3, judged: 2, found: 0 })),
    at: '2026-11-22T12:00:00Z',
  };
}

let wrong = anomalies();

beforeEach(() => {
  wrong = anomalies();
  serve((path, query) => {
    switch (path) {
      case '/api/v1/data-quality/coverage':
        return { status: 200, body: coverage() };
      case '/api/v1/data-quality/groups':
        return { status: 200, body: { items: [{ group: { slug: 'shop', name: 'Shop' }, path: [], applications: 1, gaps: 1, signals: coverage().signals }], next: null } };
      case '/api/v1/data-quality/chain':
        return { status: 200, body: chain() };
      case '/api/v1/data-quality/anomalies':
        return { status: 200, body: wrong };
      default:
        return fixtureAnswer(path, query);
    }
  });
});

function open(query = '', locale: 'en' | 'de' = 'en') {
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [`/w/demo/connectors?tab=quality${query}`] }));
  const i18n = createI18n(locale, locale === 'en' ? en : de);
  return { router, user: userEvent.setup(), ...render(<App i18n={i18n} queryClient={queryClient} router={router} env="test" />) };
}

const plain = (element: Element | null) => (element?.textContent ?? '').replaceAll(/\s+/g, ' ');
const asked = (path: string) => new URLSearchParams(askedFor().findLast((one) => one.startsWith(path))?.split('?')[1]);

describe('data quality', () => {
  it('shows what looks wrong with its evidence and the way to mend it', async () => {
    open();
    const region = await screen.findByRole('region', { name: 'What looks wrong' });
    await within(region).findByRole('heading', { name: 'Deployments are counted twice' });
    expect(plain(region)).toContain('argocd and github');
    expect(plain(region)).toContain('4 of 4 deployments were told of by both within 15 minutes');
    expect(plain(region)).toContain('2 days in a row below the limit of their weekday: 0 deliveries where 44 are usual (compared with 26 weeks).');
    expect(within(region).getByRole('link', { name: 'Definitions' })).toHaveAttribute('href', '/w/demo/definitions');
    expect(within(region).getByRole('link', { name: 'Deliveries' }).getAttribute('href')).toContain('connection=c1');
    expect(within(region).getByRole('link', { name: 'Fact aaaaaaaa' })).toHaveAttribute('href', `/w/demo/deployments/${'a'.repeat(20)}`);
  });

  it('calls nothing right where nothing could be judged', async () => {
    wrong = { ...wrong, items: [], looked: wrong.looked.map((one) => ({ ...one, judged: 0 })) };
    open();
    expect(await screen.findByText('There is too little data to judge')).toBeInTheDocument();
  });

  it('explains a cell in words, with the way to mend it', async () => {
    const { user, router } = open();
    await user.click(await screen.findByRole('button', { name: /^Deployments of Checkout:\s*stale/ }));
    const dialog = await screen.findByRole('dialog', { name: 'Checkout: Deployments', hidden: true });
    expect(plain(dialog)).toMatch(/Silent for 30.d\. Usual is 24.h between days with a fact, and up to 7.*d is not remarkable/);
    expect(router.state.location.search).toMatchObject({ sel: 'checkout:deployment' });
    expect(within(dialog).getByText('See the connections').closest('a')).toHaveAttribute('href', '/w/demo/connectors');
  });

  it('asks the server for the order, the group and the state', async () => {
    const { user } = open('&group=shop');
    await user.click(await screen.findByRole('button', { name: 'Gaps' }));
    await waitFor(() => expect(asked('/api/v1/data-quality/coverage').get('sort')).toBe('gaps'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'State' }), 'never');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Signal' }), 'commit');
    await waitFor(() => expect(asked('/api/v1/data-quality/coverage').get('signal')).toBe('commit'));
    expect(Object.fromEntries(asked('/api/v1/data-quality/coverage'))).toMatchObject({ group: 'shop', state: 'never', sort: 'gaps', limit: '50' });
  });

  it('shows the chain as sums, each with the way to what it counts', async () => {
    open('&app=checkout');
    const region = await screen.findByRole('region', { name: 'From what arrived to the figure' });
    await within(region).findByText(/^Deployment frequency: 0.5 per day from 2/);
    const steps = [...region.querySelectorAll('li[data-step]')].map((step) => plain(step));
    expect(steps[1]).toBe('− 2came again, word for word− 1rejected: not understood− 4ignored: of no interest= 10Deliveries understood');
    expect(within(region).getByRole('link', { name: 'rejected: not understood' }).getAttribute('href')).toContain('outcome=rejected');
    expect(within(region).getByRole('link', { name: 'Facts in scope and period' }).getAttribute('href')).toContain('app=checkout');
    expect(asked('/api/v1/data-quality/chain').get('application')).toBe('checkout');
  });

  it('speaks German and has no accessibility violations', async () => {
    const { container } = open('', 'de');
    await screen.findByRole('heading', { name: 'Deployments zählen doppelt' });
    await screen.findByRole('button', { name: /^Deployments von Checkout:\s*veraltet/ });
    const results = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(results.violations.map((v) => v.id)).toEqual([]);
  });
});
