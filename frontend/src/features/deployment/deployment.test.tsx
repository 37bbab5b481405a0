import { serve } from '../../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import { deploymentId, story } from '../../../test/fixtures/understand';
import type { DeploymentStory } from '../../api/types';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { environmentText, tookSeconds } from './DeploymentHeader';
import { nameOf, nothingShipped, wordOf } from './words';

beforeEach(() => serve(fixtureAnswer));

function open(locale: 'en' | 'de' = 'en', id = deploymentId) {
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [`/w/demo/deployments/${id}`] }));
  const i18n = createI18n(locale, locale === 'en' ? en : de);
  return render(<App i18n={i18n} queryClient={queryClient} router={router} env="test" />);
}

const tell = (body: DeploymentStory) =>
  serve((path, query) => (path.endsWith('/story') ? { status: 200, body } : fixtureAnswer(path, query)));
const panel = async (name: string) => within(await screen.findByRole('region', { name }));
const plain = (element: Element) => (element.textContent ?? '').replaceAll(/\s+/g, ' ');

describe('the page of a deployment', () => {
  it('says what was deployed, where, how it ended and by what sort of actor', async () => {
    open();
    expect(await screen.findByRole('heading', { level: 1, name: 'Deployment 2.39.0' })).toBeInTheDocument();
    const main = within(screen.getByRole('main'));
    for (const text of ['succeeded', 'production', 'automation', '20 Nov 2026, 15:04 UTC', '3f786850e3']) {
      expect(main.getByText(text)).toBeInTheDocument();
    }
    expect(main.getAllByRole('link', { name: 'payments-api' })[0]).toHaveAttribute('href', '/w/demo/applications/payments-api');
  });

  it('lists what it shipped with lead times and marks, and how sure that is', async () => {
    open();
    const shipped = await panel('What it shipped');
    expect(shipped.getByText(/2 changes and 7 commits/)).toBeInTheDocument();
    expect(shipped.getByText(/Found by patch id, for at least one change/)).toBeInTheDocument();
    const [, first, second] = shipped.getAllByRole('row').map(plain);
    expect(first).toContain('27 hby ancestry, certain');
    expect(second).toContain('left outby patch id, likelyreverts #1190');
    expect(shipped.getByRole('link', { name: '#1203' })).toHaveAttribute('href', '/w/demo/events?sel=c0000000000000000001');
  });

  it('tells what followed, laid to it or not, and what rolled it back', async () => {
    open();
    const followed = await panel('What followed');
    expect(followed.getByText('failed: rolled back')).toBeInTheDocument();
    expect(followed.getByRole('link', { name: '2.39.1' })).toHaveAttribute('href', '/w/demo/deployments/d0000000000000000002');
    const [, laid, other] = followed.getAllByRole('row').map(plain);
    expect(laid).toContain('30 minyes: the latest deployment before it');
    expect(other).toContain('no, not laid to this deployment');
    expect(other).toContain('still open');
  });

  it('says where it counts and leads down to the raw delivery', async () => {
    open();
    const counted = await panel('Where it is counted');
    expect(await counted.findByText('Deployment frequency')).toBeInTheDocument();
    expect(counted.getByText(/Counted with the other records of its deployment/)).toBeInTheDocument();
    const said = await panel('What was said of it');
    expect(said.getByText(/deployment_status/)).toBeInTheDocument();
  });

  it('shows an error of one part beside the others, and tries again', async () => {
    let broken = true;
    serve((path, query) =>
      broken && path.includes('/facts/') ? { status: 403, body: { title: 'Not allowed', status: 403 } } : fixtureAnswer(path, query),
    );
    open();
    const counted = await panel('Where it is counted');
    expect(await counted.findByText('Not allowed')).toBeInTheDocument();
    expect(screen.getByRole('region', { name: 'What it shipped' })).toBeInTheDocument();
    broken = false;
    await userEvent.setup().click(counted.getByRole('button', { name: 'Try again' }));
    expect(await counted.findByText('Deployment frequency')).toBeInTheDocument();
  });

  it('says so when there is no such deployment', async () => {
    open('en', 'd0000000000000000009');
    expect(await screen.findByText('There is no such deployment in this workspace')).toBeInTheDocument();
    expect(screen.getByRole('heading', { level: 1 })).toBeInTheDocument();
  });

  it('shows a deployment of which little is known, without inventing anything', async () => {
    const bare = story();
    bare.deployment = { ...bare.deployment, belongs_to: [], environment: '', commit: '', version: '', finished_at: null, actor_kind: '', repository: '' };
    tell({ ...bare, changes: [], commits: 0, incidents: [], rolled_back_by: null });
    const { container } = open();
    expect(await screen.findByText('none claims it')).toBeInTheDocument();
    expect(screen.getByText('not stated, so without a class')).toBeInTheDocument();
    expect(screen.getByText('not finished')).toBeInTheDocument();
    expect(screen.getByText('What it ships is not known: it names no commit.')).toBeInTheDocument();
    expect(screen.getByText(/No incident is known/)).toBeInTheDocument();
    expect(container.textContent).not.toMatch(/NaN|undefined|null/);
  });

  it('speaks German and has no accessibility violations', async () => {
    const { container } = open('de');
    await panel('Was es ausgeliefert hat');
    await screen.findByText('Deployment-Frequenz', { exact: false }).catch(() => null);
    const found = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations.map((v) => `${v.id} ${v.nodes[0]?.html}`)).toEqual([]);
  });
});

