// What tools ask for the schema, against the limits of the server at LOADLINE_URL.
// It is graphql-js's query, which GraphiQL and others send, with every set of its
// options.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildClientSchema, buildSchema, findBreakingChanges, findDangerousChanges, getIntrospectionQuery } from 'graphql';

const address = process.env['LOADLINE_URL'] ?? 'http://127.0.0.1:8080';
const written = buildSchema(readFileSync(join(import.meta.dirname, '..', '..', 'schema.graphqls'), 'utf8'));

const names = ['descriptions', 'specifiedByUrl', 'directiveIsRepeatable', 'schemaDescription', 'inputValueDeprecation', 'oneOf'];
const sets = Array.from({ length: 2 ** names.length }, (_, set) => Object.fromEntries(names.map((name, bit) => [name, (set & (1 << bit)) !== 0])));

for (const options of sets) {
  test(`introspection with ${names.filter((name) => options[name]).join(', ') || 'no options'}`, async () => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: getIntrospectionQuery(options) }),
    });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined);
    const told = buildClientSchema(data);
    assert.deepEqual([...findBreakingChanges(written, told), ...findDangerousChanges(written, told)], []);
    const { description, specifiedByURL } = told.getType('PURL');
    assert.equal(description ?? undefined, options.descriptions ? written.getType('PURL').description : undefined);
    assert.equal(specifiedByURL ?? undefined, options.specifiedByUrl ? written.getType('PURL').specifiedByURL : undefined);
  });
}
