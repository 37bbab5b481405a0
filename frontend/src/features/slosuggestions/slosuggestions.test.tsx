import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import { session } from '../../../test/fixtures/data';
import { sentBodies, serve } from '../../../test/network';
import type { LevelSearch, LevelSuggestion } from '../../api/sloSuggestions';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { acceptable, bundle, documentFor, outcomeOf, servicesOf, shareDone, shareFor, warningsOf, type Changes } from './logic';

const document = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: shop-availability
  displayName: 'shop: availability'
spec:
  description: Answers without a failure of the server.
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
`;

/** Worked out by hand: of 672,000 events 537.6 were bad, 80 % of the budget of 99.9 %. */
function suggested(more: Partial<LevelSuggestion> = {}): LevelSuggestion {
  return {
    id: 'shop-availability', kind: 'availability', family: 'HTTP server (OpenTelemetry)', service: 'shop', exists: false, bound: null,
    application: { slug: 'shop', name: 'Shop', known: true, tier: 1, group: null },
    target: 0.999, reached: 0.9992, worst: 0.9991, windows: [0.9991, 0.9992, 0.9993], consumed: 0.8, events: 672_000, bad: 537.6, budget: 672, days: 30,
    queries: [{ name: 'total', query: 'sum(http_requests)', link: 'http://prometheus/graph' }], document, ...more,
  };
}

const none: Changes = { targets: new Map(), owners: new Map() };
const aimed = (percent: string): Changes => ({ ...none, targets: new Map([['shop-availability', percent]]) });

describe('another target', () => {
  it('uses what the server says of its own', () => {
    expect(outcomeOf(suggested(), '0.999')).toEqual({ consumed: 0.8, budget: 672, windows: 3, met: 3 });
  });

  it('is worked out by hand', () => {
    // 99.95 % allows 336 of 672,000; 99 % allows 6,720.
    expect(outcomeOf(suggested(), '0.9995')).toEqual({ consumed: 1.6, budget: 336, windows: 3, met: 0 });
    expect(outcomeOf(suggested(), '0.99')).toEqual({ consumed: 0.08, budget: 6720, windows: 3, met: 3 });
    expect(outcomeOf(suggested(), '0.9992')).toMatchObject({ met: 2 });
  });

  it('agrees with itself: a lower target is never kept less often, and uses no more', () => {
    const share = fc.integer({ min: 1, max: 99_998 });
    fc.assert(
      fc.property(share, share, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (a, b, windows) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((n) => outcomeOf(suggested({ windows }), String(n / 100_000)));
        expect(low!.met).toBeGreaterThanOrEqual(high!.met);
        expect(low!.consumed).toBeLessThanOrEqual(high!.consumed);
        expect(low!.budget).toBeGreaterThanOrEqual(high!.budget);
      }),
    );
  });

  it('is an exact share of above 0 and below 100 %', () => {
    expect(['99.9', '99,95', ' 50 ', '0.1', '99.999'].map(shareFor)).toEqual(['0.999', '0.9995', '0.5', '0.001', '0.99999']);
    expect(['100', '0', '', '99.9 %', '-1', '1e-9', 'x', '101'].map(shareFor)).toEqual([null, null, null, null, null, null, null, null]);
  });

  it('stands in the document, as does another application; nothing else changes', () => {
    expect(documentFor(suggested(), none)).toBe(document);
    expect(documentFor(suggested(), aimed('99.90'))).toBe(document);
    expect(documentFor(suggested(), aimed('99.5'))).toBe(document.replace('target: 0.999', 'target: 0.995'));
    expect(documentFor(suggested(), { ...none, owners: new Map([['shop', 'store']]) })).toBe(document.replace('service: shop', 'service: store'));
    expect(documentFor(suggested(), aimed('100'))).toBeNull();
  });

  it('warns of what the past says against it', () => {
    const warned = (percent: string, more: Partial<LevelSuggestion> = {}) => {
      const item = suggested(more);
      return warningsOf(item, outcomeOf(item, shareFor(percent) ?? ''), '28d');
    };
    expect(warned('99.9')).toEqual([]);
    expect(warned('99.95')).toEqual(['missed']);
    expect(warned('99.9', { days: 12, windows: [] })).toEqual(['young']);
    expect(warned('99.9', { events: 19_000, bad: 0, budget: 19, consumed: 0 })).toEqual(['little']);
    expect(warned('99.95', { events: 9000, bad: 0, windows: [1] })).toEqual(['few']);
    expect(warned('99.9', { windows: [], consumed: 1.2 })).toEqual(['missed']);
  });
});

const docs = suggested({ id: 'docs-availability', service: 'Docs', application: { slug: 'docs', name: 'docs', known: false, tier: 0, group: null }, exists: true });
const slow = suggested({ id: 'shop-latency', kind: 'latency', bound: 0.5 });

describe('services', () => {
  it('come with all they could promise, and are found by either name', () => {
    const all = [slow, suggested(), docs];
    const shown = (filter: Partial<Parameters<typeof servicesOf>[1]>) => servicesOf(all, { q: '', kind: null, open: false, ...filter }).map(({ slug, items }) => [slug, ...items.map(({ kind }) => kind)]);
    expect(shown({})).toEqual([['docs', 'availability'], ['shop', 'availability', 'latency']]);
    expect(shown({ open: true, kind: 'latency' })).toEqual([['shop', 'latency']]);
    expect(shown({ q: 'DOC' })).toEqual([['docs', 'availability']]);
    expect(shown({ q: 'nothing' })).toEqual([]);
  });

  it('are not offered again, nor without a target', () => {
    expect(acceptable([slow, suggested(), docs], aimed('x')).map(({ id }) => id)).toEqual(['shop-latency']);
  });

  it('become one file', () => {
    expect(bundle(['a: 1\n', 'b: 2'])).toBe('a: 1\n---\nb: 2\n');
  });

  it('have no share done before it is known how many questions there are', () => {
    expect([shareDone({ done: 0, total: 0 }), shareDone({ done: 3, total: 12 }), shareDone({ done: 13, total: 12 })]).toEqual([null, 0.25, 1]);
  });
});

const prometheus = { id: 'c1', source: 'prometheus', title: 'Prometheus', name: 'prometheus-eu', settings: { api: { url: 'https://p.example.com' } } };

function searched(more: Partial<LevelSearch> = {}): LevelSearch {
  return {
    state: 'done', connection: 'c1', name: 'prometheus-eu', days: 30, window: '28d', started_at: '2026-11-22T10:00:00Z', ended_at: '2026-11-22T10:01:00Z',
    done: 60, total: 60, queries: 15, fault: '', error: '', items: [suggested(), slow, docs],
    families: [{ name: 'mesh (Istio)', label: 'destination_service_name', requests: 'istio_requests_total', durations: 'istio_request_duration_milliseconds_bucket', services: 0, error: '', latency_error: '' }],
    left_out: [], ...more,
  };
}

/** Shows the page to a person of a role; accepting refuses one of two. */
async function show(search: LevelSearch, { role = 'admin', connections = [prometheus], locale = 'en' as 'en' | 'de' } = {}) {
  serve((path, query, body) => {
    if (path === '/api/v1/session') return { status: 200, body: { ...session, principal: { ...session.principal, role } } };
    if (path === '/api/v1/connections') return { status: 200, body: { items: connections, next: null } };
    if (path === '/api/v1/service-levels/suggestions/search') return { status: 200, body: search };
    if (path === '/api/v1/service-levels/suggestions') return { status: 200, body: { ...search, state: 'running', done: 3, total: 60, items: [] } };
    if (path === '/api/v1/service-levels/accept') {
      const { documents } = body as { documents: string[] };
      return { status: 200, body: { items: documents.map((_, at) => ({ id: '', number: at ? 0 : 1, saved: at === 0, error: at ? 'exists already' : '' })), next: null } };
    }
    return fixtureAnswer(path, query);
  });
  const queryClient = createQueryClient();
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: ['/w/demo/slos/suggestions'] }));
  const { container } = render(<App i18n={createI18n(locale, locale === 'en' ? en : de)} queryClient={queryClient} router={router} />);
  await screen.findByRole('heading', { level: 1 });
  return container;
}

describe('the page', () => {
  it('stays small with forty services, and shows more on request', async () => {
    const items = Array.from({ length: 40 }, (_, at) => at).flatMap((at) => {
      const application = { slug: `app-${at + 10}`, name: `App ${at + 10}`, tier: 0, group: null, known: true };
      return [suggested({ id: `a${at}`, service: `app-${at}`, application }), suggested({ id: `l${at}`, kind: 'latency', bound: 0.5, service: `app-${at}`, application })];
    });
    const container = await show(searched({ items }));
    await screen.findByText('App 24');
    expect(container.ownerDocument.querySelectorAll('*').length).toBeLessThan(1500);
    expect(screen.queryByText('App 25')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /Show 15 more/ }));
    expect(screen.getByText('App 39')).toBeInTheDocument();
  });

  it('shows how to connect a Prometheus where none is', async () => {
    await show(searched({ state: 'none', items: [] }), { connections: [] });
    expect(await screen.findByText('No Prometheus is connected')).toBeInTheDocument();
    expect(screen.getByText(/url: https:\/\/prometheus\.example\.com/)).toBeInTheDocument();
  });

  it('accepts what is selected, and says what became of each', async () => {
    const container = await show(searched());
    const user = userEvent.setup();
    expect(await screen.findByRole('button', { name: 'Accept' })).toBeDisabled();
    await user.click(screen.getByRole('checkbox', { name: 'Select all of shop' }));
    const target = screen.getByRole('textbox', { name: 'Target of Shop: Availability in percent' });
    await user.clear(target);
    await user.type(target, '99.5');
    await user.click(screen.getByRole('button', { name: 'Accept 2' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Accept 2' }));
    expect(await screen.findByText(/1 SLO was created\. 1 was refused/)).toHaveFocus();
    expect(sentBodies()).toEqual([{ documents: [document.replace('0.999', '0.995'), document] }]);
    expect(screen.getByText('Refused: exists already')).toBeInTheDocument();
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  it('says how far a search is', async () => {
    await show(searched({ state: 'running', items: [], done: 3, total: 60 }));
    expect(await screen.findByText('Searching prometheus-eu: 30 days of the past')).toBeInTheDocument();
    expect(screen.getByRole('progressbar')).toHaveAttribute('value', '0.05');
    expect(screen.getByRole('button', { name: 'Search again' })).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Stop' })).toBeEnabled();
  });

  it('lets readers look and download, and nothing else', async () => {
    await show(searched(), { role: 'viewer' });
    expect(await screen.findByText(/You can look/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Accept|Search again/ })).toBeNull();
    expect(screen.getByRole('button', { name: 'Download' })).toBeInTheDocument();
  });

  it.each(['down', 'slow', 'refused', 'denied', 'secret', 'stopped', 'interrupted', 'other'] as const)('names the fault %s and its fix', async (fault) => {
    await show(searched({ state: 'failed', fault, error: 'as Prometheus said it', items: [] }), { locale: 'de' });
    expect(await screen.findByText(de[`slosuggest.fault.${fault}`])).toBeInTheDocument();
    expect(screen.getByText(de[`slosuggest.fix.${fault}`])).toBeInTheDocument();
    expect(screen.getByText('as Prometheus said it')).toBeInTheDocument();
  });

  it('shows kinds of metrics that failed beside those that did not', async () => {
    const [family] = searched().families;
    await show(searched({ families: [{ ...family!, services: 700, error: 'it has 700 services' }, { ...family!, name: 'HTTP server', requests: 'http', latency_error: 'too slow' }] }));
    expect(await screen.findByText('2 kinds failed')).toBeInTheDocument();
    expect(screen.getByText('Left out: it has 700 services')).toBeInTheDocument();
    expect(screen.getByText('Latencies left out: too slow')).toBeInTheDocument();
  });
});
