import { askedFor, serve } from '../../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import { assisted, valueStream } from '../../../test/fixtures/flow';
import type { AssistedAnswer, ValueStream } from '../../api/types';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { workShare } from './StageLanes';

function answer(flow: ValueStream, marks: AssistedAnswer) {
  serve((path, query) => {
    if (path === '/api/v1/value-stream') return { status: 200, body: flow };
    if (path === '/api/v1/assisted') return { status: 200, body: marks };
    return fixtureAnswer(path, query);
  });
}

beforeEach(() => answer(valueStream(), assisted()));

function open(query = '', locale: 'en' | 'de' = 'en') {
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [`/w/demo/value-stream${query}`] }));
  const i18n = createI18n(locale, locale === 'en' ? en : de);
  return { router, ...render(<App i18n={i18n} queryClient={queryClient} router={router} env="test" />) };
}

const plain = (element: Element | null | undefined) => (element?.textContent ?? '').replaceAll(/\s+/g, ' ');
const row = async (name: RegExp) => plain(await screen.findByRole('row', { name }));
const asked = (name: string) => askedFor().findLast((path) => path.startsWith(`/api/v1/${name}`));

describe('the value stream', () => {
  it('tells work from waiting, stage by stage, and keeps quiet about few cases', async () => {
    open();
    expect(await row(/^Review/)).toContain('worked on20 h2.5 d45 %38');
    expect(await row(/^Merge wait/)).toContain('too few (n = 3)');
    expect(await row(/^Build/)).toContain('–––0');
  });

  it('counts the running part of a mixed stage as work', () => {
    const [deploy] = valueStream().stages.slice(-1);
    expect(workShare(deploy!)).toBe(0.25);
    expect(workShare({ ...deploy!, work_seconds: null, wait_seconds: null })).toBe(0);
  });

  it('says that nothing is known of builds instead of showing 0', async () => {
    open();
    const tile = (await screen.findByRole('heading', { name: 'Wait for CI' })).closest('article');
    expect(plain(tile)).toContain('no builds known');
  });

  it('leads from a change to its fact and its deployment', async () => {
    open();
    const table = within(await screen.findByRole('table', { name: 'Longest waits' }));
    expect(table.getByRole('link', { name: 'search #12' })).toHaveAttribute('href', '/w/demo/events?sel=c2');
    expect(table.getByRole('link', { name: '1 Sept 2026' })).toHaveAttribute('href', '/w/demo/deployments/d1');
    expect(plain(table.getByRole('row', { name: /search #12/ }))).toContain('Review, 10.4 d4+400 −20');
  });

  it('reads every change by keyboard, oldest first', async () => {
    const user = userEvent.setup();
    open();
    const chart = await screen.findByRole('application', { name: 'Every change' });
    chart.focus();
    await user.keyboard('{ArrowRight}');
    expect(plain(chart.querySelector('output'))).toBe('Search, 12.5 d, 1 Sept 2026, 10:00');
  });

  it('shows groups of few changes without a picture', async () => {
    open();
    const pay = (await screen.findByRole('heading', { name: 'Pay' })).closest('li');
    expect(plain(pay)).toContain('too few (n = 3)');
    expect(within(pay!).queryByRole('img')).toBeNull();
    const find = screen.getByRole('heading', { name: 'Find' }).closest('li');
    expect(plain(within(find!).getByText('Longest stage').nextElementSibling)).toBe('Review, 60 %');
  });

  it('asks for a team, and leads into one', async () => {
    const user = userEvent.setup();
    const { router } = open();
    await row(/^Review/);
    expect(asked('value-stream')).toBe('/api/v1/value-stream?workspace=demo&from=90d');
    await user.click(screen.getByRole('link', { name: 'Find' }));
    await waitFor(() => expect(asked('value-stream')).toContain('group=find'));
    await waitFor(() => expect(asked('assisted')).toContain('group=find'));
    expect(router.state.location.search).toEqual({ group: 'find' });
  });

  it('has an empty state of its own', async () => {
    const flow = valueStream();
    answer({ ...flow, changes: 0, wip: { ...flow.wip, n: 0, oldest: [] } }, assisted());
    open();
    expect(await screen.findByText('No change reached production, and none is on its way')).toBeInTheDocument();
  });
});

describe('assisted changes', () => {
  it('are compared like with like, in words and with intervals', async () => {
    open();
    expect(await row(/^Lines per change/)).toBe('Lines per change, median12060↑ larger1.40 times, 95 % interval 1.10 to 1.80');
    expect(await row(/^Shipped by a failed/)).toContain('■ no clear difference+3.0 points, 95 % interval -2.0 to +8.0');
    expect(await row(/^Taken back/)).toMatch(/too few to compare$/);
    expect(screen.getByText(/It shows a difference, not its cause/)).toBeInTheDocument();
  });

  it('are not guessed at where nothing says how changes were written', async () => {
    answer(valueStream(), { ...assisted(), unknown: 200, unknown_share: 1 });
    open();
    expect(await screen.findByText('Nothing is known of how changes were written')).toBeInTheDocument();
  });
});

describe.each(['en', 'de'] as const)('in %s', (locale) => {
  it('has no accessibility faults', async () => {
    const { container } = open('', locale);
    await screen.findByRole('application');
    await screen.findByText(locale === 'en' ? /It shows a difference/ : /Gezeigt wird ein Unterschied/);
    const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map((violation) => [violation.id, violation.nodes.map((node) => node.html)])).toEqual([]);
  });
});
