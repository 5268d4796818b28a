import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

import { address, componentOf, large, seed, upload, webshop } from './api.mjs';
import { barriers, launch, open, screenshot, settled, squeezed } from './browser.mjs';
import { pagesOf } from './pages.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  await seed();
  await upload('e2e', '1 & only', webshop());
  browser = await launch();
});
after(() => browser?.close());

const pages = pagesOf('e2e', '1 & only');

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  for (const [name, path, sign] of pages) {
    test(`${name}, ${colorScheme}: no barrier, no complaint, nothing from elsewhere`, async () => {
      const { page, context, complaints } = await open(browser, colorScheme);
      await page.goto(address + await path());
      await page.getByRole('main').getByText(sign).first().waitFor();
      await settled(page);
      assert.deepEqual(await barriers(page), []);
      assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
      await screenshot(page, `${name}-${colorScheme}`);
      await page.setViewportSize({ width: 390, height: 800 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling on a narrow screen');
      assert.deepEqual(await squeezed(page), []);
      await screenshot(page, `${name}-narrow-${colorScheme}`);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }
}

test('the first load of each page is under 250 kB of compressed script', async () => {
  const sizes = [];
  for (const [name, path] of pages) {
    const { page, context } = await open(browser);
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    /** @type {Set<string>} */
    const scripts = new Set();
    let bytes = 0;
    session.on('Network.responseReceived', ({ requestId, response }) => { if (response.mimeType.includes('javascript')) scripts.add(requestId); });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (scripts.has(requestId)) bytes += encodedDataLength; });
    await page.goto(address + await path());
    await page.getByRole('heading', { level: 1 }).waitFor();
    await settled(page);
    sizes.push([name, bytes]);
    await context.close();
  }
  console.log(sizes.map(([name, bytes]) => `${name} ${Math.round(Number(bytes) / 1000)} kB`).join(', '));
  for (const [name, bytes] of sizes) {
    assert.ok(Number(bytes) > 50_000, `${name}: ${bytes} bytes; were they counted?`);
    assert.ok(Number(bytes) < 250_000, `${name}: ${bytes} bytes`);
  }
});

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
  await page.keyboard.press('/');
  await page.keyboard.type('CVE-2021-44228');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /CVE-2021-44228/ }).waitFor();
  await context.close();
});

test('the chosen colours stay', async () => {
  const { page, context } = await open(browser, 'light');
  await page.goto(address);
  await page.getByRole('button', { name: /^Colours: As the system/ }).click();
  await page.getByRole('button', { name: /^Colours: Light/ }).click();
  await page.reload();
  await page.getByRole('button', { name: /^Colours: Dark/ }).waitFor();
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
  await context.close();
});

