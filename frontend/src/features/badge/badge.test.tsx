import { QueryClientProvider } from '@tanstack/react-query';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { askedFor, serve } from '../../../test/network';
import { renderUi } from '../../../test/render';
import { createQueryClient } from '../../app/queryClient';
import { BadgeButton } from './BadgeButton';

const path = '/badges/demo/application/payments-api/change_lead_time-00112233445566778899aabbccddeeff.svg';
const badge = {
  metric: 'change_lead_time',
  path,
  page: '/w/demo/applications/payments-api',
  address: path,
  markdown: `[![lead time 90 d](${path})](/w/demo/applications/payments-api)`,
  label: 'lead time 90 d',
  value: '15.8 h',
};

test('badges are shown, and copied as Markdown with whole addresses', async () => {
  serve(() => ({ status: 200, body: { items: [badge], next: null } }));
  const user = userEvent.setup();
  renderUi(
    <QueryClientProvider client={createQueryClient()}>
      <BadgeButton workspace="demo" application="payments-api" />
    </QueryClientProvider>,
  );
  await user.click(screen.getByRole('button', { name: 'Badge' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Badges' }));
  expect(await dialog.findByRole('img', { name: 'lead time 90 d: 15.8 h' })).toHaveAttribute('src', path);
  expect(askedFor()).toEqual(['/api/v1/badges?workspace=demo&application=payments-api']);
  await user.click(dialog.getByRole('button', { name: 'Copy Markdown: lead time 90 d' }));
  const { origin } = window.location;
  expect(await navigator.clipboard.readText()).toBe(`[![lead time 90 d](${origin}${path})](${origin}/w/demo/applications/payments-api)`);
});

test('an answer that fails can be asked for again', async () => {
  serve(() => ({ status: 404, body: { title: 'Not found', status: 404 } }));
  const user = userEvent.setup();
  renderUi(
    <QueryClientProvider client={createQueryClient()}>
      <BadgeButton workspace="demo" application="payments-api" />
    </QueryClientProvider>,
  );
  await user.click(screen.getByRole('button', { name: 'Badge' }));
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});
