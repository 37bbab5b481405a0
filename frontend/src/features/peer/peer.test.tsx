import { createMemoryHistory } from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { fixtureAnswer } from '../../../test/fixtures/api';
import { peerAnswer } from '../../../test/fixtures/peer';
import { askedFor, serve } from '../../../test/network';
import { App } from '../../app/App';
import { createQueryClient } from '../../app/queryClient';
import { createAppRouter } from '../../app/router';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { createI18n } from '../../i18n/i18n';

beforeEach(() =>
  serve((path, query) => (path === '/api/v1/peer' ? { status: 200, body: peerAnswer() } : fixtureAnswer(path, query))),
);

function open(query = '', locale: 'en' | 'de' = 'en') {
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { retry: false } });
  const router = createAppRouter(queryClient, createMemoryHistory({ initialEntries: [`/w/demo/peer${query}`] }));
  const i18n = createI18n(locale, locale === 'en' ? en : de);
  return { router, ...render(<App i18n={i18n} queryClient={queryClient} router={router} env="test" />) };
}

const plain = (element: Element | null) => (element?.textContent ?? '').replaceAll(/\s+/g, ' ');
const panel = async (name: string) => screen.findByRole('region', { name });
const lastAsked = () => askedFor().findLast((path) => path.startsWith('/api/v1/peer'));

describe('the comparison with DevLake', () => {
  it('shows both figures, what they rest on and how the rows add up', async () => {
    open();
    const frequency = plain(await panel('Deployment frequency'));
    expect(frequency).toContain('0.29 per day');
    expect(frequency).toContain('5 days a month');
    expect(frequency).toContain('DevLake calls this medium');
    expect(frequency).toContain('Both count the same.');
    expect(frequency).toContain('2 weeks without a deployment');
    const lead = plain(await panel('Change lead time'));
    expect(lead).toContain('no data');
    expect(lead).toContain('Evenkeel counts 30 changes');
    expect(lead).toContain('−30 changes without a change request');
    expect(lead).toContain('DevLake counts 0 changes, 0 are in both');
  });

  it('opens the evidence of a reason, also of one that the page does not know', async () => {
    const user = userEvent.setup();
    open();
    const lead = await panel('Change lead time');
    await user.click(within(lead).getByText(/changes without a change request/));
    expect(within(lead).getByRole('link', { name: 'c1' })).toHaveAttribute('href', '/w/demo/events?sel=c1');
    expect(within(lead).getByRole('link', { name: 'd1' })).toHaveAttribute('href', '/w/demo/deployments/d1');
    expect(plain(lead)).toContain('1 h here');
    expect(plain(lead)).toContain('29 more are not listed.');
    expect(plain(await panel('Change fail rate'))).toContain('+1 failed deployment: a reason in the words of the server');
  });

  it('asks for the scope of the address', async () => {
    const user = userEvent.setup();
    const { router } = open('?app=payments-api');
    await panel('Change lead time');
    expect(lastAsked()).toBe('/api/v1/peer?workspace=demo&as=devlake-2023&from=90d&application=payments-api');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Application' }), '');
    await waitFor(() => expect(lastAsked()).toBe('/api/v1/peer?workspace=demo&as=devlake-2023&from=90d'));
    expect(router.state.location.search).toEqual({});
  });

  it('says what is taken from where, in German too, and is accessible', async () => {
    const { container } = open('', 'de');
    expect(plain(await panel('Was woher kommt, und was man nicht wissen kann'))).toContain('3 Produktionsumgebungen');
    expect(plain(await panel('Durchlaufzeit von Änderungen'))).toContain('Änderungen ohne Änderungsantrag');
    const found = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations.map(({ id }) => id)).toEqual([]);
  });
});
