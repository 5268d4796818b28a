// Makes the pictures in docs/, light and dark, of a demo that has just been started:
//
//	LOADLINE_URL=http://127.0.0.1:8080 npm run screenshots
//
// Where pngquant is installed, they are a third as large.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { address, ask, componentOf } from '../e2e/api.mjs';
import { launch, open, settled } from '../e2e/browser.mjs';

const folder = join(import.meta.dirname, '..', '..', 'docs');

// What affects everything is known once somebody has asked.
const { errors } = await ask('{ projects(first: 20) { nodes { releases(first: 5) { nodes { findings(first: 1) { coverage { components } } } } } } }');
if (errors) throw new Error(JSON.stringify(errors));
for (let counted = false; !counted; await setTimeout(500)) {
  const { data } = await ask('{ trend(days: 1) { active } findingCounts { active } }');
  counted = data.trend.at(-1)?.active === data.findingCounts.active;
}

/** The pictures: where they are taken, and what has to be there first. */
const pictures = /** @type {const} */ ([
  ['dashboard', '/', '297 of 298'],
  ['dashboard-release', '/release?project=shop-backend&version=1.8.1', '67 of 67'],
  ['dashboard-paths', `/component?id=${await componentOf('spring-beans', 'shop-backend', '1.8.1')}`, 'Only the shortest ways are drawn'],
  ['playground', '/playground', 'ReleaseReport'],
]);

const browser = await launch();
for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  for (const [name, path, sign] of pictures) {
    const { page, context } = await open(browser, colorScheme);
    await page.goto(address + path);
    await page.getByText(sign).first().waitFor();
    if (name === 'playground') {
      await page.locator('.graphiql-query-editor .view-line').first().waitFor();
      await page.getByRole('button', { name: /^Execute query/ }).click();
      await page.locator('.graphiql-response .view-line', { hasText: '"data"' }).waitFor();
      // The words of the question get their colours last.
      await page.waitForFunction(() => new Set([...document.querySelectorAll('.graphiql-query-editor .view-line span span')].map(({ className }) => className)).size > 6);
    }
    await settled(page);
    const file = join(folder, `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`);
    await page.screenshot({ path: file, animations: 'disabled' });
    try {
      execFileSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--output', file, '--', file]);
    } catch {
      console.log(`${file} is as the browser made it`);
    }
    await context.close();
  }
}
await browser.close();
