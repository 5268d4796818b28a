// Every page by the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { address, componentOf, large, seed, shelf, upload, webshop } from './api.mjs';
import { launch, open, settled } from './browser.mjs';
import { focused, walk } from './keyboard.mjs';
import { pagesOf } from './pages.mjs';
import { serve } from './server.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  await seed();
  await upload('keys', '1', webshop());
  browser = await launch();
});
after(() => browser?.close());

for (const [name, path, sign] of pagesOf('keys', '1')) {
  test(`${name}: Tab reaches everything in its order, and it is seen and named`, async () => {
    const { page, context } = await open(browser);
    await page.goto(address + await path());
    await page.getByRole('main').getByText(sign).first().waitFor();
    await settled(page);
    const { places, wrong } = await walk(page);
    assert.deepEqual(wrong, []);
    assert.match(places[0] ?? '', /Skip to the content$/);
    await page.keyboard.press('Enter'); // where the way back has ended
    assert.equal(await focused(page), 'main');
    const stops = await page.locator('main').locator('a, button, input, [tabindex="0"]').count();
    await page.keyboard.press('Tab');
    assert.ok(stops === 0 || await page.evaluate(() => document.activeElement?.closest('main')), 'the next stop is in the content');
    await context.close();
  });
}

test('another page has the focus at its start, also by going back', async () => {
  const { page, context } = await open(browser);
  await page.goto(address);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  for (const name of ['Projects', 'Jobs', 'Sources', 'Notifications', 'Overview']) {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).press('Enter');
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    assert.equal(await focused(page), 'main', name);
  }
  await page.goBack();
  await page.getByRole('heading', { name: 'Notifications', level: 1 }).waitFor();
  assert.equal(await focused(page), 'main');
  await context.close();
});

test('arrows go through tabs and choices, and Enter sorts', async () => {
  const { page, context } = await open(browser);
  await page.goto(`${address}/release?project=keys&version=1`);
  const tab = page.getByRole('tab', { selected: true });
  await page.getByRole('row').filter({ hasText: 'CVE-2021-44228' }).waitFor();
  await tab.focus();
  for (const [key, name] of /** @type {const} */ ([['ArrowRight', /^Components/], ['ArrowRight', /^Document/], ['ArrowRight', /^Findings/], ['End', /^Document/], ['Home', /^Findings/]])) {
    await page.keyboard.press(key);
    assert.match(await focused(page), name);
    assert.match((await tab.textContent()) ?? '', name);
    await page.getByRole('tabpanel', { name }).waitFor();
  }

  const choices = page.getByRole('radiogroup', { name: 'Show' });
  await choices.getByRole('radio', { name: 'All' }).focus();
  for (const name of ['Exploited', 'With a fix', 'Direct']) {
    await page.keyboard.press('ArrowRight');
    assert.equal(await focused(page), name);
  }
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await choices.getByRole('radio', { name: 'With a fix', checked: true }).waitFor();
  assert.match(page.url(), /only=fixable/);
  assert.equal(await focused(page), 'With a fix');

  const head = page.getByRole('columnheader', { name: 'EPSS' });
  await head.getByRole('button').focus();
  for (const [key, order] of /** @type {const} */ ([['Enter', 'descending'], ['Space', 'ascending']])) {
    await page.keyboard.press(key);
    await page.locator(`th[aria-sort=${order}]`, { hasText: 'EPSS' }).waitFor();
    assert.equal(await focused(page), 'EPSS');
  }

  await page.getByLabel('Severity', { exact: true }).focus();
  await page.keyboard.type('Low');
  await page.waitForURL(/severity=LOW/);
  await page.getByText('No finding passes these filters').waitFor();
  assert.equal(await focused(page), 'Severity');
  await context.close();
});

