import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { address, ask, seed } from './api.mjs';
import { launch, open, screenshot } from './browser.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  await seed();
  browser = await launch();
});
after(() => browser?.close());

/** @param {'light' | 'dark'} [colorScheme] */
async function openPlayground(colorScheme) {
  const opened = await open(browser, colorScheme);
  await opened.page.goto(`${address}/playground`);
  await ready(opened.page);
  return opened;
}

/** @param {Page} page */
async function ready(page) {
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.locator('.graphiql-container .graphiql-response').waitFor();
}

/**
 * The text of one of GraphiQL's editors; it keeps Monaco in a global.
 *
 * @param {Page} page
 * @param {'operation.graphql' | 'variables.json' | 'request-headers.json' | 'response.json'} editor
 * @returns {Promise<string>}
 */
function read(page, editor) {
  return page.evaluate((editor) => {
    const { __MONACO: monaco } = /** @type {any} */ (globalThis);
    return monaco.editor.getModels().find((/** @type {any} */ model) => model.uri.path.endsWith(editor))?.getValue() ?? '';
  }, editor);
}

/**
 * @param {Page} page
 * @param {'operation.graphql' | 'variables.json' | 'request-headers.json'} editor
 * @param {string} text
 */
async function write(page, editor, text) {
  await page.evaluate(({ editor, text }) => {
    const { __MONACO: monaco } = /** @type {any} */ (globalThis);
    monaco.editor.getModels().find((/** @type {any} */ model) => model.uri.path.endsWith(editor)).setValue(text);
  }, { editor, text });
  await page.waitForTimeout(300); // GraphiQL takes changes over with a delay of 100 ms
}

/**
 * Runs the operation of the active tab and waits until it has ended.
 *
 * @param {Page} page
 */
async function run(page) {
  await page.getByRole('button', { name: /^Execute/ }).click();
  await page.locator('.graphiql-response .graphiql-spinner').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Execute/ }).waitFor();
  await page.waitForFunction(() => {
    const { __MONACO: monaco } = /** @type {any} */ (globalThis);
    return monaco.editor.getModels().find((/** @type {any} */ model) => model.uri.path.endsWith('response.json'))?.getValue();
  });
  return JSON.parse(await read(page, 'response.json'));
}

/**
 * @param {Page} page
 * @param {string} title
 */
