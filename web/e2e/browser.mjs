import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';

import { address } from './api.mjs';

/** @typedef {import('playwright-core').Page} Page */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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
export async function open(browser, colorScheme = 'light', at = address) {
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
    if (url.protocol.startsWith('http') && url.origin !== new URL(at).origin) complaints.push(`request: ${url.href}`);
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

/**
 * What axe finds wrong with the page as it is now.
 *
 * @param {Page} page
 */
export async function barriers(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe } = /** @type {any} */ (globalThis);
    return (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })).violations;
  });
  return found.map((/** @type {any} */ { id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map((/** @type {any} */ node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
}

/**
 * The tables whose heads run into each other, or whose columns leave room; those
 * that only screen readers read have no looks.
 *
 * @param {Page} page
 */
export function squeezed(page) {
  return page.evaluate(() => [...document.querySelectorAll('table:not(.hidden)')].filter((table) => {
    const heads = [...table.querySelectorAll('thead th')].filter((head) => head.clientWidth > 0);
    const padding = 12;
    const room = table.clientWidth - heads.reduce((sum, head) => sum + head.getBoundingClientRect().width, 0);
    return heads.length > 0 && (room > 2 || heads.some((head) => head.scrollWidth > head.clientWidth + padding));
  }).map((table) => table.getAttribute('aria-label') ?? table.textContent?.slice(0, 80)));
}

/**
 * Waits until nothing is a skeleton any more.
 *
 * @param {Page} page
 */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelectorAll('.bone').length === 0);
}
