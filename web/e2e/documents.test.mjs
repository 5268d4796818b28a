// What the dashboard sends: hashes of its documents, never their text, so that it
// also works beside a server that runs known documents alone and hides its schema.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { componentOf, manifest, shelf, upload } from './api.mjs';
import { launch, open } from './browser.mjs';
import { serve } from './server.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

for (const flags of [[], ['--documents', manifest, '--introspection=false']]) {
  test(`no document goes over the wire to loadline serve ${flags.length > 0 ? '--documents … --introspection=false' : ''}`, async (t) => {
    const server = await serve();
    t.after(server.stop);
    await upload('e2e', '1 & only', shelf, server.address);
    const component = await componentOf('left-shelf', 'e2e', '1 & only', server.address);
    await server.restart(...flags);
    const { page, context, complaints } = await open(browser, 'light', server.address);
    /** @type {string[]} */
    const sent = [];
    page.on('request', (request) => { if (request.url().includes('/graphql')) sent.push(`${request.url()} ${request.postData() ?? ''}`); });
    // A request with a file in it does not show its text to the test: its operation is noted as it is written.
    await page.exposeFunction('noteOperation', (/** @type {string} */ text) => sent.push(text));
    await page.addInitScript(() => {
      const { append } = FormData.prototype;
      FormData.prototype.append = function note(/** @type {any[]} */ ...args) {
        if (args[0] === 'operations') /** @type {any} */ (globalThis).noteOperation(args[1]);
        /** @type {any} */ (append).apply(this, args);
      };
    });
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));

    for (const [path, sign] of /** @type {const} */ ([
      ['/', 'Fix first'], ['/projects', 'e2e'], ['/project?name=e2e', '1 & only'], ['/release?project=e2e&version=1+%26+only', 'CVE-2099-10001'],
      ['/release?project=e2e&version=1+%26+only&tab=components', 'left-shelf'], [`/component?id=${component}`, 'How it gets in'],
      ['/vulnerability?id=CVE-2099-10001', 'Where it hits us'], ['/package?purl=pkg%3Anpm%2Fleft-shelf', 'Where we use it'],
      ['/jobs', 'Ingest a document'], ['/sources', 'deps.dev'], ['/notifications', 'Nobody is told yet'],
    ])) {
      await page.goto(server.address + path);
      await page.getByRole('main').getByText(sign).first().waitFor();
    }
    await page.goto(`${server.address}/upload?project=e2e`);
    await page.getByLabel('Release', { exact: true }).fill('2');
    await page.locator('input[type=file]').setInputFiles({ name: 'bom.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(shelf)) });
    await page.getByRole('main').getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByText('1 component is in.').waitFor();

    assert.ok(sent.some((text) => text.includes('UploadBom')) && sent.some((text) => text.includes('UploadProgress')), 'a mutation and a subscription were sent too');
    assert.ok(sent.filter((text) => text.includes('sha256Hash')).length > 10);
    assert.deepEqual(sent.filter((text) => /\{\s*__typename|fragment |mutation[ (]|query[ (]|subscription[ (]/.test(text)), []);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('a page that is not of the version of its server shows what it asks for', async (t) => {
  const server = await serve();
  t.after(server.stop);
  await upload('e2e', '1', shelf, server.address);
  const { page, context } = await open(browser, 'light', server.address);
  await page.route('**/graphql', (route) => {
    const text = route.request().postData() ?? '';
    return route.continue({ postData: text.includes('"query"') ? text : text.replace(/"sha256Hash":"[0-9a-f]{64}"/, `"sha256Hash":"${'0'.repeat(64)}"`) });
  });
  for (const [path, sign] of /** @type {const} */ ([['/release?project=e2e&version=1', 'CVE-2099-10001'], ['/vulnerability?id=CVE-2099-10001', 'Where it hits us'], ['/jobs', 'Ingest a document']])) {
    await page.goto(server.address + path);
    await page.getByRole('main').getByText(sign).first().waitFor();
  }
  await context.close();
});
