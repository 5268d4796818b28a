// Runs the snippets of ../clients.md, and graphql-http's audits, against the
// server at LOADLINE_URL, which is one of `loadline demo`.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { buildSchema } from 'graphql';
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
assert.ok(snippets.length >= 11, 'the snippets are not found');
let heading = 0;
// One folder for all of those, as somebody has who follows the text.
const shell = mkdtempSync(join(tmpdir(), 'snippets-'));
after(() => rmSync(shell, { recursive: true }));
for (const [, language, source, ] of snippets) {
  test(`snippet ${++heading}, ${language}`, async () => {
    const here = (source ?? '').replaceAll('http://127.0.0.1:8080', address).replaceAll('ws://127.0.0.1:8080', address.replace('http', 'ws'));
    // Beside this file, where the packages are found.
    const dir = language === 'js' ? mkdtempSync(join(import.meta.dirname, '.snippet-')) : shell;
    try {
      const file = join(dir, language === 'js' ? 'snippet.mjs' : 'snippet.sh');
      // What the text says of Node 20.
      const lead = language === 'js' ? "import WebSocket from 'ws';\nglobalThis.WebSocket ??= WebSocket;\n" : 'set -e\n';
      writeFileSync(file, lead + here);
      const { stdout } = await run(language === 'js' ? process.execPath : 'bash', [file], { cwd: dir, timeout: 60_000 });
      assert.notEqual(stdout.trim(), '', 'it prints nothing');
      assert.doesNotMatch(stdout, /"errors"/);
      if (here.includes('jobProgress')) assert.match(stdout, /\bSUCCEEDED\b/);
    } finally {
      if (dir !== shell) rmSync(dir, { recursive: true });
    }
  });
}

test('the possible types are those of the schema', () => {
  const schema = buildSchema(readFileSync(join(import.meta.dirname, '..', '..', 'schema.graphqls'), 'utf8'));
  const [, named] = /possibleTypes: \{ Node: \[(.*?)\]/.exec(text);
  assert.deepEqual(named.match(/\w+/g).sort(), schema.getPossibleTypes(schema.getType('Node')).map(({ name }) => name).sort());
});
