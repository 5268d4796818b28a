import { chromium } from 'playwright-core';

/** Where the server under test is; it wants the projects of `loadline demo`. */
export const address = process.env['LOADLINE_URL'] ?? 'http://127.0.0.1:8080';

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
