// Every page by the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { address, componentOf, seed, upload, webshop } from './api.mjs';
import { launch, open, settled } from './browser.mjs';
import { focused, walk } from './keyboard.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  await seed();
  await upload('keys', '1', webshop());
  browser = await launch();
});
after(() => browser?.close());

/** Every page with what shows that it is there. */
const pages = /** @type {const} */ ([
  ['overview', () => '/', 'Fix first'],
  ['projects', () => '/projects', 'Projects'],
  ['project', () => '/project?name=shop-frontend', 'shop-frontend'],
  ['release', () => '/release?project=keys&version=1', 'CVE-2021-44228'],
  ['components', () => '/release?project=keys&version=1&tab=components', 'in-house'],
  ['document', () => '/release?project=keys&version=1&tab=document', 'SHA-256'],
  ['component', async () => `/component?id=${await componentOf('log4j-core', 'keys', '1')}`, 'How it gets in'],
  ['vulnerability', () => '/vulnerability?id=CVE-2021-44228', 'Where it hits us'],
  ['package', () => '/package?purl=pkg%3Anpm%2Flodash', 'Where we use it'],
  ['upload', () => '/upload', 'Drop a document here'],
  ['jobs', () => '/jobs', 'Ingest a document'],
  ['sources', () => '/sources', 'deps.dev'],
  ['notifications', () => '/notifications', 'Nobody is told yet'],
  ['missing', () => '/release?project=nobody&version=0', 'There is no such release'],
]);

for (const [name, path, sign] of pages) {
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
