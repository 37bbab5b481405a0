import { sentBodies, serve } from '../../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import type { IncidentDetail } from '../../api/incident';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { momentsOf } from './Happened';

const id = '5f1c0d9e2ab34c7788aa';
const application = { slug: 'checkout', name: 'Checkout' };
const near = { id: 'd0000000000000000001', version: '2.1', environment: 'production', finished_at: '2026-11-20T10:00:00Z' };
const far = { id: 'd0000000000000000002', version: '2.0', environment: 'production', finished_at: '2026-11-19T10:00:00Z' };
const guess = { application, deployment: near, rung: 'incident', gap_seconds: 3600, inferred: true, evidence: '' } as const;

const incident: IncidentDetail = {
  id,
  source: 'pager',
  external_id: 'INC-7',
  belongs_to: [application],
  severity: 'sev2',
  opened_at: '2026-11-20T11:00:00Z',
  resolved_at: '2026-11-20T15:00:00Z',
  started_at: '2026-11-20T11:00:00Z',
  restored_at: '2026-11-20T15:00:00Z',
  reopenings: ['2026-11-20T13:00:00Z'],
  recovery_seconds: 14_400,
  unlinked: false,
  laid: [guess],
  automatic: [guess],
  candidates: [
    { ...near, application, gap_seconds: 3600, changes: 2, rollback: false, linked: true },
    { ...far, application, gap_seconds: 90_000, changes: 1, rollback: false, linked: false },
  ],
  more_candidates: false,
  link: null,
  history: [],
  may_link: true,
};

const word = { at: '2026-11-21T09:00:00Z', by: 'person:ada', reason: 'seen in the log', withdrawn: false, deployments: [far] };
const spoken: IncidentDetail = {
  ...incident,
  laid: [{ application, deployment: far, rung: 'person', gap_seconds: 90_000, inferred: false, evidence: word.reason }],
  link: word,
  history: [word],
};

function open(body: IncidentDetail, locale: 'en' | 'de' = 'en') {
  serve((path, query) => {
    if (path.endsWith(`/incidents/${id}/link`)) return { status: 200, body: spoken };
    return path.endsWith(`/incidents/${id}`) ? { status: 200, body } : fixtureAnswer(path, query);
  });
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [`/w/demo/incidents/${id}`] }));
  return render(<App i18n={createI18n(locale, locale === 'en' ? en : de)} queryClient={queryClient} router={router} env="test" />);
}

const panel = async (name: string) => within(await screen.findByRole('region', { name }));

describe('the page of an incident', () => {
  it('tells its times in order, with the reopening between', async () => {
    expect(momentsOf(incident).map(({ name }) => name)).toEqual(['opened', 'reopened', 'resolved']);
    open(incident);
    expect(await screen.findByRole('heading', { level: 1, name: 'Incident INC-7' })).toBeInTheDocument();
    const happened = await panel('What happened');
    expect(happened.getByText('once')).toBeInTheDocument();
    expect(happened.getAllByRole('listitem').map((item) => item.textContent)).toHaveLength(3);
  });

  it('lays it to what a person chooses, and keeps the answer of the rules beside it', async () => {
    open(incident);
    const laid = await panel('Laid to');
    expect(laid.getByText(/a guess from nearness in time · finished 1.h before it began/)).toBeInTheDocument();
    await userEvent.click(await screen.findByRole('checkbox', { name: '2.0 caused it' }));
    await userEvent.type(screen.getByRole('textbox', { name: 'Reason' }), 'seen in the log');
    await userEvent.click(screen.getByRole('button', { name: 'Lay it to the chosen deployment' }));
    expect(await screen.findByText('Laid to 1 deployment.')).toBeInTheDocument();
    expect(sentBodies().at(-1)).toEqual({ deployments: [far.id], reason: 'seen in the log' });
    expect(await screen.findByRole('heading', { name: 'The rules alone say' })).toBeInTheDocument();
    expect((await panel('What people said')).getByText(/by person:ada · seen in the log/)).toBeInTheDocument();
  });

  it('lets a viewer look only', async () => {
    open({ ...incident, may_link: false });
    expect(await screen.findByText(/You may look at this/)).toBeInTheDocument();
    expect(screen.queryByRole('checkbox', { name: '2.0 caused it' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'No deployment caused this' })).toBeNull();
  });

  it('speaks German and has no accessibility violations', async () => {
    const { container } = open(spoken, 'de');
    expect(await screen.findByRole('heading', { level: 1, name: 'Störung INC-7' })).toBeInTheDocument();
    await screen.findByText('Kein Deployment war die Ursache');
    expect((await axe.run(container, { rules: { 'color-contrast': { enabled: false } } })).violations).toEqual([]);
  });
});