describe('words of a deployment', () => {
  const t = translator(createI18n('en', en));
  const outcome = (change: Partial<DeploymentStory['deployment']['outcome']>, more: Partial<DeploymentStory['deployment']> = {}) => {
    const of = story();
    return { ...of, commits: 0, deployment: { ...of.deployment, ...more, outcome: { ...of.deployment.outcome, ...change } } };
  };

  it.each([
    ['running', outcome({ counted: false }, { status: 'running' }), /still running/],
    ['failed', outcome({ counted: false }), /did not succeed/],
    ['first', outcome({ baseline: true }), /it is the first known deployment here/],
    ['rollback', outcome({ rollback: true }), /takes an earlier deployment back/],
    ['again', outcome({ redeployment: true }), /was live already/],
    ['without commit', outcome({}, { commit: '' }), /names no commit/],
    ['not found', { ...outcome({}), method: 'none' as const }, /is in no imported history/],
    ['commits only', { ...outcome({}), commits: 3 }, /belong to no known change/],
    ['nothing new', outcome({}), /ships no change that had not reached/],
  ])('say why it ships nothing: %s', (_, of, words) => {
    expect(nothingShipped(of, t)).toMatch(words);
  });

  it('name the class of an environment where it adds something', () => {
    const { deployment } = story();
    expect(environmentText(deployment, t)).toBe('production');
    expect(environmentText({ ...deployment, environment: 'live-eu' }, t)).toBe('live-eu (class: Production)');
  });

  it('give no duration where the end is before the start', () => {
    const { deployment } = story();
    expect(tookSeconds(deployment)).toBe(720);
    expect(tookSeconds({ ...deployment, finished_at: '2026-11-20T14:00:00Z' })).toBeNull();
    expect(tookSeconds({ ...deployment, started_at: null })).toBeNull();
  });

  it('name a deployment by what tells it from its neighbours', () => {
    const { deployment } = story();
    expect(nameOf(deployment)).toBe('2.39.0');
    expect(nameOf({ ...deployment, version: '', ref: 'main' })).toBe('3f786850e3');
    expect(nameOf({ ...deployment, version: '', commit: '', ref: 'v1' })).toBe('v1');
    expect(nameOf({ ...deployment, version: '', commit: '' })).toBe('8812');
  });

  it('let unknown values speak for themselves', () => {
    expect([wordOf('actor', 'human', t), wordOf('rollout', 'dark', t), wordOf('actor', '', t)]).toEqual(['a person', 'dark', undefined]);
  });
});
