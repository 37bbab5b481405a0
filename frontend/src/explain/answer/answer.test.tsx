import { askedFor, serve } from '../../../test/network';
import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import { report } from '../../../test/fixtures/data';
import { explanation } from '../../../test/fixtures/understand';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';
import { translator } from '../../i18n/useT';
import { curlOf } from './Copies';
import { rowsCsv } from './csv';
import { eventsSearch, isNearly, rowValue, shownValue, stepText, valueText } from './words';

beforeEach(() => serve(fixtureAnswer));

async function explainLeadTime(locale: 'en' | 'de' = 'en') {
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false, staleTime: 60_000 } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: ['/w/demo/overview?range=90d'] }));
  const i18n = createI18n(locale, locale === 'en' ? en : de);
  render(<App i18n={i18n} queryClient={queryClient} router={router} env="test" />);
  const figure = locale === 'en' ? 'Change lead time' : de['metric.change_lead_time'];
  const tile = await screen.findByRole('article', { name: figure });
  const user = userEvent.setup();
  await user.click(within(tile).getByRole('button', { name: /Explain|erklären/ }));
  return { router, user, dialog: await screen.findByRole('dialog') };
}

describe('an answered explanation', () => {
  it('is asked for when it is opened, over the instants of the figure', async () => {
    const { dialog } = await explainLeadTime();
    const { from, to } = report().window;
    const query = new URLSearchParams({ metric: 'change_lead_time', from, to });
    expect(within(dialog).getByText(/How long a change takes/)).toBeInTheDocument();
    await waitFor(() => expect(askedFor().filter((asked) => asked.startsWith('/api/v1/explain'))).toHaveLength(1));
    const asked = new URLSearchParams(askedFor().find((path) => path.startsWith('/api/v1/explain'))?.split('?')[1]);
    for (const [key, value] of query) expect(asked.get(key)).toBe(value);
    expect(asked.get('workspace')).toBe('demo');
  });

  it('shows each step with what is left', async () => {
    const { dialog } = await explainLeadTime();
    const steps = await within(dialog).findAllByText(/^(Known|In scope|In the period|Counted)$/);
    expect(steps.map((step) => step.closest('li')?.textContent)).toEqual(['Known90', 'In scope30 fewer60', 'In the period26 fewer34', 'Counted4 fewer30']);
  });

  it('lists the rows page by page, each with a way to the fact', async () => {
    const { dialog, user, router } = await explainLeadTime();
    await user.click(within(dialog).getByRole('tab', { name: /^Counted/ }));
    const list = await within(dialog).findByRole('list', { name: 'Facts that count' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(25);
    await user.click(within(dialog).getByRole('button', { name: 'Show more' }));
    await waitFor(() => expect(within(list).getAllByRole('listitem')).toHaveLength(30));
    const link = within(list).getByRole('link', { name: 'Change #104 of checkout' });
    expect(link).toHaveAttribute('href', '/w/demo/events?sel=c0000000000000000004');
    await user.click(link);
    await waitFor(() => expect(router.state.location.pathname).toBe('/w/demo/events'));
  });

  it('opens the facts left out for one reason', async () => {
    const { dialog, user } = await explainLeadTime();
    await user.click(await within(dialog).findByRole('button', { name: 'Shipped earlier elsewhere: 2' }));
    const list = await within(dialog).findByRole('list', { name: 'Facts left out' });
    expect(within(list).getAllByRole('listitem')).toHaveLength(2);
    expect(within(list).getAllByText(/^Shipped earlier elsewhere/)).toHaveLength(2);
    await user.click(within(dialog).getByRole('button', { name: 'All reasons' }));
    expect(within(list).getAllByRole('listitem')).toHaveLength(4);
    expect(within(dialog).getByRole('tab', { name: 'Left out (4)' })).toHaveAttribute('aria-selected', 'true');
  });

  it('keeps the figure when the rest cannot be loaded, and tries again', async () => {
    let broken = true;
    serve((path, query) =>
      broken && path.endsWith('/explain') ? { status: 403, body: { title: 'Not allowed', status: 403, detail: 'It needs the role viewer.' } } : fixtureAnswer(path, query),
    );
    const { dialog, user } = await explainLeadTime();
    expect(await within(dialog).findByText('It needs the role viewer.')).toBeInTheDocument();
    expect(within(dialog).getByText('default-1')).toBeInTheDocument();
    broken = false;
    await user.click(within(dialog).getByRole('button', { name: 'Try again' }));
    expect(await within(dialog).findByText('In scope')).toBeInTheDocument();
  });

  it('says so when facts arrived since', async () => {
    serve((path, query) =>
      path.endsWith('/explain') ? { status: 200, body: { ...explanation(query), value: 7200 } } : fixtureAnswer(path, query),
    );
    const { dialog } = await explainLeadTime();
    expect(await within(dialog).findByText(/the figure is now 2.h/)).toBeInTheDocument();
  });

  it('says so when nothing counts', async () => {
    serve((path, query) =>
      path.endsWith('/explain') ? { status: 200, body: { ...explanation(query), exclusions: [], rows: { items: [], next: null } } } : fixtureAnswer(path, query),
    );
    const { dialog, user } = await explainLeadTime();
    await user.click(within(dialog).getByRole('tab', { name: /^Counted/ }));
    expect(await within(dialog).findByText('No fact counts in this period')).toBeInTheDocument();
    await user.click(within(dialog).getByRole('tab', { name: /^Left out/ }));
    expect(await within(dialog).findByText('Nothing was left out.')).toBeInTheDocument();
  });

  it('moves between its parts by arrow keys', async () => {
    const { dialog, user } = await explainLeadTime();
    within(dialog).getByRole('tab', { name: 'Explanation' }).focus();
    await user.keyboard('{ArrowRight}');
    expect(within(dialog).getByRole('tab', { name: /^Counted/ })).toHaveFocus();
    expect(await within(dialog).findByRole('tabpanel', { name: /^Counted/ })).toBeInTheDocument();
  });

  it('speaks German and has no accessibility violations', async () => {
    const { dialog, user } = await explainLeadTime('de');
    await user.click(within(dialog).getByRole('tab', { name: /^Ausgelassen/ }));
    await within(dialog).findByRole('list', { name: 'Ausgelassene Fakten' });
    const found = await axe.run(dialog, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
    expect(found.violations.map((v) => `${v.id} ${v.nodes[0]?.html}`)).toEqual([]);
  });
});

describe('words of an answer', () => {
  const t = translator(createI18n('en', en));

  it('a step without words speaks for itself', () => {
    expect([stepText('in_scope', t), stepText('left_over', t)]).toEqual(['In scope', 'left over']);
  });

  it('values have the unit of their figure', () => {
    expect(valueText('change_lead_time', 7200, t, 'en').replaceAll(/\s/g, ' ')).toBe('2 h');
    expect(valueText('change_fail_rate', 0.089, t, 'en').replaceAll(/\s/g, ' ')).toBe('8.9 %');
    expect(valueText('deployment_frequency', 1.376, t, 'en')).toBe('1.38 per day');
    expect(valueText('deployment_frequency', null, t, 'en')).toBe('–');
  });

  it('rows carry a mark only where they differ', () => {
    const row = explanation(new URLSearchParams()).rows.items[0]!;
    expect(rowValue('change_fail_rate', { ...row, value: 1 }, t, 'en')).toBe('failed');
    expect(rowValue('change_fail_rate', { ...row, value: 0 }, t, 'en')).toBe('');
    expect(rowValue('deployment_rework_rate', { ...row, value: 1 }, t, 'en')).toBe('unplanned fix');
    expect(rowValue('deployment_frequency', { ...row, value: 1 }, t, 'en')).toBe('');
    expect(rowValue('change_lead_time', { ...row, value: null }, t, 'en')).toBe('');
  });

  it('figures are compared but for rounding', () => {
    expect([isNearly(0.1 + 0.2, 0.3), isNearly(null, null), isNearly(null, 0), isNearly(10, 10.1)]).toEqual([true, true, false, false]);
    expect(shownValue('deployment_frequency', report())).toBe(report().deployment_frequency.per_day);
    expect(shownValue('change_fail_rate', report())).toBe(report().change_fail_rate.value);
  });

  it('each figure is made of one kind of fact', () => {
    const kinds = (['change_lead_time', 'failed_deployment_recovery_time', 'change_fail_rate'] as const).map(
      (metric) => eventsSearch({ workspace: 'demo', metric }).kind,
    );
    expect(kinds).toEqual(['change', 'incident', 'deployment']);
    const window = { from: '2026-08-24T00:00:00Z', to: '2026-11-22T00:00:00Z' };
    expect(eventsSearch({ workspace: 'demo', metric: 'change_fail_rate', application: 'checkout', ...window })).toEqual({
      kind: 'deployment', app: 'checkout', range: '2026-08-24..2026-11-21',
    });
  });

  it('a command asks the same question without a secret', () => {
    const params = { workspace: 'demo', metric: 'change_fail_rate', from: '2026-01-01T00:00:00Z' } as const;
    expect(curlOf(params, 'https://ek.test')).toBe(
      `curl -H "Authorization: Bearer $EVENKEEL_TOKEN" 'https://ek.test/api/v1/explain?workspace=demo&metric=change_fail_rate&from=2026-01-01T00:00:00Z'`,
    );
  });

  it('a file has one line per row, with the reason as a code', () => {
    const rows = explanation(new URLSearchParams({ include: 'excluded' })).rows.items;
    const [head, first] = rowsCsv(rows).split('\r\n');
    expect(head).toBe('\ufeffat,kind,id,external_id,source,repository,application,environment,status,value,included,reason,summary');
    expect(first).toContain(',payments-api,production,merged,,false,negative_lead_time,');
  });
});
