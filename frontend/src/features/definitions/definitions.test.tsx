import { sentBodies, serve } from '../../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { fixtureAnswer, type FixtureAnswer } from '../../../test/fixtures/api';
import type { PolicyBody, PolicyPreview, PolicyVersion, Session } from '../../api/types';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';

// jsdom has no fonts, whose loading a growing text field waits for.
Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });

const none = { trailers: [], labels: [], actors: [] };
const policy: PolicyBody = {
  environments: [{ pattern: 'prod*', class: 'production' }],
  deployments: {},
  unit: 'change',
  start: 'opened',
  aggregation: 'median',
  failure_window: '24h',
  infer_failures: true,
  hotfix_window: '72h',
  recovery: 'failure',
  assisted: none,
  bots: none,
  time_zone: 'UTC',
  week_start: 'monday',
};

const builtIn: PolicyVersion = { number: 0, version: 'default-1', at: null, author: '', note: '', digest: 'd0', in_force: false, changes: [], policy, strangers: [] };
const second: PolicyVersion = {
  ...builtIn,
  number: 1,
  version: '1',
  at: '2026-11-01T09:00:00Z',
  author: 'person:ada',
  note: 'days are those of Berlin',
  digest: 'd1',
  in_force: true,
  changes: [{ member: 'time_zone', before: 'UTC', after: 'Europe/Berlin' }],
  policy: { ...policy, time_zone: 'Europe/Berlin' },
};

const figures = { deployments: 791, failures: 64, changes: 900, deployments_per_day: 2.2, lead_time_seconds: 7200, fail_rate: 0.08, recovery_seconds: 3600, rework_rate: 0.05, statistic: 'median' };
const nobody = { total: 0, ids: [] };
const preview = {
  window: { from: '2025-11-22T00:00:00Z', to: '2026-11-22T00:00:00Z' },
  sentence: '',
  base: 'd1',
  changes: [{ member: 'failure_window', before: '24h', after: '72h' }],
  whole: { kind: 'workspace', slug: 'demo', name: 'All applications', before: figures, after: { ...figures, deployments: 853, failures: 76 } },
  applications: [],
  applications_total: 0,
  added: nobody,
  removed: nobody,
  failures_added: nobody,
  failures_removed: nobody,
  warnings: [],
  nothing: false,
} as unknown as PolicyPreview;

const refused = (status: number, fields: { field: string; rule: string }[] = [], detail = ''): FixtureAnswer => ({
  status,
  body: { type: 'about:blank', title: 'Refused', status, detail, errors: fields.map(({ field, rule }) => ({ location: field, message: rule })) },
});

interface Answers {
  role?: string;
  tried?: FixtureAnswer;
  saved?: FixtureAnswer;
}

function open({ role = 'admin', tried = { status: 200, body: preview }, saved = { status: 200, body: { ...second, number: 2, version: '2' } } }: Answers = {}, locale: 'en' | 'de' = 'en') {
  serve((path, query, posted) => {
    if (path === '/api/v1/policies/preview') return tried;
    if (path === '/api/v1/policies') return posted ? saved : { status: 200, body: { items: [second, builtIn], next: null } };
    const known = fixtureAnswer(path, query);
    if (!path.endsWith('/session')) return known;
    const session = known.body as Session;
    return { ...known, body: { ...session, principal: { ...session.principal, role } } };
  });
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: ['/w/demo/definitions'] }));
  return render(<App i18n={createI18n(locale, locale === 'en' ? en : de)} queryClient={queryClient} router={router} env="test" />);
}

const window = () => screen.findByLabelText('An incident is laid to a deployment within');

/** Types another failure window and asks what it would find. */
async function attempt(text = '72h') {
  const field = await window();
  await userEvent.clear(field);
  await userEvent.type(field, text);
  await userEvent.click(screen.getByRole('button', { name: 'Preview on the last year' }));
}

