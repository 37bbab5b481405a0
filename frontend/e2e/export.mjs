// Browser tests of files and badges that leave the product.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { open } from './browser.mjs';

const application = { path: '/w/demo/applications/payments-api', ready: { role: 'heading', name: 'Payments API' } };

export function exportTests(test, site) {
  test('the series of an application is a file with its definitions', async () => {
    const { page, complaints, close } = await open(site.browser, site.base, application.path, { ready: application.ready });
    await page.locator('main').getByRole('button', { name: /export.*figures|figures.*export/i }).first().click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem').first().click()]);
    const text = readFileSync(await download.path(), 'utf8');
    assert.match(download.suggestedFilename(), /^evenkeel-[a-z]+\.csv$/);
    assert.match(text, /^# table: /);
    assert.match(text, /# column lead_time_seconds \(seconds\): How long a change takes/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test('a badge shows a figure of an application to whoever has its address', async () => {
    const { page, close } = await open(site.browser, site.base, application.path, { ready: application.ready });
    await page.getByRole('button', { name: 'Badge' }).click();
    const picture = page.getByRole('dialog').getByRole('img', { name: /lead time 90 d/ });
    await picture.waitFor();
    const answer = await fetch(new URL(await picture.getAttribute('src'), site.base));
    assert.match(answer.headers.get('content-type'), /^image\/svg\+xml/);
    assert.match(await answer.text(), /<title id="t">lead time 90 d: [0-9.]+ h</);
    await close();
  });
}
