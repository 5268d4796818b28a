// Follows ../clients.md to a server that runs the documents of a manifest alone.
// LOADLINE_PROGRAM is the program.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const text = readFileSync(join(import.meta.dirname, '..', 'clients.md'), 'utf8');

test('an application runs by its manifest, and nothing else does', async (t) => {
  // Beside this file, where the packages are found.
  const folder = mkdtempSync(join(import.meta.dirname, '.snippet-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (fence, name, change = (snippet) => snippet) => {
    const [, snippet] = new RegExp(`^\`\`\`${fence}\n(.*?)^\`\`\`$`, 'ms').exec(text);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), change(snippet));
  };
  write('js src/projects.js', 'src/projects.js');
  await run(process.execPath, [join(import.meta.dirname, 'node_modules', '.bin', 'generate-persisted-query-manifest')], { cwd: folder });

  const server = spawn(process.env['LOADLINE_PROGRAM'] ?? 'loadline', [
    'serve', '--introspection=false', '--documents', 'persisted-query-manifest.json', '--listen', '127.0.0.1:0', '--offline',
  ], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(server, 'exit');
  t.after(async () => {
    server.kill('SIGTERM');
    await ended;
  });
  let address;
  for await (const line of createInterface(server.stderr)) {
    address = /msg=serving url=(http:\S+)/.exec(line)?.[1];
    if (address) break;
  }
  assert.ok(address, 'it does not serve');
  server.stderr.resume();

  write('js manifest', 'main.mjs', (snippet) => snippet.replace('http://127.0.0.1:8080', address));
  const { stdout } = await run(process.execPath, ['main.mjs'], { cwd: folder, timeout: 60_000 });
  assert.equal(stdout, '0\n');

  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ projects(first: 1) { totalCount } }' }),
  });
  assert.equal((await response.json()).errors[0].extensions.code, 'QUERY_NOT_IN_SAFELIST');
});