describe('definitions', () => {
  it('are tried before they can be saved, and saved with a reason', async () => {
    open();
    expect(await screen.findByRole('button', { name: 'Preview on the last year' })).toBeDisabled();
    expect(screen.queryByRole('button', { name: 'Save as a new version' })).toBeNull();
    await attempt();
    expect(await screen.findByText('These rules find 853 deployments, 76 failures; before 791 and 64.')).toBeInTheDocument();
    const save = screen.getByRole('button', { name: 'Save as a new version' });
    expect(save).toBeDisabled();
    await userEvent.type(screen.getByRole('textbox', { name: 'Why the rules change' }), 'incidents come late');
    await userEvent.click(save);
    expect(sentBodies().at(-1)).toEqual({ policy: { ...second.policy, failure_window: '72h' }, note: 'incidents come late', base: 'd1' });
  });

  it('another change takes the preview away, and the button with it', async () => {
    open();
    await attempt();
    await screen.findByRole('button', { name: 'Save as a new version' });
    await userEvent.type(await window(), '0');
    expect(screen.queryByRole('button', { name: 'Save as a new version' })).toBeNull();
  });

  it('a viewer may try, not save', async () => {
    open({ role: 'viewer' });
    expect(await screen.findByText('You can try rules on the last year. Saving them needs the role admin.')).toBeInTheDocument();
    await attempt();
    expect(await screen.findByText(/These rules find 853/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Save as a new version' })).toBeNull();
    expect(screen.queryByRole('textbox', { name: 'Why the rules change' })).toBeNull();
  });

  it('what is wrong stands at its field', async () => {
    open({ tried: refused(422, [{ field: 'failure_window', rule: 'is not between one minute and 365 days' }]) });
    await attempt('0h');
    expect(await screen.findByText(/One member must be corrected: failure_window: is not between/)).toBeInTheDocument();
    expect(await window()).toBeInvalid();
    expect(await window()).toHaveAccessibleDescription(/is not between one minute and 365 days/);
  });

  it('rules that someone else changed meanwhile are not overwritten', async () => {
    open({ saved: refused(409, [], 'the policy has changed since; read it again') });
    await attempt();
    await userEvent.type(await screen.findByRole('textbox', { name: 'Why the rules change' }), 'later');
    await userEvent.click(screen.getByRole('button', { name: 'Save as a new version' }));
    expect(await screen.findByText(/the policy has changed since/)).toBeInTheDocument();
    expect(await window()).toHaveValue('72h');
    expect(screen.queryByText(/is in force\./)).toBeNull();
  });

  it('rules by which nothing counts need a second decision', async () => {
    open({ tried: { status: 200, body: { ...preview, nothing: true, warnings: [{ field: 'deployments', text: 'no deployment would count' }] } } });
    await attempt();
    expect(await screen.findByText('deployments: no deployment would count')).toBeInTheDocument();
    await userEvent.type(screen.getByRole('textbox', { name: 'Why the rules change' }), 'closed');
    expect(screen.getByRole('button', { name: 'Save as a new version' })).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Save although nothing counts' }));
    expect(sentBodies().at(-1)).toMatchObject({ force: true, note: 'closed' });
  });

  it('every version says who changed what and why', async () => {
    open();
    const versions = within(await screen.findByRole('region', { name: 'Versions' }));
    const [latest, first] = versions.getAllByRole('listitem');
    expect(latest).toHaveTextContent(/Version 1.*in force.*by person:ada.*days are those of Berlin/);
    expect(latest!.querySelector('del')).toHaveTextContent('UTC');
    expect(latest!.querySelector('ins')).toHaveTextContent('Europe/Berlin');
    expect(first).toHaveTextContent('Built-in rules');
    expect(within(first!).queryByText('in force')).toBeNull();
  });

  it('are German, and have no accessibility violations', async () => {
    const { container } = open({}, 'de');
    await screen.findByRole('heading', { level: 1, name: 'Definitionen' });
    await screen.findAllByText('person:ada', { exact: false });
    expect((await axe.run(container, { rules: { 'color-contrast': { enabled: false } } })).violations).toEqual([]);
  });
});