test('without projects it says how to bring one in', async () => {
  const { page, context, complaints } = await open(browser);
  const none = { __typename: 'ProjectConnection', totalCount: 0, edges: [], pageInfo: { __typename: 'PageInfo', hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } };
  await page.route('**/graphql', (route) => route.fulfill({ json: { data: { projects: none, sources: [] } } }));
  await page.goto(`${address}/projects`);
  await page.getByText('Nothing has been uploaded yet').waitFor();
  assert.ok((await page.locator('pre').first().textContent())?.includes(`${address}/api/v1/boms?`), 'the command names this server');
  await screenshot(page, 'empty');
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

test('a source that fails is named, with the age of what is shown', async () => {
  const { page, context, complaints } = await open(browser);
  const asOf = new Date(Date.now() - 3 * 3_600_000).toISOString();
  await page.route('**/graphql', async (route) => {
    const asked = route.request().postDataJSON()?.operationName;
    if (asked !== 'ReleaseCoverage') return route.fallback();
    const response = await route.fetch();
    const answer = await response.json();
    answer.data.release.findings.coverage = {
      __typename: 'FindingCoverage', components: 5, known: 3, complete: false,
      sources: [
        { __typename: 'SourceCoverage', source: 'OSV', state: 'STALE', components: 3, vulnerabilities: 0, asOf, reason: 'OSV does not answer' },
        { __typename: 'SourceCoverage', source: 'OSV', state: 'UNAVAILABLE', components: 2, vulnerabilities: 0, asOf: null, reason: 'OSV does not answer' },
      ],
    };
    return route.fulfill({ json: answer });
  });
  await page.goto(`${address}/release?project=e2e&version=1+%26+only`);
  await page.getByText('OSV not reachable: as of 3 h ago').waitFor();
  await page.getByText('About 2 of 5 components it is not known what affects them.').waitFor();
  await page.getByText('OSV unavailable').waitFor();
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'partial');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what no source covers is never shown as clean', async () => {
  const { page, context } = await open(browser);
  await page.goto(`${address}/release?project=e2e&version=1+%26+only&tab=components`);
  const row = page.getByRole('row').filter({ hasText: 'in-house' });
  await row.getByText('Not covered by OSV').waitFor();
  assert.equal(await row.getByText('None known').count(), 0);
  await context.close();
});

test('from an upload to its report, a decision and the way in', async () => {
  const { page, context, complaints } = await open(browser);
  await page.goto(`${address}/upload`);
  await page.getByLabel('Project', { exact: true }).fill('e2e');
  await page.getByLabel('Release', { exact: true }).fill('2 / walk');
  await page.locator('input[type=file]').setInputFiles({ name: 'bom.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(webshop())) });
  await page.getByRole('main').getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByText('5 components are in.').waitFor();
  await screenshot(page, 'uploaded');
  await page.getByRole('link', { name: 'Open the report' }).click();
  await page.getByRole('heading', { name: 'e2e 2 / walk' }).waitFor();

  const finding = page.getByRole('row').filter({ hasText: 'CVE-2021-44228' });
  await finding.getByRole('button', { name: /decide about CVE-2021-44228/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Not affected/).check();
  await dialog.getByLabel('Because').selectOption('CODE_NOT_REACHABLE');
  await dialog.getByLabel(/^Note/).fill('Lookups are switched off.');
  await dialog.getByLabel(/^Holds/).selectOption('RELEASE');
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'decide');
  await dialog.getByRole('button', { name: 'Decide' }).click();
  await dialog.waitFor({ state: 'detached' });
  await finding.getByText('Not affected').waitFor();
  await page.reload();
  await finding.getByText('Not affected').waitFor();
  await page.getByLabel('Decision', { exact: true }).selectOption('Asks for attention');
  await finding.waitFor({ state: 'detached' });
  assert.match(page.url(), /state=active/);
  await page.goBack();

  await page.goto(`${address}/component?id=${await componentOf('log4j-core', 'e2e', '2 / walk')}`);
  const picture = page.getByRole('region', { name: 'Picture of the ways to the component' });
  await picture.getByText('logging', { exact: true }).waitFor();
  assert.equal(await picture.locator('.place').count(), 5, 'the release, two direct dependencies, logging, log4j-core');
  assert.equal(await picture.locator('.line').count(), 5);
  await page.getByRole('list', { name: 'The shortest way from each direct dependency' }).getByRole('listitem').nth(1).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a release is exported with what affects it, by the keyboard', async () => {
  const { page, context, complaints } = await open(browser);
  await page.goto(`${address}/release?project=e2e&version=1+%26+only`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).press('Enter')]);
  const { bomFormat, specVersion, components, vulnerabilities } = JSON.parse(readFileSync(await download.path(), 'utf8'));
  assert.deepEqual([bomFormat, specVersion, components.length], ['CycloneDX', '1.6', 5]);
  assert.ok(vulnerabilities.some((/** @type {{ id: string }} */ { id }) => id === 'CVE-2021-44228'));
  const followed = page.getByRole('region', { name: 'Export' });
  await followed.getByRole('progressbar', { name: /^Export as CycloneDX/ }).waitFor();
  await followed.getByText('Done').waitFor();
  assert.equal(await followed.evaluate((region) => region.closest('[aria-live]')?.getAttribute('aria-live')), 'polite');
  const [again] = await Promise.all([page.waitForEvent('download'), followed.getByRole('link', { name: download.suggestedFilename() }).press('Enter')]);
  assert.equal(again.suggestedFilename(), download.suggestedFilename());
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'exported');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an export that fails says why', async () => {
  const { page, context } = await open(browser);
  /** @type {Record<string, unknown>} */
  let answer = { data: { exportBom: { __typename: 'ExportBomPayload', job: null, userErrors: [{ __typename: 'UserError', message: 'the Bom is not `READY`' }] } } };
  await page.route('**/graphql', (route) => (route.request().postDataJSON()?.operationName === 'ExportBom' ? route.fulfill({ json: answer }) : route.fallback()));
  /** @type {Promise<(state: string, error?: string) => void>} */
  const followed = new Promise((resolve) => {
    void page.routeWebSocket('**/graphql', (socket) => socket.onMessage((text) => {
      const { type, id, payload } = JSON.parse(String(text));
      if (type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }));
      if (payload?.operationName === 'ExportProgress') resolve((state, error) => socket.send(JSON.stringify({ type: 'next', id, payload: { data: { jobProgress: { __typename: 'Job', id: 'x', kind: 'EXPORT', state, stage: null, done: 1, total: 4, attempts: 1, maxAttempts: 3, error, export: null } } } })));
    }));
  });
  await page.goto(`${address}/release?project=e2e&version=1+%26+only`);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByText('The export was refused: the Bom is not `READY`').waitFor();
  answer = { data: { exportBom: { __typename: 'ExportBomPayload', job: { __typename: 'Job', id: 'x', kind: 'EXPORT', state: 'QUEUED', stage: null, done: 0, total: 0, attempts: 0, maxAttempts: 3, error: null }, userErrors: [] } } };
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByText('Accepted. Waiting for news…').waitFor();
  const report = await followed;
  report('RUNNING');
  await page.getByText('At work: 1 of 4').waitFor();
  report('FAILED', 'the disk is full');
  await page.getByRole('region', { name: 'Export' }).getByText('the disk is full').waitFor();
  assert.deepEqual(await barriers(page), []);
  await context.close();
});

