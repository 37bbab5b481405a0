// Browser tests of verdicts, limits and benchmarks.
import assert from 'node:assert/strict';
import { open, settled, violations } from './browser.mjs';

const overview = { role: 'heading', name: 'Executive overview' };
const application = { role: 'heading', name: 'Payments API' };
const plain = (text) => text.replaceAll(/\s+/g, ' ');

/** What the pages say of differences; env gives the browser and the address. */
export function judgedTests(test, env) {
  const start = (path, ready, options = {}) => open(env.browser, env.base, path, { ready, ...options });

  test('judged: every difference has a shape and a word', async () => {
    const { page, close } = await start('/w/demo/overview', overview);
    await page.getByRole('button', { name: 'How this sentence is made' }).click();
    await settled(page);
    const said = await page.locator('[data-reading]').evaluateAll((all) =>
      all.map((e) => ({ reading: e.dataset.reading, shape: Boolean(e.querySelector('svg path')), word: e.querySelector('span[aria-hidden]').textContent })),
    );
    assert.ok(said.length > 40, `${said.length} differences`);
    const words = { better: /better$/, worse: /worse$/, higher: /higher$/, lower: /lower$/, unclear: /^no clear change$/, few: /^too few weeks$/, undefined: /^not comparable$/ };
    for (const { reading, shape, word } of said) assert.ok(shape && words[reading].test(word), `${reading}: "${word}"`);
    assert.deepEqual(await violations(page), []);
    await close();
  });

  test('judged: the charts draw the limits that the API answers, and say what was found', async () => {
    const { page, close } = await start('/w/demo/overview', overview);
    const { control } = await page.evaluate(async () => (await fetch('/api/v1/overview?workspace=demo&from=180d')).json());
    const lead = control.change_lead_time;
    assert.equal(lead.state, 'firm');
    assert.ok(lead.points.length <= 500 && lead.points.filter((p) => p.use === 'judged').length === lead.judged);
    const figure = page.getByRole('figure', { name: 'Change lead time' });
    assert.match(plain(await figure.innerText()), new RegExp(`Limits from ${lead.baseline.weeks} weeks`));
    assert.match(await figure.locator('desc').textContent(), /Limits from 2\d weeks/);
    await figure.getByRole('button', { name: 'View as table' }).click();
    await figure.getByRole('columnheader', { name: 'Signal' }).waitFor();
    const head = await figure.getByRole('columnheader').allInnerTexts();
    assert.deepEqual(head.slice(-3), ['Lower limit', 'Upper limit', 'Signal']);
    const signals = (await figure.getByRole('row').allInnerTexts()).filter((row) => /outside the limits|the level has moved/.test(row));
    assert.equal(signals.length, new Set(lead.signals.map((s) => s.at)).size);
    await close();
  });

  test('judged: a figure that is too young says so', async () => {
    const { page, close } = await start('/w/demo/applications/payments-api?range=2025-12-01..2026-01-31&grain=week', application);
    await page.getByText(/No limits: /).first().waitFor();
    const verdicts = await page.locator('[data-reading="few"]').count();
    assert.ok(verdicts > 0, 'too few weeks');
    await close();
  });

  test('judged: benchmarks carry their evidence, and can be switched off', async () => {
    const { page, close } = await start('/w/demo/applications/payments-api?range=180d&grain=week', application);
    const tile = page.getByRole('article', { name: 'Change lead time' });
    assert.match(await tile.innerText(), /DORA 2023: /);
    await tile.getByRole('button', { name: 'Explain Change lead time' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^(Between|In) the top .+ of answers$/).waitFor();
    assert.match(plain(await dialog.innerText()), /DORA 2025: 4 867 respondents/);
    assert.match(plain(await dialog.innerText()), /as published: elite; as others quote it in agreement: high, medium, low/);
    assert.deepEqual(await violations(page), []);
    await page.goto(`${env.base}/w/demo/applications/payments-api?range=180d&grain=week&bench=none`);
    await tile.getByText(/n\s=/).waitFor();
    await settled(page);
    assert.doesNotMatch(await page.locator('main').innerText(), /DORA 20\d\d/);
    await page.goto(`${env.base}/w/demo/applications/payments-api?range=180d&grain=week&bench=dora-2025`);
    await tile.getByText(/of answers$/).waitFor();
    await settled(page);
    const rework = await page.getByRole('article', { name: 'Rework rate' }).innerText();
    assert.doesNotMatch(rework, /of answers/);
    await close();
  });
}
