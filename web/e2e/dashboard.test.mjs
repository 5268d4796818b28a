import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { address, launch, open, screenshot, seed } from './browser.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  await seed();
  browser = await launch();
});
after(() => browser?.close());

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`the overview lists projects and sources, ${colorScheme}`, async () => {
    const { page, context, complaints } = await open(browser, colorScheme);
    await page.goto(address);
    await page.getByRole('table', { name: 'Projects' }).getByRole('rowheader', { name: 'shop-frontend' }).waitFor();
    assert.equal(await page.locator('.tile .health').count(), 4);
    await screenshot(page, `overview-${colorScheme}`);
    await page.setViewportSize({ width: 390, height: 800 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
    await screenshot(page, `overview-narrow-${colorScheme}`);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('the keyboard skips to the content and reaches the pages', async () => {
  const { page, context } = await open(browser);
  await page.goto(address);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  await page.getByRole('link', { name: 'Sources', exact: true }).press('Enter');
  await page.waitForURL(`${address}/sources`);
  await page.getByRole('heading', { name: 'Sources' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main', 'the focus is on the new page');
  assert.equal(await page.title(), 'Sources · Loadline');
  await context.close();
});

test('without projects it says how to bring one in', async () => {
  const { page, context, complaints } = await open(browser);
  const none = { __typename: 'ProjectConnection', totalCount: 0, edges: [], pageInfo: { __typename: 'PageInfo', hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } };
  await page.route('**/graphql', (route) => route.fulfill({ json: { data: { projects: none, sources: [] } } }));
  await page.goto(`${address}/projects`);
  await page.getByText('Nothing has been uploaded yet').waitFor();
  assert.ok((await page.locator('pre').first().textContent())?.includes(`${address}/api/v1/boms?`), 'the command names this server');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a failure says what failed, and can be tried again', async () => {
  const { page, context } = await open(browser);
  let failing = true;
  await page.route('**/graphql', (route) => (failing ? route.fulfill({ status: 503, json: { errors: [{ message: 'the database is closed' }] } }) : route.fallback()));
  await page.goto(`${address}/projects`);
  await page.getByText('The projects could not be read').waitFor();
  await screenshot(page, 'failure');
  failing = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('table', { name: 'Projects' }).waitFor();
  await context.close();
});

test('an upload is followed to its report', async () => {
  const { page, context, complaints } = await open(browser);
  await page.goto(`${address}/upload`);
  await page.getByLabel('Project', { exact: true }).fill('e2e');
  await page.getByLabel('Release', { exact: true }).fill('1 & only');
  const bom = { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [{ type: 'library', name: 'lodash', version: '4.17.20', purl: 'pkg:npm/lodash@4.17.20' }] };
  await page.locator('input[type=file]').setInputFiles({ name: 'bom.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(bom)) });
  await page.getByRole('main').getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByText('1 components are in.').waitFor();
  await page.getByRole('link', { name: 'Open the report' }).click();
  await page.getByRole('heading', { name: 'e2e 1 & only' }).waitFor();
  await page.getByRole('tab', { name: /Components/ }).click();
  await page.getByRole('rowheader', { name: /lodash/ }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a document that is refused says why', async () => {
  const { page, context } = await open(browser);
  await page.goto(`${address}/upload`);
  await page.getByLabel('Project', { exact: true }).fill('e2e');
  await page.getByLabel('Release', { exact: true }).fill('2');
  await page.locator('input[type=file]').setInputFiles({ name: 'bom.json', mimeType: 'application/json', buffer: Buffer.from('{"bomFormat":') });
  await page.getByRole('main').getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByText('The document was refused, and nothing has changed.').waitFor();
  await screenshot(page, 'refused');
  await context.close();
});
