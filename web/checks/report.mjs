// Measures how soon the report of a large release can be read and pressed:
//
//	npm run measure                                     5,000 components, cold and warm, also with a processor a quarter as fast
//	npm run measure -- --components 30000 --network fast3g
//	npm run measure -- --document FILE --advisories DIR    a real document, with what a mirror knows of it
//
// Cold is a browser with an empty profile and a server that has just started; warm
// is the same browser once more. The figures are medians, in milliseconds since
// the navigation began. docs/performance.md says what they mean.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { upload } from '../e2e/api.mjs';
import { launch } from '../e2e/browser.mjs';
import { serve } from '../e2e/server.mjs';

const { values: options } = parseArgs({
  options: {
    components: { type: 'string', default: '5000' },
    document: { type: 'string' },
    advisories: { type: 'string' },
    runs: { type: 'string', default: '5' },
    slowdowns: { type: 'string', default: '1,4' },
    network: { type: 'string', default: 'none' },
    tabs: { type: 'string', default: 'findings,components' },
  },
});

/** What the browser's own tools call these networks. */
const networks = {
  none: undefined,
  fast3g: { offline: false, latency: 562.5, downloadThroughput: 1.44e6 / 8, uploadThroughput: 675e3 / 8 },
};
const network = networks[/** @type {keyof typeof networks} */ (options.network)];
if (options.network !== 'none' && !network) throw new Error(`--network ${options.network}: give one of ${Object.keys(networks).join(', ')}`);

/** A document of n components, of which 300 are affected by what the stand-in for the sources knows. */
function made(/** @type {number} */ n) {
  return JSON.stringify({
    bomFormat: 'CycloneDX', specVersion: '1.6', version: 1,
    components: Array.from({ length: n }, (_, index) => {
      const [name, version] = index % Math.ceil(n / 300) === 0 ? ['left-shelf', `1.0.${index}`] : [`part-${index}`, `1.${index % 7}.0`];
      return { type: 'library', name, version, purl: `pkg:npm/${name}@${version}`, licenses: [{ license: { id: 'MIT' } }] };
    }),
  });
}

/** Runs in the page before its own scripts, and notes what the browser says of it. */
function observe() {
  const noted = { largest: 0, tasks: /** @type {[number, number][]} */ ([]) };
  Object.assign(globalThis, { noted });
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) noted.largest = startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) noted.tasks.push([startTime, duration]);
  }).observe({ type: 'longtask', buffered: true });
  const until = (/** @type {string} */ mark, /** @type {string} */ sign) => new MutationObserver((_, observer) => {
    if (!document.querySelector(sign)) return;
    observer.disconnect();
    performance.mark(mark);
    // The frame that shows it has been drawn when the one after it begins.
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark(`${mark} drawn`)));
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-sort'] });
  until('heading', 'main h1');
  until('rows', 'table tbody tr[data-index] a');
  until('answer', 'th[aria-sort=ascending]');
}

/**
 * Waits until the browser is idle: with each window it starts pages of its own,
 * which cost as much as the report, and which no reader waits for.
 *
 * @param {import('playwright-core').Browser} browser
 */
async function idle(browser) {
  const session = await browser.newBrowserCDPSession();
  const used = async () => (await session.send('SystemInfo.getProcessInfo')).processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  let before;
  let now = await used();
  do {
    before = now;
    await setTimeout(500);
    now = await used();
  } while (now - before > 0.02);
  await session.detach();
}

/**
 * Opens the report and presses the head of a column as soon as there are rows.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} address
 * @param {number} slowdown
 */
async function visit(browser, context, address, slowdown) {
  const page = await context.newPage();
  await idle(browser);
  page.setDefaultTimeout(120_000);
  await page.addInitScript(observe);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  if (slowdown > 1) await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  if (network) await session.send('Network.emulateNetworkConditions', network);
  const count = { requests: 0, script: 0 };
  /** @type {Set<string>} */
  const scripts = new Set();
  session.on('Network.responseReceived', ({ requestId, response }) => { if (response.mimeType.includes('javascript')) scripts.add(requestId); });
  session.on('Network.requestWillBeSent', () => { count.requests++; });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (scripts.has(requestId)) count.script += encodedDataLength; });

  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => performance.getEntriesByName('rows').length > 0);
  const before = count.requests;
  await page.locator('th button', { hasText: 'Component' }).click();
  await page.waitForFunction(() => performance.getEntriesByName('answer drawn').length > 0);
  // Until the processor has been free for a second.
  await page.waitForFunction(() => {
    const last = /** @type {any} */ (globalThis).noted.tasks.at(-1) ?? [0, 0];
    return performance.now() - last[0] - last[1] > 1000;
  }, undefined, { polling: 200 });
  const times = await page.evaluate(() => {
    const { largest, tasks } = /** @type {{ largest: number, tasks: [number, number][] }} */ (/** @type {any} */ (globalThis).noted);
    const at = (/** @type {string} */ name) => performance.getEntriesByName(name)[0]?.startTime ?? NaN;
    const paint = at('first-contentful-paint');
    const rows = at('rows drawn');
    const before = tasks.filter(([start]) => start < rows);
    const busy = before.at(-1);
    return {
      'first byte': performance.getEntriesByType('navigation').map((entry) => /** @type {PerformanceNavigationTiming} */ (entry).responseStart)[0] ?? NaN,
      'first paint': paint,
      heading: at('heading drawn'),
      'largest paint': largest,
      rows,
      interactive: Math.max(rows, busy ? busy[0] + busy[1] : 0),
      'press answered': at('answer drawn'),
      blocked: before.filter(([start]) => start >= paint).reduce((sum, [, duration]) => sum + duration - 50, 0),
      'blocked later': tasks.filter(([start]) => start >= rows).reduce((sum, [, duration]) => sum + duration - 50, 0),
      'longest task': Math.max(0, ...tasks.map(([, duration]) => duration)),
    };
  });
  await page.close();
  return { ...times, requests: before, 'script kB': count.script / 1000 };
}

const median = (/** @type {number[]} */ values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

const server = await serve(...(options.advisories ? ['--advisories', options.advisories] : []));
try {
  const document = options.document ? readFileSync(options.document, 'utf8') : made(Number(options.components));
  await upload('measured', '1', document, server.address);
  /** @type {Record<string, Record<string, number>>} */
  const table = {};
  for (const slowdown of options.slowdowns.split(',').map(Number)) {
    for (const tab of options.tabs.split(',')) {
      /** @type {Record<string, Record<string, number>[]>} */
      const runs = { cold: [], warm: [] };
      for (let run = 0; run < Number(options.runs); run++) {
        await server.restart(...(options.advisories ? ['--advisories', options.advisories] : []));
        const browser = await launch();
        try {
          const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
          for (const taken of Object.values(runs)) taken.push(await visit(browser, context, `${server.address}/release?project=measured&version=1&tab=${tab}`, slowdown));
        } finally {
          await browser.close();
        }
      }
      for (const [kind, taken] of Object.entries(runs)) {
        table[`${tab}, ${kind}, processor / ${slowdown}`] = Object.fromEntries(Object.keys(taken[0] ?? {}).map((figure) => [figure, Math.round(median(taken.map((run) => run[figure] ?? NaN)))]));
      }
    }
  }
  for (const [name, figures] of Object.entries(table)) console.log(`${name}: ${Object.entries(figures).map(([figure, value]) => `${figure} ${value}`).join(', ')}`);
} finally {
  await server.stop();
}