test('a release that does not exist is not shown first', async () => {
  const { page, context } = await open(browser);
  /** @type {() => void} */
  let answer = () => undefined;
  const held = new Promise((/** @type {(value?: undefined) => void} */ resolve) => { answer = resolve; });
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON()?.operationName === 'Release') await held;
    return route.fallback();
  });
  const findings = page.waitForResponse((response) => response.request().postDataJSON()?.operationName === 'ReleaseFindings');
  await page.goto(`${address}/release?project=nobody&version=0`);
  await findings; // which did not wait
  await page.getByRole('heading', { name: 'nobody 0' }).waitFor();
  assert.equal(await page.getByRole('tab').count(), 0);
  answer();
  await page.getByText('There is no such release').waitFor();
  await context.close();
});

test('a decision that the server refuses is taken back', async () => {
  const { page, context } = await open(browser);
  await page.route('**/graphql', (route) => (route.request().postDataJSON()?.operationName === 'TriageFindings'
    ? route.fulfill({ json: { data: { triageFindings: { __typename: 'TriageFindingsPayload', findings: null, userErrors: [{ __typename: 'UserError', field: ['input'], message: 'not today', code: 'INVALID' }] } } } })
    : route.fallback()));
  await page.goto(`${address}/release?project=e2e&version=1+%26+only`);
  await page.getByRole('button', { name: /decide about CVE-2021-44228/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('dialog').getByText('not today').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('row').filter({ hasText: 'CVE-2021-44228' }).getByText('Open').waitFor();
  await context.close();
});

test('a document that is refused says why', async () => {
  const { page, context } = await open(browser);
  await page.goto(`${address}/upload`);
  await page.getByLabel('Project', { exact: true }).fill('e2e');
  await page.getByLabel('Release', { exact: true }).fill('3');
  await page.locator('input[type=file]').setInputFiles({ name: 'bom.json', mimeType: 'application/json', buffer: Buffer.from('{"bomFormat":') });
  await page.getByRole('main').getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByText('The document was refused, and nothing has changed.').waitFor();
  await screenshot(page, 'refused');
  await context.close();
});

/** The folder of public documents beside the repository, where there is one. */
function publicDocuments() {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'shared', 'data', 'sboms', 'public');
    if (existsSync(found)) return found;
  }
  return undefined;
}