test('a dialog holds the focus, and gives it back', async () => {
  const { page, context } = await open(browser);
  const project = `decided ${process.pid}`; // about which nothing has been decided
  await upload(project, '1', webshop());
  await page.goto(`${address}/release?${new URLSearchParams({ project, version: '1' })}`);
  const dialog = page.getByRole('dialog');
  const decide = page.getByRole('button', { name: /decide about CVE-2021-45046/ });
  await decide.press('Enter');
  await dialog.getByRole('radio').first().waitFor();
  /** @type {Set<string>} */
  const stops = new Set();
  for (let stop = 0; stop < 20; stop++) {
    await page.keyboard.press('Tab');
    assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)), 'the focus stays in the dialog');
    stops.add(await page.evaluate(() => `${document.activeElement?.tagName} ${/** @type {HTMLInputElement} */ (document.activeElement).type}`));
  }
  for (const stop of ['INPUT radio', 'TEXTAREA textarea', 'INPUT text', 'SELECT select-one', 'INPUT checkbox', 'BUTTON submit', 'BUTTON button']) assert.ok(stops.has(stop), `${stop} is reached`);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement !== document.body);
  assert.match(await focused(page), /decide about CVE-2021-45046/);

  await page.keyboard.press('Enter');
  await dialog.getByRole('radio', { checked: true }).focus();
  await page.keyboard.press('ArrowDown');
  await dialog.getByRole('radio', { name: /^Affected/, checked: true }).waitFor();
  await page.keyboard.press('Enter'); // as in any form
  await dialog.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement !== document.body);
  assert.match(await focused(page), /^Affected.*decide about CVE-2021-45046/);
  await context.close();
});

test('what has the focus is not lost when it has done its work', async (t) => {
  const server = await serve();
  t.after(server.stop);
  await upload('e2e', '1', shelf, server.address);
  const { page, context } = await open(browser, 'light', server.address);
  const kept = async (/** @type {string} */ when) => assert.notEqual(await focused(page), '', when);

  await page.goto(`${server.address}/release?project=e2e&version=1`);
  const findings = page.getByRole('table', { name: 'Findings' });
  await page.getByRole('button', { name: 'Export' }).press('Enter');
  await page.getByRole('region', { name: 'Export' }).getByText('Done').waitFor();
  assert.equal(await focused(page), 'Export');
  await findings.getByRole('checkbox').first().press('Space');
  await page.getByRole('button', { name: 'Clear', exact: true }).press('Enter');
  await page.getByRole('region', { name: 'Chosen findings' }).waitFor({ state: 'detached' });
  await kept('the choice is cleared');

  await findings.getByRole('checkbox').first().press('Space');
  await page.getByRole('button', { name: 'Decide…' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Fixed/ }).press('Space');
  await dialog.getByRole('button', { name: 'Decide' }).press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement !== document.body); // it is given back in the next frame

  await page.goto(`${server.address}/notifications`);
  await page.getByRole('button', { name: 'New channel' }).press('Enter');
  await page.getByRole('button', { name: 'Cancel' }).press('Enter');
  await page.getByRole('button', { name: 'New channel' }).waitFor();
  assert.equal(await focused(page), 'New channel');
  await page.getByRole('button', { name: 'New channel' }).press('Enter');
  await page.keyboard.type('keys');
  await page.getByLabel('URL', { exact: true }).fill('https://example.com/hook');
  await page.getByRole('button', { name: 'Create' }).press('Enter');
  await page.getByRole('region', { name: 'Secret' }).waitFor();
  assert.equal(await focused(page), 'New channel');
  for (const [before, after] of /** @type {const} */ ([['Disable', 'Enable'], ['Enable', 'Disable']])) {
    await page.getByRole('button', { name: before }).press('Enter');
    await page.getByRole('button', { name: after }).waitFor();
    assert.equal(await focused(page), after);
  }

  await page.route('**/graphql', (route) => route.abort());
  await page.goto(`${server.address}/projects`);
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await page.getByRole('table', { name: 'Projects' }).waitFor();
  await kept('it was tried again');
  await context.close();
});

