import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import { session } from '../../../test/fixtures/data';
import { askedFor, sentBodies, serve } from '../../../test/network';
import { aspects, type Decision, type Suggestion } from '../../api/suggestions';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { dayIn, fitting, idsOf, nextAfter, obstacle, optionsOf, sourceAddress, subjectsOf, sumOf, undisputed } from './logic';

function said(id: string, more: Partial<Suggestion> = {}): Suggestion {
  return {
    id, application: { slug: 'shop', name: 'Shop' }, known: true, aspect: 'owner', value: 'red', name: 'Red', type: '', present: '', present_name: '',
    reference: 'group:default/red', method: 'spec.owner', detail: '', confidence: 'stated',
    source: { kind: 'backstage', repository: 'github.com/acme/shop', path: 'catalog-info.yaml', line: 3, commit: 'c0ffee' },
    first_seen_at: '2026-11-20T12:00:00Z', status: 'open', decided_at: null, others: [], claimed_by: [], creates: [], stated: false, ...more,
  };
}

const blue: Partial<Suggestion> = { value: 'blue', name: 'Blue' };
const pay = { slug: 'pay', name: 'Pay' };

describe('suggestions put in order', () => {
  it('puts those who say the same together, and different values beside each other, the surest first', () => {
    const items = [
      said('a', { confidence: 'guess', others: ['blue'] }),
      said('b', { ...blue, others: ['red'] }),
      said('c', { others: ['blue'] }),
      said('d', { aspect: 'tier', value: '2', name: '2' }),
      said('e', { application: pay }),
    ];
    const [shop, other] = subjectsOf(items);
    expect(shop?.questions.map(({ aspect, disputed, elsewhere }) => [aspect, disputed, elsewhere])).toEqual([['owner', true, []], ['tier', false, []]]);
    expect(shop?.questions[0]?.options.map(({ key, said: all }) => [key, all.map(({ id }) => id)])).toEqual([['c', ['c', 'a']], ['b', ['b']]]);
    expect(other?.application.slug).toBe('pay');
  });

  it('keeps every suggestion once, whatever there is', () => {
    const any = fc.record({ slug: fc.constantFrom('a', 'b', 'c'), aspect: fc.constantFrom(...aspects), value: fc.constantFrom('x', 'y'), type: fc.constantFrom('', 'api') });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (rows) => {
        const items = rows.map(({ slug, ...rest }, at) => said(String(at), { ...rest, application: { slug, name: slug } }));
        const options = optionsOf(subjectsOf(items));
        expect(idsOf(options).toSorted()).toEqual(items.map(({ id }) => id).toSorted());
        expect(idsOf(fitting(options, 5)).length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('names values that are said elsewhere', () => {
    expect(subjectsOf([said('a', { others: ['blue'] })])[0]?.questions[0]).toMatchObject({ disputed: true, elsewhere: ['blue'] });
  });

  it('offers together only what nobody contradicts and nothing stands against', () => {
    const items = [said('a', { others: ['blue'] }), said('b', { application: pay, stated: true }), said('c', { application: pay, aspect: 'repository', claimed_by: ['old'] }), said('d', { aspect: 'tier', value: '1' })];
    expect(idsOf(undisputed(subjectsOf(items)))).toEqual(['d']);
    expect(optionsOf(subjectsOf(items)).map(obstacle)).toEqual([null, null, 'stated', 'claimed']);
  });

  it('adds up what accepting comes to, each thing that is made once', () => {
    const group = { what: 'group' as const, slug: 'red' };
    const items = [
      said('a', { creates: [group], present: 'blue' }),
      said('b', { application: pay, creates: [{ what: 'application', slug: 'pay' }, group], confidence: 'guess' }),
      said('c', { aspect: 'repository', value: 'repo:github.com/acme/x', present: 'repo:github.com/acme/y' }),
    ];
    const options = optionsOf(subjectsOf(items));
    expect(sumOf(options)).toEqual({
      count: 3, applications: 2, replaced: 1, guesses: 1, owners: true, unowned: false,
      creates: [{ what: 'application', slugs: ['pay'] }, { what: 'group', slugs: ['red'] }],
    });
    expect(sumOf(options.slice(2))).toMatchObject({ count: 1, applications: 1, owners: true, unowned: true });
    expect(sumOf(options.filter(({ first }) => first.aspect !== 'owner'))).toMatchObject({ replaced: 0, owners: false });
  });

  it('goes on with the next one, else the one before, else with none', () => {
    const options = optionsOf(subjectsOf(['a', 'b', 'c'].map((slug) => said(slug, { application: { slug, name: slug } }))));
    expect(nextAfter(options, new Set(['b']))).toBe('c');
    expect(nextAfter(options, new Set(['c']))).toBe('b');
    expect(nextAfter(options, new Set(['b', 'c']))).toBe('a');
    expect(nextAfter(options, new Set(['a', 'b', 'c']))).toBeNull();
    expect(nextAfter([], new Set(['a']))).toBeNull();
  });

  it('makes addresses only where it knows how', () => {
    const source = said('a').source;
    expect(sourceAddress(source)).toBe('https://github.com/acme/shop/blob/c0ffee/catalog-info.yaml#L3');
    expect(sourceAddress({ ...source, repository: 'gitlab.com/a/b', path: 'x y/CODEOWNERS', line: 0, commit: '' })).toBe('https://gitlab.com/a/b/-/blob/HEAD/x%20y/CODEOWNERS');
    expect(sourceAddress({ ...source, path: '' })).toBe('https://github.com/acme/shop');
    expect(sourceAddress({ ...source, repository: 'git.acme.example/shop' })).toBeNull();
    expect(sourceAddress({ ...source, repository: '' })).toBeNull();
  });

  it('knows the day of a time zone', () => {
    const late = Date.parse('2026-11-22T23:30:00Z');
    expect(dayIn(late, 'UTC')).toBe('2026-11-22');
    expect(dayIn(late, 'Europe/Berlin')).toBe('2026-11-23');
    expect(dayIn(late, 'America/New_York')).toBe('2026-11-22');
  });
});

interface Site {
  readonly items: readonly Suggestion[];
  readonly role?: 'viewer' | 'admin';
  readonly decision?: Decision;
  readonly query?: string;
  readonly locale?: 'en' | 'de';
}

function open({ items, role = 'admin', decision = { done: [], refused: [] }, query = '', locale = 'en' }: Site) {
  let left = items;
  serve((path, params, body) => {
    if (path === '/api/v1/session') return { status: 200, body: { ...session, principal: { kind: 'person', name: 'someone', role } } };
    if (path === '/api/v1/suggestions') return { status: 200, body: { items: left.filter(({ status }) => status === (params.get('status') ?? 'open')), next: null } };
    if (path.startsWith('/api/v1/suggestions/')) {
      const { ids } = body as { ids: string[] };
      const done = ids.filter((id) => !decision.refused.some((one) => one.id === id));
      left = left.filter(({ id }) => !done.includes(id));
      return { status: 200, body: { ...decision, done } };
    }
    return fixtureAnswer(path, params);
  });
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [`/w/demo/suggestions${query}`] }));
  return { router, user: userEvent.setup(), ...render(<App i18n={createI18n(locale, locale === 'en' ? en : de)} queryClient={queryClient} router={router} env="test" />) };
}

const disputed = [said('a', { others: ['blue'], present: 'old', present_name: 'Old team', creates: [{ what: 'group', slug: 'red' }] }), said('b', { ...blue, others: ['red'] }), said('c', { aspect: 'tier', value: '2', name: '2' }), said('d', { application: pay, aspect: 'tier', value: '1', name: '1' })];

describe('the page of suggestions', () => {
  it('shows values beside each other with where they stand, and accepts one from a day', async () => {
    const { user } = open({ items: disputed });
    const shop = await screen.findByRole('region', { name: 'Shop' });
    const owner = within(shop).getByRole('group', { name: 'Owner' });
    expect(within(owner).getByText('Today: Old team')).toBeInTheDocument();
    expect(within(owner).getByText('Sources disagree')).toBeInTheDocument();
    expect(within(owner).getAllByText('Stated: written for this purpose')).toHaveLength(2);
    expect(within(owner).getAllByRole('link', { name: 'github.com/acme/shop · catalog-info.yaml:3 @ c0ffee' })[0]).toHaveAttribute('href', 'https://github.com/acme/shop/blob/c0ffee/catalog-info.yaml#L3');
    await user.click(within(owner).getByRole('button', { name: 'Accept: Owner of Shop: Red' }));
    const dialog = await screen.findByRole('dialog', { name: 'Accept this suggestion?' });
    expect(within(dialog).getByText('Takes the place of Old team, which holds today')).toBeInTheDocument();
    expect(within(dialog).getByText('Makes the group red')).toBeInTheDocument();
    expect(within(dialog).queryByRole('checkbox')).toBeNull();
    const day = within(dialog).getByLabelText(/The owner owns from/);
    expect((day as HTMLInputElement).value).toMatch(/^\d{4}-\d\d-\d\d$/);
    await user.clear(day);
    await user.type(day, '2026-11-01');
    await user.click(within(dialog).getByRole('button', { name: 'Accept' }));
    await screen.findByText('One suggestion was accepted.');
    expect(sentBodies()).toEqual([{ ids: ['a'], from: '2026-11-01', create: true }]);
  });

  it('accepts those without contradiction together, and says why one was refused', async () => {
    const { user } = open({ items: disputed, decision: { done: [], refused: [{ id: 'd', reason: 'tier: it cannot be' }] } });
    await user.click(await screen.findByRole('button', { name: 'Accept the 2 shown that nobody contradicts' }));
    const dialog = await screen.findByRole('dialog', { name: 'Accept 2 suggestions?' });
    expect(within(dialog).getByText('2 suggestions for 2 applications')).toBeInTheDocument();
    expect(within(dialog).getByText('Nothing else is made.')).toBeInTheDocument();
    expect(within(dialog).queryByLabelText(/The owner owns from/)).toBeNull();
    await user.click(within(dialog).getByRole('button', { name: 'Accept 2' }));
    await screen.findByText('One suggestion was accepted. One was refused; the reason stands beside it.');
    expect(sentBodies()).toEqual([{ ids: ['c', 'd'] }]);
    expect(within(screen.getByRole('region', { name: 'Pay' })).getByText('Refused: tier: it cannot be')).toBeInTheDocument();
    expect(within(screen.getByRole('region', { name: 'Shop' })).queryByRole('group', { name: 'Tier' })).toBeNull();
  });

  it('dismisses, and goes on with the next one', async () => {
    const { user } = open({ items: disputed });
    await user.click(await screen.findByRole('button', { name: 'Dismiss: Tier of Shop: Tier 2' }));
    await screen.findByText('One suggestion was dismissed.');
    await expect.poll(() => document.activeElement?.id).toBe('suggestion-d');
    expect(sentBodies()).toEqual([{ ids: ['c'] }]);
  });

  it('offers to open dismissed ones again, by the address', async () => {
    const { user } = open({ items: [said('z', { status: 'dismissed', decided_at: '2026-11-21T12:00:00Z' })], query: '?status=dismissed&aspect=owner&q=sho' });
    await screen.findByText('Dismissed on 21 Nov 2026');
    expect(askedFor().find((one) => one.startsWith('/api/v1/suggestions?'))).toMatch(/status=dismissed&aspect=owner&q=sho/);
    await user.click(screen.getByRole('button', { name: 'Reopen: Owner of Shop: Red' }));
    await screen.findByText('One suggestion is open again.');
    await screen.findByText('No suggestion fits the filters');
  });

  it('shows no buttons to those who may not decide, and says so', async () => {
    open({ items: disputed, role: 'viewer' });
    await screen.findByText('You can look. Accepting and dismissing is for administrators.');
    expect(screen.queryByRole('button', { name: /^(Accept|Dismiss)/ })).toBeNull();
  });

  it('does not offer what would be refused', async () => {
    open({ items: [said('a', { stated: true }), said('b', { application: pay, aspect: 'repository', value: 'repo:github.com/acme/x', claimed_by: ['old'] })] });
    await screen.findByText(/^The configuration states another value/);
    expect(screen.getByText('Claimed by old already. Take the claim away there first.')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Accept/ })).toBeNull();
    expect(screen.getAllByRole('button', { name: /^Dismiss/ })).toHaveLength(2);
  });

  it('says how to get suggestions', async () => {
    open({ items: [] });
    await screen.findByText('There is nothing to decide');
    expect(screen.getByText('evenkeel catalogue suggest .')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Copy command' })).toBeInTheDocument();
  });

  it('speaks German and has no accessibility violations', async () => {
    const { container } = open({ items: disputed, locale: 'de' });
    await screen.findByRole('button', { name: 'Annehmen: Stufe, Shop: Stufe 2' });
    const results = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(results.violations.map((v) => v.id)).toEqual([]);
  });
});
