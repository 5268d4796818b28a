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
  test(`projects and sources are listed, ${colorScheme}`, async () => {
    const { page, context, complaints } = await open(browser, colorScheme);
    await page.goto(address);
    await page.getByRole('table', { name: 'Projects' }).getByRole('rowheader', { name: 'shop-frontend' }).waitFor();
    assert.equal(await page.locator('#sources li').count(), 4);
    assert.ok((await page.locator('pre').first().textContent())?.includes(`${address}/api/v1/boms?`), 'the command names this server');
    await screenshot(page, `home-${colorScheme}`);
    await page.setViewportSize({ width: 390, height: 800 });
    await screenshot(page, `home-narrow-${colorScheme}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('the keyboard reaches the playground', async () => {
  const { page, context } = await open(browser);
  await page.goto(address);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${address}/playground`);
  await context.close();
});

test('without projects it says how to bring one in', async () => {
  const { page, context, complaints } = await open(browser);
  await page.route('**/graphql', (route) => route.fulfill({ json: { data: { projects: { totalCount: 0, nodes: [] }, sources: [] } } }));
  await page.goto(address);
  await page.getByText('None yet.').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a failure says what failed, and can be tried again', async () => {
  const { page, context } = await open(browser);
  await page.route('**/graphql', (route) => route.fulfill({ status: 503, json: { errors: [{ message: 'the database is closed' }] } }), { times: 1 });
  await page.goto(address);
  await page.getByText('The projects could not be read: the database is closed.').waitFor();
  await screenshot(page, 'home-failure');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('table', { name: 'Projects' }).waitFor();
  await context.close();
});
