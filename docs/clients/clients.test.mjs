// Runs the snippets of ../clients.md, and graphql-http's audits, against the
// server at LOADLINE_URL, which is one of `loadline demo`.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { serverAudits } from 'graphql-http';

const run = promisify(execFile);
const address = process.env['LOADLINE_URL'] ?? 'http://127.0.0.1:8080';

for (const audit of serverAudits({ url: `${address}/graphql`, fetchFn: fetch })) {
  test(`audit ${audit.id}: ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', result.reason);
  });
}

const text = readFileSync(join(import.meta.dirname, '..', 'clients.md'), 'utf8');
const snippets = [...text.matchAll(/^```(js|sh)\n(.*?)^```$/gms)];
assert.ok(snippets.length >= 8, 'the snippets are not found');
let heading = 0;
for (const [, language, source, ] of snippets) {
  test(`snippet ${++heading}, ${language}`, async () => {
    const here = (source ?? '').replaceAll('http://127.0.0.1:8080', address).replaceAll('ws://127.0.0.1:8080', address.replace('http', 'ws'));
    // Beside this file, where the packages are found.
    const dir = mkdtempSync(join(language === 'js' ? import.meta.dirname : tmpdir(), '.snippet-'));
    try {
      const file = join(dir, language === 'js' ? 'snippet.mjs' : 'snippet.sh');
      const lead = language === 'js' ? "import WebSocket from 'ws';\nglobalThis.WebSocket ??= WebSocket;\n" : 'set -e\n';
      writeFileSync(file, lead + here);
      const { stdout } = await run(language === 'js' ? process.execPath : 'bash', [file], { cwd: dir, timeout: 60_000 });
      assert.notEqual(stdout.trim(), '', 'it prints nothing');
      if (language === 'sh') assert.equal(JSON.parse(stdout).errors, undefined, stdout);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
}
