// Who is told of what is new: a channel from its creation to its end.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { shelf, upload } from './api.mjs';
import { barriers, launch, open, screenshot } from './browser.mjs';
import { serve } from './server.mjs';

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

/** Listens for webhooks, and answers them with `status`. */
async function listen() {
  const said = { status: 204, types: /** @type {string[]} */ ([]) };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => { body += part; });
    request.on('end', () => {
      assert.ok(request.headers['webhook-signature']);
      said.types.push(JSON.parse(body).type);
      response.writeHead(said.status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { said, url: `http://127.0.0.1:${port}/hook`, close: () => server.close() };
}

test('a channel is created, tested, switched off and on, changed, and deleted', async (t) => {
  const hook = await listen();
  t.after(hook.close);
  const server = await serve('--allow-private-webhooks');
  t.after(server.stop);
  await upload('e2e', '1', shelf, server.address);
  const { page, context, complaints } = await open(browser, 'light', server.address);
  await page.goto(`${server.address}/notifications`);
  await page.getByText('Nobody is told yet').waitFor();

  await page.getByRole('button', { name: 'New channel' }).press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('id')), await page.getByLabel('Name', { exact: true }).getAttribute('id'), 'the focus is in the form');
  await page.keyboard.type('on call');
  await page.getByLabel('URL', { exact: true }).fill('gopher://example.com');
  await page.getByLabel('known to be exploited').check();
  await page.getByLabel('At least this severe').selectOption('HIGH');
  await page.getByLabel('EPSS of at least, in percent').fill('2.5');
  await page.getByLabel('Only these projects').fill('nobody');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('There is no project “nobody”.').waitFor();
  await page.getByLabel('Only these projects').fill('e2e');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.locator('.field', { hasText: 'URL' }).getByRole('alert').waitFor();
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'channel-form');
  await page.getByLabel('URL', { exact: true }).fill(hook.url);
  await page.getByLabel('URL', { exact: true }).press('Enter');

  await page.getByRole('region', { name: 'Secret' }).getByText(/^whsec_/).waitFor();
  const channel = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'on call' }) });
  await channel.getByText('Told of new findings, at once; high or worse; known to be exploited; EPSS of 2.5% or more; in e2e.').waitFor();
  await channel.getByText('Enabled').waitFor();
  assert.deepEqual(await barriers(page), []);

  await channel.getByRole('button', { name: 'Send a test' }).click();
  await channel.getByText('The test was delivered: answered 204.').waitFor();
  assert.deepEqual(hook.said.types, ['test']);
  await channel.getByRole('button', { name: 'Messages' }).click();
  const log = channel.getByRole('list', { name: 'Messages to on call' });
  await log.getByText('Delivered').waitFor();
  hook.said.status = 500;
  await channel.getByRole('button', { name: 'Send a test' }).click();
  await channel.getByText('The test was not delivered').waitFor();
  await log.getByText('Given up').waitFor();
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'channels');

  await channel.getByRole('button', { name: 'Disable' }).click();
  await channel.getByText('Disabled').waitFor();
  await page.reload();
  await channel.getByText('Disabled').waitFor();
  await channel.getByRole('button', { name: 'Enable' }).click();
  await channel.getByText('Enabled').waitFor();

  await channel.getByRole('button', { name: 'Change on call' }).press('Enter');
  const form = page.getByRole('region', { name: 'Change on call' });
  assert.deepEqual(await barriers(page), []);
  await screenshot(page, 'channel-change');
  await form.getByRole('button', { name: 'Cancel' }).press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Change on call', 'the focus is back');
  await page.keyboard.press('Enter');
  await form.getByLabel('EPSS of at least, in percent').fill('');
  await form.getByLabel('known to be exploited').uncheck();
  await form.getByLabel('Sign with a new secret').check();
  await form.getByLabel('URL', { exact: true }).fill('gopher://example.com');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.locator('.field', { hasText: 'URL' }).getByRole('alert').waitFor();
  await form.getByLabel('URL', { exact: true }).fill('');
  await form.getByRole('button', { name: 'Save' }).click();
  await channel.getByText('Told of new findings, at once; high or worse; in e2e.').waitFor();
  await channel.getByRole('region', { name: 'Secret' }).getByText(/^whsec_/).waitFor();
  hook.said.status = 204;
  await channel.getByRole('button', { name: 'Send a test' }).click();
  await channel.getByText('The test was delivered: answered 204.').waitFor();

  await channel.getByRole('button', { name: 'Delete on call' }).press('Enter');
  await page.keyboard.press('Enter'); // "Keep" has the focus
  await channel.getByRole('button', { name: 'Delete on call' }).press('Enter');
  await channel.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
  await page.getByText('Nobody is told yet').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an address that the server does not call is refused', async (t) => {
  const server = await serve();
  t.after(server.stop);
  const { page, context } = await open(browser, 'dark', server.address);
  await page.goto(`${server.address}/notifications`);
  await page.getByRole('button', { name: 'New channel' }).click();
  await page.getByLabel('Name', { exact: true }).fill('here');
  await page.getByLabel('URL', { exact: true }).fill('http://127.0.0.1:9/hook');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.locator('.field', { hasText: 'URL' }).getByRole('alert').waitFor();
  assert.deepEqual(await barriers(page), []);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Nobody is told yet').waitFor();
  await context.close();
});
