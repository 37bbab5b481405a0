import { serve } from '../../test/network';
import { QueryClientProvider } from '@tanstack/react-query';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { fixtureAnswer } from '../../test/fixtures/api';
import { emptyDora, report } from '../../test/delivery/fixtures';
import { renderUi } from '../../test/render';
import { createQueryClient } from '../app/queryClient';
import { de } from '../i18n/de';
import { en } from '../i18n/en';
import { createI18n } from '../i18n/i18n';
import { translator } from '../i18n/useT';
import { ExplainButton, explain, type ExplainMetric } from '.';
import { codeText } from './explain';
import { tabAfter } from './Tabs';

const metrics: ExplainMetric[] = [
  'change_lead_time',
  'deployment_frequency',
  'change_fail_rate',
  'failed_deployment_recovery_time',
  'deployment_rework_rate',
  'incidents',
];

function words(locale: 'en' | 'de') {
  const t = translator(createI18n(locale, locale === 'en' ? en : de));
  return { t, locale, timeZone: 'UTC' };
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

function facts(metric: ExplainMetric, of = report()): Record<string, string> {
  const list = explain(metric, of, words('en')).facts;
  return Object.fromEntries(list.map((f) => [f.label, plain(f.value)]));
}

function show(rowsHref?: string) {
  return renderUi(
    <QueryClientProvider client={createQueryClient()}>
      <article>
        <button type="button">Figure</button>
        <input aria-label="Note" />
        <ExplainButton metric="change_lead_time" report={report()} scope={{ workspace: 'demo' }} timeZone="UTC" rowsHref={rowsHref} />
      </article>
    </QueryClientProvider>,
  );
}

beforeEach(() => serve(fixtureAnswer));

const button = () => screen.getByRole('button', { name: 'Explain Change lead time' });

describe('explanations', () => {
  test('lead time states value, interval, n, coverage, period and policy', () => {
    expect(facts('change_lead_time')).toEqual({
      Value: '15.8 h',
      '95 % interval': '14.1 h to 17.6 h',
      'Cases (n)': '311',
      'Share of deployments whose shipped changes are known': '91 %',
      '75th percentile': '33 h',
      '90th percentile': '2.5 d',
      'Per commit, median': '20 h (n = 702)',
      Statistic: 'median; seconds in files',
      Period: '24 Aug 2026 to 22 Nov 2026 (UTC)',
      'Policy version': 'default-1',
    });
  });

  test('fail rate states what is behind it', () => {
    expect(facts('change_fail_rate')).toMatchObject({
      Value: '8.7 %',
      '95 % interval': '5 % to 15 %',
      'Failed deployments': '11',
      'Inferred from a repair': '5',
      'Still within the failure window': '2',
      'Failed attempts, counted apart': '6',
    });
  });

  test('frequency is per day, with its interval', () => {
    expect(facts('deployment_frequency')).toMatchObject({ Value: '1.38 per day', 'Rollbacks among them': '4' });
  });

  test('incidents name those laid to no deployment', () => {
    expect(facts('incidents')).toMatchObject({ 'Cases (n)': '11', 'Laid to a deployment': '9', 'Laid to no deployment': '2' });
  });

  test('only exclusions of the figure are listed, anomalies always', () => {
    const lead = explain('change_lead_time', report(), words('en'));
    expect(lead.exclusions.map((e) => [e.label, e.count])).toEqual([['Shipped before it began', 3]]);
    expect(explain('change_fail_rate', report(), words('en')).exclusions).toEqual([]);
    expect(lead.anomalies.map((a) => a.label)).toEqual(['Resolved before it opened']);
    expect(lead.methods?.map((m) => m.count)).toEqual([104, 11, 11]);
    expect(explain('incidents', report(), words('en')).methods).toBeNull();
  });

  test('a reason without a text is shown by its code', () => {
    const odd = { ...report(), exclusions: [{ metric: 'change_fail_rate' as const, reason: 'constructor', count: 1, ids: [] }] };
    expect(explain('change_fail_rate', odd, words('en')).exclusions[0]!.label).toBe('constructor');
    expect(codeText('not_seen_yet', words('de').t)).toBe('not seen yet');
    expect(codeText('in_future', words('de').t)).toBe('In der Zukunft datiert');
  });

  test.each(metrics)('%s of nothing has no value and no interval, never 0 of a kind', (metric) => {
    const list = facts(metric, emptyDora());
    if (metric !== 'incidents') {
      expect(list.Value).toBe('–');
      expect(list['95 % interval']).toBe('too few cases');
    }
    expect(Object.values(list).join()).not.toMatch(/NaN|null|undefined/);
  });

  test.each(metrics)('%s is explained in both languages', (metric) => {
    const english = explain(metric, report(), words('en'));
    const german = explain(metric, report(), words('de'));
    for (const key of ['definition', 'formula', 'counted', 'rows'] as const) {
      expect(english[key]).not.toContain('explain.');
      expect(german[key]).not.toBe(english[key]);
    }
  });
});

describe('tabs of a drawer', () => {
  test.each([
    [0, 'ArrowRight', 1],
    [2, 'ArrowRight', 0],
    [0, 'ArrowLeft', 2],
    [1, 'Home', 0],
    [1, 'End', 2],
    [1, 'Enter', null],
  ])('from %d %s leads to %s', (at, key, to) => {
    expect(tabAfter(at, key, 3)).toBe(to);
  });
});

describe('explain button', () => {
  test('opens a named dialog and gives the focus back on Escape', async () => {
    const user = userEvent.setup();
    show('#changes');
    await user.click(button());
    const dialog = await screen.findByRole('dialog', { name: 'Change lead time, explained' });
    expect(within(dialog).getByRole('link', { name: 'Show the 311 changes' })).toHaveAttribute('href', '#changes');
    await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(button()).toHaveFocus();
  });

  test('opens on e while the focus is in the figure, but not while writing', async () => {
    const user = userEvent.setup();
    show();
    screen.getByLabelText('Note').focus();
    await user.keyboard('e');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    screen.getByRole('button', { name: 'Figure' }).focus();
    await user.keyboard('{Control>}e{/Control}');
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
    await user.keyboard('e');
    expect(await screen.findByRole('dialog')).toBeInTheDocument();
    expect(screen.queryByRole('link')).not.toBeInTheDocument();
    await user.keyboard('e');
    expect(screen.getAllByRole('dialog')).toHaveLength(1);
  });

  test('closes by its own button', async () => {
    const user = userEvent.setup();
    show();
    await user.click(button());
    await user.click(await screen.findByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(button()).toHaveFocus();
  });

  test('has no accessibility violations when open', async () => {
    const user = userEvent.setup();
    show('#changes');
    await user.click(button());
    await screen.findByRole('dialog');
    const found = await axe.run(document.body, {
      rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
    });
    expect(found.violations.map((v) => `${v.id} ${v.nodes[0]?.html}`)).toEqual([]);
  });
});