test('a job that is cancelled and tried again keeps the focus', async (t) => {
  const server = await serve();
  t.after(server.stop);
  await server.fault('osv=hang');
  await upload('e2e', '1', shelf, server.address);
  const { page, context } = await open(browser, 'light', server.address);
  await page.goto(`${server.address}/jobs`);
  const job = page.getByRole('listitem').filter({ hasText: 'Ask the sources again' }).filter({ has: page.getByRole('link', { name: 'e2e' }) });
  await job.getByRole('button', { name: 'Cancel' }).press('Enter');
  await job.getByText('Cancelled').waitFor();
  assert.match(await focused(page), /Ask the sources again/);
  await server.fault();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Try again');
  await page.keyboard.press('Enter');
  await job.getByText('Done').waitFor();
  assert.match(await focused(page), /Ask the sources again/);
  await context.close();
});

test('a long list is gone through row by row, and a large picture is unfolded', async () => {
  await upload('keys', 'large', large(400));
  const { page, context } = await open(browser);
  await page.goto(`${address}/release?project=keys&version=large&tab=components`);
  const rows = page.locator('table[aria-label=Components] tbody tr[data-index]');
  await rows.first().getByRole('link').focus();
  /** The row of the link that has the focus; -1 where it is not in sight. */
  const row = () => page.evaluate(() => {
    const link = document.activeElement;
    const { left, top, width, height } = link?.getBoundingClientRect() ?? new DOMRect();
    const seen = link?.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    return seen ? Number(link?.closest('tr')?.dataset['index'] ?? -1) : -1;
  });
  for (let index = 1; index <= 60; index++) {
    await page.keyboard.press('Tab');
    assert.equal(await row(), index);
  }
  for (let index = 59; index >= 0; index--) {
    await page.keyboard.press('Shift+Tab');
    assert.equal(await row(), index);
  }

  await page.goto(`${address}/component?id=${await componentOf('lodash', 'keys', 'large')}`);
  const folded = page.getByRole('region', { name: 'Picture of the ways to the component' }).locator('.folded');
  await folded.first().waitFor();
  for (let left = await folded.count(); left > 0; left = await folded.count()) {
    const before = await folded.first().textContent();
    await folded.first().press('Enter');
    await page.waitForFunction((text) => document.querySelector('.folded')?.textContent !== text, before);
    assert.notEqual(await focused(page), '', `after ${before}`);
  }
  await page.getByRole('button', { name: /^Show all/ }).press('Enter');
  await page.getByRole('button', { name: /^Show all/ }).waitFor({ state: 'detached' });
  assert.notEqual(await focused(page), '');
  await context.close();
});

test('a document is chosen, uploaded and followed to its report', async () => {
  const { page, context } = await open(browser);
  await page.goto(`${address}/upload`);
  await page.getByLabel('Project', { exact: true }).focus();
  await page.keyboard.type('keys');
  await page.keyboard.press('Tab');
  await page.keyboard.type('uploaded');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Drop a document here');
  await page.keyboard.press('Tab');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')]);
  await chooser.setFiles({ name: 'bom.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(shelf)) });
  await page.getByRole('button', { name: 'Choose another' }).waitFor();
  assert.equal(await focused(page), 'Choose another');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const report = page.getByRole('link', { name: 'Open the report' });
  await report.waitFor();
  assert.equal(await focused(page), 'Upload');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Open the report');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'keys uploaded' }).waitFor();
  assert.equal(await focused(page), 'main');
  await context.close();
});

test('the playground does not hold the focus in its editors', async () => {
  const { page, context } = await open(browser);
  await page.goto(`${address}/playground`);
  await page.getByRole('button', { name: /^Execute query/ }).waitFor();
  await page.getByText('ReleaseReport').first().waitFor();
  /** @type {string[]} */
  const stops = [];
  do {
    await page.keyboard.press('Tab');
    stops.push(await focused(page));
    assert.ok(stops.length < 60, `it does not end: ${stops.join(', ')}`);
  } while (stops.at(-1));
  for (const stop of [/^Execute query/, /^Variables/, /^Result Window/]) assert.ok(stops.some((name) => stop.test(name)), `${stop} is reached`);
  await context.close();
});
