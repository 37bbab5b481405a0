// Browser tests of data quality: coverage, the chain to a figure, what looks wrong.
import assert from 'node:assert/strict';
import { open } from './browser.mjs';

const tab = { path: '/w/demo/connectors?tab=quality', ready: { role: 'table', name: 'Coverage' } };

export const qualityPages = {
  'data quality': {
    ...tab,
    named: [['region', 'What looks wrong'], ['heading', 'Facts belong to no application'], ['table', 'Coverage'], ['button', /^Deployments of Carbon report: never/], ['region', 'From what arrived to the figure'], ['link', 'Facts in scope and period']],
  },
  'data quality, a cell': { path: `${tab.path}&sel=fleet-analytics:deployment`, ready: { role: 'dialog', name: 'Fleet analytics: Deployments' }, named: [['link', 'See the connections']] },
};

/** The numbers of the chain as they stand on the page: steps without a sign, parts with theirs. */
const numbers = (texts) => texts.map((text) => Number(text.replaceAll(/[^\d−+]/g, '').replace('−', '-')));

export function qualityTests(test, site) {
  test('data quality: what is missing is found and explained', async () => {
    const { page, close } = await open(site.browser, site.base, tab.path, { ready: tab.ready });
    await page.getByRole('combobox', { name: 'State' }).selectOption({ label: 'never' });
    await page.getByRole('combobox', { name: 'Signal' }).selectOption({ label: 'Deployments' });
    await page.getByText('1 of 32 applications').waitFor();
    assert.match(page.url(), /status=never/);
    await page.getByRole('button', { name: /^Deployments of Carbon report: never/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Carbon report: Deployments' });
    await dialog.getByText(/No fact has ever belonged to this application; 31 of 32/).waitFor();
    await dialog.getByRole('link', { name: /nobody claims/ }).click();
    await page.getByRole('heading', { name: 'Events', exact: true, level: 1 }).waitFor();
    assert.match(page.url(), /claimed=no/);
    await close();
  });

  test('data quality: every step of a chain adds up on the page, and leads to its rows', async () => {
    const { page, close } = await open(site.browser, site.base, `${tab.path}&metric=change_lead_time`, { ready: tab.ready });
    const region = page.getByRole('region', { name: 'From what arrived to the figure' });
    await region.getByText(/^Change lead time: /).waitFor();
    let before = null;
    for (const step of await region.locator('li[data-step]').all()) {
      const parts = numbers(await step.locator('ul > li > span').allTextContents());
      const [count] = numbers(await step.locator('p > span').allTextContents());
      if (before !== null) assert.equal(parts.reduce((sum, part) => sum + part, before), count, await step.textContent());
      before = count;
    }
    assert.ok(before > 1000, `${before} changes count`);
    await region.getByRole('button', { name: /not shipped/i }).click();
    await region.getByRole('list', { name: 'Facts left out' }).getByRole('link').first().waitFor();
    await close();
  });
}
