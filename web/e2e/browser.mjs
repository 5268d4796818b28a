import { setTimeout } from 'node:timers/promises';

import { chromium } from 'playwright-core';

/** Where the server under test is. */
export const address = process.env['LOADLINE_URL'] ?? 'http://127.0.0.1:8080';

/** Uploads the release that the first example asks for, where the server has none, and waits until it is ready. */
export async function seed() {
  const query = '{ release(project: "shop-frontend", version: "2.4.0") { bom { id } } }';
  const asked = async () => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data } = /** @type {any} */ (await response.json());
    return data.release?.bom;
  };
  if (await asked()) return;

  const components = [['lodash', '4.17.20'], ['minimist', '1.2.5'], ['express', '4.17.1']].map(([name, version]) => (
    { type: 'library', name, version, purl: `pkg:npm/${name}@${version}` }
  ));
  const uploaded = await fetch(`${address}/api/v1/boms?project=shop-frontend&release=2.4.0`, {
    method: 'PUT',
    body: JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components }),
  });
  if (!uploaded.ok) throw new Error(`the upload was answered ${uploaded.status}: ${await uploaded.text()}`);
  for (let tries = 0; !await asked(); tries++) {
    if (tries === 100) throw new Error('the upload is not ready after 10 s');
    await setTimeout(100);
  }
}

/** Starts a browser with a profile of its own that talks to nobody by itself. */
export function launch() {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}

/**
 * Opens a page in a fresh profile. `complaints` collects what must stay empty:
 * console errors and warnings, exceptions, and requests to anywhere else.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {'light' | 'dark'} [colorScheme]
 */
export async function open(browser, colorScheme = 'light') {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'UTC' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  /** @type {string[]} */
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== new URL(address).origin) complaints.push(`request: ${url.href}`);
  });
  return { context, page, complaints };
}

/**
 * Keeps a screenshot, if SCREENSHOTS names a folder for them.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name
 */
export async function screenshot(page, name) {
  const folder = process.env['SCREENSHOTS'];
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
