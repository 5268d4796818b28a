// Answers that come in parts: what is known here is on the page while a source
// has yet to say the rest.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask, manifest, shelf, upload } from './api.mjs';
import { barriers, launch, open, screenshot } from './browser.mjs';
import { serve } from './server.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/**
 * Starts a server that asks the sources only when somebody wants to know, and has
 * it find out what affects the uploaded release.
 *
 * @param {import('node:test').TestContext} t
 */
async function served(t) {
  const server = await serve('--refresh-every=0');
  t.after(server.stop);
  await upload('e2e', '1', shelf, server.address);
  const { data } = await ask('{ release(project: "e2e", version: "1") { components(first: 1) { nodes { findings { id } } } } }', {}, server.address);
  assert.ok(data.release.components.nodes[0].findings.length > 0);
  return server;
}

for (const flags of [[], ['--documents', manifest, '--introspection=false']]) {
  test(`a vulnerability is shown while EPSS hangs ${flags[0] ?? ''}`, async (t) => {
    const server = await served(t);
    if (flags.length > 0) await server.restart('--refresh-every=0', ...flags);
    const { page, context, complaints } = await open(browser, 'light', server.address);
    // The scripts are loaded first: what hangs is waited for a few seconds alone.
    await page.goto(`${server.address}/vulnerability?id=CVE-2099-99999`);
    await page.getByText('No source has a record of it').waitFor();
    await server.fault('epss=hang');
    await page.keyboard.press('/');
    await page.keyboard.insertText('CVE-2099-10001');
    await page.keyboard.press('Enter');
    const tile = page.locator('.tile', { hasText: 'Exploited in the next 30 days' });
    await tile.getByText('asking EPSS…').waitFor();
    await page.getByText('Prototype pollution in left-shelf').first().waitFor();
    await page.getByRole('table', { name: 'Where it hits us' }).getByRole('link', { name: 'e2e 1' }).waitFor();
    await page.getByRole('link', { name: 'GHSA-22cc-33ff-44gg' }).waitFor();
    await tile.getByText('asking EPSS…').waitFor();

    await server.fault();
    await tile.getByText('%', { exact: false }).first().waitFor();
    await page.locator('.tile', { hasText: 'Known exploited' }).getByText('Yes').waitFor();
    assert.equal(await page.getByText(/asking/).count(), 0);

    await server.fault('epss=hang');
    await page.goto(`${server.address}/vulnerability?id=CVE-2099-10002`);
    await tile.getByText('asking EPSS…').waitFor();
    assert.deepEqual(await barriers(page), []);
    await screenshot(page, 'deferred');
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('a source that fails is named where its facts would be, and the rest is there', async (t) => {
  const server = await served(t);
  await server.fault('epss=503');
  const { page, context, complaints } = await open(browser, 'light', server.address);
  await page.goto(`${server.address}/vulnerability?id=CVE-2099-10001`);
  await page.locator('.tile', { hasText: 'Exploited in the next 30 days' }).getByText('EPSS unavailable').waitFor();
  await page.locator('.doubts').getByText('EPSS unavailable').waitFor();
  await page.locator('.tile', { hasText: 'Known exploited' }).getByText('Yes').waitFor();
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a part that is lost is named and can be asked for again', async (t) => {
  const server = await served(t);
  const { page, context } = await open(browser, 'light', server.address);
  let failing = true;
  await page.route('**/graphql', async (route) => {
    if (!failing || route.request().postDataJSON()?.operationName !== 'Vulnerability') return route.fallback();
    const response = await route.fetch();
    const parts = await response.text();
    const lost = JSON.stringify({ incremental: [{ data: null, path: ['vulnerability'], errors: [{ message: 'internal error' }] }], hasNext: false });
    assert.match(parts, /^\{"incremental".*$/m);
    return route.fulfill({ response, body: parts.replace(/^\{"incremental".*$/m, lost) });
  });
  await page.goto(`${server.address}/vulnerability?id=CVE-2099-10001`);
  await page.getByText('Not all of it could be read').waitFor();
  await page.locator('.tile', { hasText: 'Known exploited' }).getByText('Not known').waitFor();
  failing = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.tile', { hasText: 'Known exploited' }).getByText('Yes').waitFor();
  assert.equal(await page.getByText('Not all of it could be read').count(), 0);
  await context.close();
});
