// Browser tests of the value stream and of who owned what.
import assert from 'node:assert/strict';
import { open } from './browser.mjs';

const stream = { path: '/w/demo/value-stream', ready: { role: 'heading', name: 'Longest waits' } };

export const flowPages = {
  'value stream': {
    ...stream,
    named: [['article', 'Flow efficiency'], ['article', 'Wait for CI'], ['figure', 'Every change'], ['table', 'Longest waits'], ['table', 'Oldest work in progress'], ['heading', 'Changes written with the help of a model']],
  },
  'value stream of a team': { path: '/w/demo/value-stream?group=payments', ready: { role: 'heading', name: 'Longest waits' }, named: [['combobox', 'Team']] },
  capabilities: { path: '/w/demo/groups?by=capability', ready: { role: 'link', name: 'Get paid' }, named: [['link', 'Move goods']] },
  capability: { path: '/w/demo/capabilities/get-paid', ready: { role: 'heading', name: 'Get paid' }, named: [['article', 'Change fail rate']] },
};

export function flowTests(test, site) {
  test('a change of the value stream leads to its fact', async () => {
    const { page, close } = await open(site.browser, site.base, stream.path, { ready: stream.ready });
    await page.getByRole('table', { name: 'Longest waits' }).getByRole('link').first().click();
    await page.getByRole('dialog').waitFor();
    await page.waitForURL(/\/events\?sel=[0-9a-f]{20}/);
    await close();
  });

  test('figures of a team follow who owned what, or who owns it today', async () => {
    const { page, close } = await open(site.browser, site.base, '/w/demo/groups/tracking?range=365d', { ready: { role: 'heading', name: 'Tracking' } });
    const tile = page.getByRole('article', { name: 'Deployment frequency' });
    const then = await tile.textContent();
    await page.getByRole('button', { name: 'Today’s' }).click();
    await page.getByText('All of the past counts for the team that owns the application today.').waitFor();
    await page.waitForFunction(([name, before]) => [...document.querySelectorAll('article')].some((one) => one.textContent.includes(name) && one.textContent !== before), ['Deployment frequency', then]);
    const counted = async (ownership) => {
      const answer = await fetch(`${site.base}/api/v1/metrics/dora?workspace=demo&group=tracking&from=365d&ownership=${ownership}`);
      return (await answer.json()).deployment_frequency.deployments;
    };
    assert.ok((await counted('today')) > (await counted('then')), 'an application was taken over within the year');
    assert.match(page.url(), /ownership=today/);
    await close();
  });
}
