// Pages that are open while what they show changes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { shelf, upload } from './api.mjs';
import { barriers, launch, open, settled } from './browser.mjs';
import { serve } from './server.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The shelf's package and n others. */
const shelves = (/** @type {number} */ n) => ({
  ...shelf,
  components: [...shelf.components, ...Array.from({ length: n }, (_, index) => ({ type: 'library', name: `part-${index}`, version: '1.0.0', purl: `pkg:npm/part-${index}@1.0.0` }))],
});

/**
 * Notes from now on whether the page or one of its tables is ever away.
 *
 * @param {import('playwright-core').Page} page
 */
async function watch(page) {
  await page.evaluate(() => {
    const tables = document.querySelectorAll('tbody tr[data-index]').length > 0;
    new MutationObserver(() => {
      const gone = !document.querySelector('h1') || (tables && !document.querySelector('tbody tr[data-index]'));
      if (gone) /** @type {any} */ (globalThis).flickered = true;
    }).observe(document, { childList: true, subtree: true });
    /** @type {any} */ (globalThis).stayed = true;
  });
}

/** @param {import('playwright-core').Page} page */
const seen = (page) => page.evaluate(() => ({ flickered: Boolean(/** @type {any} */ (globalThis).flickered), stayed: Boolean(/** @type {any} */ (globalThis).stayed), at: scrollY, focus: document.activeElement?.closest('tr')?.dataset['index'] }));

test('a release that is open shows the next document, and stays where it was', async () => {
  await upload('open', '1', shelves(150), server.address);
  const { page, context, complaints } = await open(browser, 'light', server.address);
  await page.goto(`${server.address}/release?project=open&version=1&tab=components`);
  await page.getByText('151 components loaded').waitFor({ state: 'attached' });
  await settled(page);
  await page.evaluate(() => scrollTo(0, 3000));
  await page.locator('tr[data-index="60"] a.row-link').evaluate((link) => /** @type {HTMLElement} */ (link).focus({ preventScroll: true }));
  await watch(page);
  const before = await seen(page);

  await upload('open', '1', shelves(160), server.address);
  await page.locator('table[aria-label=Components][aria-rowcount="162"]').waitFor();
  await page.getByRole('tab', { name: 'Components 161' }).waitFor();
  await page.getByRole('status').filter({ hasText: /^Brought up to date: \d+ findings? in 161 components\.$/ }).waitFor({ state: 'attached' });
  assert.deepEqual(await seen(page), before, 'no jump, no flicker, no reload');

  await page.getByRole('tab', { name: /Findings/ }).click();
  await page.getByRole('link', { name: 'CVE-2099-10001' }).waitFor();
  await watch(page);
  await upload('open', '1', { ...shelf, components: [{ ...shelf.components[0], version: '1.2.3', purl: 'pkg:npm/left-shelf@1.2.3' }] }, server.address);
  await page.getByRole('link', { name: 'CVE-2099-10001' }).waitFor({ state: 'detached' });
  await page.getByRole('tab', { name: 'Components 1', exact: true }).waitFor();
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a project that is open shows the next release', async () => {
  await upload('grows', '1', shelf, server.address);
  const { page, context, complaints } = await open(browser, 'light', server.address);
  await page.goto(`${server.address}/project?name=grows`);
  await page.getByRole('link', { name: '1', exact: true }).waitFor();
  await watch(page);
  await upload('grows', '2', shelves(4), server.address);
  await page.getByRole('link', { name: '2', exact: true }).waitFor();
  await page.getByRole('status').filter({ hasText: 'Brought up to date: 2 releases, the last with 5 components.' }).waitFor({ state: 'attached' });
  assert.deepEqual(await seen(page), { flickered: false, stayed: true, at: 0, focus: undefined });
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});
