// Browser tests of suggestions: an admin has files read, accepts and dismisses.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, overflow, violations } from './browser.mjs';
import { serve } from './program.mjs';

const page = { path: '/w/demo/suggestions', ready: { role: 'heading', name: 'Suggestions' } };

export const suggestionPages = {
  suggestions: { ...page, named: [['button', 'Copy command'], ['combobox', 'Kind'], ['combobox', 'Status']] },
};

/** What two repositories say: of one application two owners, a tier and a capability that is not there yet. */
const files = [
  { repository: 'github.com/acme/shop', commit: 'c0ffee1234567890', path: 'catalog-info.yaml', text: 'kind: Component\nmetadata: {name: shop, labels: {acme.example/tier: "2"}}\nspec: {owner: group:red, system: sales}\n' },
  { repository: 'github.com/acme/teams', commit: '', path: 'catalog-info.yaml', text: 'kind: Component\nmetadata: {name: shop}\nspec: {owner: blue}\n' },
];

export function suggestionTests(test, site) {
  test('suggestions: an ownership cell of data quality leads to them, and a viewer is told how to get some', async () => {
    const { page, close } = await open(site.browser, site.base, '/w/demo/connectors?tab=quality&sel=carbon-report:ownership', { ready: { role: 'dialog', name: 'Carbon report: Ownership' } });
    await page.getByRole('link', { name: 'See what repositories suggest' }).click();
    await page.waitForURL(/suggestions\?.*aspect=owner/);
    await page.getByText('No suggestion fits the filters').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByText('evenkeel catalogue suggest .').waitFor();
    await close();
  });

  test('suggestions: an admin accepts one, dismisses one and opens it again, by keyboard alone', async () => {
    const server = await serve();
    const [, link, address] = server.found;
    const file = join(server.data, 'evenkeel.yaml');
    writeFileSync(file, 'groups:\n  - {slug: old, name: Old team}\napplications:\n  - {slug: shop, name: Shop, group: old}\n');
    server.run('apply', '-f', file);
    const { page, complaints, close } = await open(site.browser, address, link.slice(address.length), { ready: { role: 'heading', name: 'Executive overview' } });
    const read = await page.evaluate(async (all) => {
      const { csrf_token: token } = await (await fetch('/api/v1/session')).json();
      const answers = [];
      for (const { repository, commit, ...one } of all) {
        const body = JSON.stringify({ repository, ...(commit && { commit }), files: [one] });
        answers.push(await (await fetch('/api/v1/suggestions?workspace=default', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token }, body })).json());
      }
      return answers;
    }, files);
    assert.deepEqual(read.map(({ problems }) => problems), [[], []]);
    await page.goto(`${address}/w/default/applications`);
    await page.getByRole('link', { name: 'Suggestions from repositories' }).click();
    const shop = page.getByRole('region', { name: 'Shop', exact: true });
    const owner = shop.getByRole('group', { name: 'Owner' });
    await owner.getByText('Today: Old team').waitFor();
    await owner.getByText('Sources disagree').waitFor();
    await owner.getByRole('link', { name: 'github.com/acme/shop · catalog-info.yaml:3 @ c0ffee1234' }).waitFor();
    assert.deepEqual(await violations(page), []);

    const press = (button, key = 'Enter') => button.and(page.locator(':enabled')).press(key);
    await press(owner.getByRole('button', { name: 'Accept: Owner of Shop: red' }));
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Makes the group red').waitFor();
    await dialog.getByText('Takes the place of Old team, which holds today').waitFor();
    assert.match(await dialog.getByLabel('The owner owns from').inputValue(), /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(await violations(page), []);
    await press(dialog.getByRole('button', { name: 'Accept', exact: true }));
    await page.getByText('One suggestion was accepted.').waitFor();
    await owner.getByText('Today: red').waitFor();
    const catalogue = await page.evaluate(async () => (await fetch('/api/v1/applications/shop?workspace=default')).json());
    assert.equal(catalogue.group.slug, 'red');

    await press(shop.getByRole('button', { name: 'Dismiss: Tier of Shop: Tier 2' }), 'Space');
    await page.getByText('One suggestion was dismissed.').waitFor();
    await shop.getByRole('group', { name: 'Tier' }).waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.id.startsWith('suggestion'));
    await page.getByRole('combobox', { name: 'Status' }).selectOption({ label: 'Dismissed' });
    await page.waitForURL(/status=dismissed/);
    await press(page.getByRole('button', { name: 'Reopen: Tier of Shop: Tier 2' }));
    await page.getByText('One suggestion is open again.').waitFor();

    await page.goto(`${address}/w/default/suggestions`);
    await press(page.getByRole('button', { name: 'Accept the 4 shown that nobody contradicts' }));
    await dialog.getByText('4 suggestions for 1 application').waitFor();
    await dialog.getByText('2 are guesses').waitFor(); // That the repositories are its own.
    await dialog.getByText('Makes the capability sales').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    assert.ok((await overflow(page)) <= 0, `${await overflow(page)} px too wide`);
    assert.deepEqual(await violations(page), []);
    await press(dialog.getByRole('button', { name: 'Accept 4' }));
    await page.getByText('4 suggestions were accepted.').waitFor();
    assert.deepEqual(complaints, []);
    await close();
    await server.stop();
  });
}