async function changeTab(page, title) {
  await page.getByRole('tab', { name: new RegExp(`^${title}`) }).click();
  await page.waitForTimeout(300);
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`the question answers on the first visit, ${colorScheme}`, async () => {
    const { page, context, complaints } = await openPlayground(colorScheme);
    const { data, errors } = await run(page);
    assert.equal(errors, undefined);
    assert.equal(data.project.release.version, '2.4.0');
    assert.ok(data.project.release.components.nodes.length > 0, 'components');
    await page.locator(colorScheme === 'dark' ? '.monaco-editor.vs-dark' : '.monaco-editor.vs').first().waitFor();
    await screenshot(page, `playground-${colorScheme}`);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('each example runs without errors', async () => {
  const { page, context, complaints } = await openPlayground();
  const titles = (await page.getByRole('tab').allInnerTexts()).map((title) => title.trim());
  assert.deepEqual(titles, [
    'ReleaseReport', 'WhereDoWeUse', 'WhatDoesItHit', 'ProjectsAndReleases', 'UploadBom', 'FollowJob', 'Sources',
  ]);
  for (const title of titles.filter((title) => title !== 'FollowJob')) {
    await changeTab(page, title);
    const { data, errors } = await run(page);
    assert.equal(errors, undefined, title);
    assert.ok(data, title);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a job is followed over WebSocket, with the headers', async () => {
  const { page, context, complaints } = await openPlayground();
  /** @type {any[]} */
  const sent = [];
  /** @type {any[]} */
  const received = [];
  const completed = new Promise((resolve, reject) => {
    page.once('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => sent.push(JSON.parse(String(payload))));
      socket.on('framereceived', ({ payload }) => {
        received.push(JSON.parse(String(payload)));
        if (received.at(-1).type === 'complete') resolve(socket.url());
      });
      socket.on('close', () => reject(new Error('the socket closed before the subscription was complete')));
    });
  });

  await changeTab(page, 'UploadBom');
  const { data } = await run(page);
  assert.deepEqual(data.ingestBom.userErrors, []);

  await changeTab(page, 'FollowJob');
  await write(page, 'variables.json', JSON.stringify({ id: data.ingestBom.job.id }));
  await page.getByRole('button', { name: 'Headers' }).click();
  await write(page, 'request-headers.json', '{"x-e2e": "over the socket"}');
  await page.getByRole('button', { name: /^Execute/ }).click();

  assert.equal(await completed, `${address.replace('http', 'ws')}/graphql`);
  assert.equal(sent[0].type, 'connection_init');
  assert.equal(sent[0].payload['x-e2e'], 'over the socket');
  const states = received.filter(({ type }) => type === 'next').map(({ payload }) => payload.data.jobProgress.state);
  assert.equal(states.at(-1), 'SUCCEEDED');
  await page.waitForFunction(() => document.querySelector('.graphiql-response')?.textContent?.includes('SUCCEEDED'));
  await screenshot(page, 'playground-subscription');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('headers are sent, and still there after a reload', async () => {
  const { page, context, complaints } = await openPlayground();
  await changeTab(page, 'Sources');
  await page.getByRole('button', { name: 'Headers' }).click();
  await write(page, 'request-headers.json', '{"x-e2e": "a header"}');
  const [request] = await Promise.all([page.waitForRequest(/\/graphql$/), run(page)]);
  assert.equal(request.headers()['x-e2e'], 'a header');
  assert.match(request.headers()['accept'] ?? '', /multipart\/mixed/, 'asks for incremental delivery');

  await page.waitForTimeout(800); // GraphiQL stores tabs with a delay of 500 ms
  await page.reload();
  await ready(page);
  assert.equal(await read(page, 'request-headers.json'), '{"x-e2e": "a header"}');
  assert.match(await read(page, 'operation.graphql'), /query Sources/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('deferred parts are merged into the answer', async () => {
  const { page, context, complaints } = await openPlayground();
  await write(page, 'variables.json', '');
  await write(page, 'operation.graphql', `query Deferred {
    projects(first: 1) { nodes { id ... @defer { releases(first: 1) { totalCount } } } }
  }`);
  const [response] = await Promise.all([page.waitForResponse(/\/graphql$/), run(page)]);
  assert.match(response.headers()['content-type'] ?? '', /^multipart\/mixed/);
  await page.waitForFunction(() => document.querySelector('.graphiql-response')?.textContent?.includes('totalCount'));
  const { data, errors } = JSON.parse(await read(page, 'response.json'));
  assert.equal(errors, undefined);
  assert.equal(typeof data.projects.nodes[0].releases.totalCount, 'number');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a waterfall shows when what ran', async () => {
  // What is in memory is asked for by no batch: a write has the project read again.
  const { data } = await ask('{ project(name: "shop-frontend") { id tags } }');
  await ask('mutation($id: ID!, $tags: [String!]!) { tagProject(input: { id: $id, tags: $tags }) { userErrors { message } } }', data.project);
  const { page, context, complaints } = await openPlayground();
  const { extensions } = await run(page);
  assert.equal(extensions.trace, undefined, 'the trace is drawn, not printed');
  assert.match(await page.locator('.waterfall summary').innerText(), /^Trace: [\d.]+ ms, \d+ batches, \d+ calls to sources$/);
  assert.ok(await page.locator('.waterfall tr[data-kind="field"]').count() > 1, 'resolvers are drawn');
  assert.ok(await page.locator('.waterfall tr[data-kind="batch"]').count() > 1, 'batches are drawn');
  await screenshot(page, 'playground-waterfall');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('documentation, history and completion', async () => {
  const { page, context, complaints } = await openPlayground();
  await run(page);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.locator('.graphiql-doc-explorer').getByRole('link', { name: 'Query' }).click();
  await page.getByText('Loadline answers one question').waitFor();
  await screenshot(page, 'playground-documentation');
  await page.getByRole('button', { name: 'Show History' }).click();
  await page.locator('.graphiql-history-item').first().waitFor();

  await changeTab(page, 'Sources');
  await write(page, 'operation.graphql', 'query Completed { sourc }');
  await page.locator('.graphiql-query-editor .view-line').first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Control+Space');
  await page.locator('.suggest-widget .monaco-list-row').filter({ hasText: 'sources' }).first().waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the editors follow the system from light to dark', async () => {
  const { page, context, complaints } = await openPlayground('light');
  await page.locator('.monaco-editor.vs').first().waitFor();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('.monaco-editor.vs-dark').first().waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});