const shared = publicDocuments();
for (const name of ['juice-shop-11.1.2.cdx.json', 'image-python-debian11.cdx.json', 'bat-0.12.1.Cargo.lock']) {
  test(`a real document: ${name}`, { skip: shared ? false : 'shared/data/sboms/public is not beside the repository' }, async () => {
    const { page, context, complaints } = await open(browser);
    page.setDefaultTimeout(60_000);
    await page.goto(`${address}/upload?project=public`);
    await page.getByLabel('Release', { exact: true }).fill(name);
    await page.locator('input[type=file]').setInputFiles(join(shared ?? '', name));
    await page.getByRole('main').getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByRole('link', { name: 'Open the report' }).click();
    await page.getByRole('tab', { name: /Components/ }).click();
    await page.locator('table[aria-label=Components] tbody tr[data-index]').first().waitFor();
    await page.locator('table[aria-label=Components] a.row-link').first().click();
    await page.getByRole('heading', { name: 'How it gets in' }).waitFor();
    await screenshot(page, `public-${name}`);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('a release of 5,000 components', async () => {
  await upload('large', '1', large(5000));
  const { page, context, complaints } = await open(browser);
  page.setDefaultTimeout(60_000);
  await page.addInitScript(() => {
    const { performance } = globalThis;
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) /** @type {any} */ (globalThis).busyUntil = Math.max(/** @type {any} */ (globalThis).busyUntil ?? 0, startTime + duration);
    }).observe({ type: 'longtask', buffered: true });
    new MutationObserver((_, observer) => {
      if (!document.querySelector('table[aria-label=Components] tbody tr[data-index]')) return;
      performance.mark('rows');
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  for (const visit of ['cold', 'warm']) {
    await page.goto(`${address}/release?project=large&version=1&tab=components`);
    await page.getByText('5,000 components loaded').waitFor({ state: 'attached' });
    const { rows, busy, paint } = await page.evaluate(() => ({
      rows: performance.getEntriesByName('rows')[0]?.startTime ?? 0,
      busy: /** @type {any} */ (globalThis).busyUntil ?? 0,
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    }));
    const all = await page.evaluate(() => performance.now());
    console.log(`5,000 components, ${visit}: first paint ${Math.round(paint)} ms, rows to read and press ${Math.round(rows)} ms, all loaded ${Math.round(all)} ms, last long task ended ${Math.round(busy)} ms`);
  }
  const size = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 800 });
  assert.deepEqual(await squeezed(page), []);
  if (size) await page.setViewportSize(size);
  const drawn = await page.locator('table[aria-label=Components] tbody tr[data-index]').count();
  assert.ok(drawn < 100, `${drawn} rows are in the page`);
  const began = performance.now();
  await page.getByLabel('Filter components').fill('lodash');
  await page.getByText('1 of 5,000').waitFor();
  console.log(`filtered after ${Math.round(performance.now() - began)} ms, 250 of them waiting for more letters`);
  await page.getByRole('rowheader', { name: /lodash/ }).getByRole('link').click();
  const picture = page.getByRole('region', { name: 'Picture of the ways to the component' });
  await picture.locator('.folded').first().waitFor();
  const places = await picture.locator('.place').count();
  assert.ok(places > 5 && places < 60, `${places} places are drawn`);
  await screenshot(page, 'large-paths');
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(complaints, []);
  await context.close();
});
