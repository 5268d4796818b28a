// Checks every GraphQL document of the pages, with its variables, against the
// schema, and that the lockfile names no registry.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getVariableValues, Kind, parse, validate } from 'graphql';

const web = join(import.meta.dirname, '..');
/** @param {...string} path */
const read = (...path) => readFileSync(join(web, ...path), 'utf8');

const schema = buildSchema(read('..', 'schema.graphqls'));
/** @type {string[]} */
const problems = [];
/** @type {Set<string>} */
const titles = new Set();

/**
 * @param {string} name
 * @param {string} text
 * @param {Record<string, unknown>} variables
 */
function check(name, text, variables) {
  const document = parse(text);
  problems.push(...validate(schema, document).map((error) => `${name}: ${error.message}`));

  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [operation, ...others] = operations;
  if (!operation?.name || others.length > 0) {
    problems.push(`${name}: want one operation with a name, which becomes the tab's title`);
    return;
  }
  if (titles.has(operation.name.value)) problems.push(`${name}: another document is called ${operation.name.value} too`);
  titles.add(operation.name.value);

  const defined = operation.variableDefinitions ?? [];
  const { errors } = getVariableValues(schema, defined, variables);
  problems.push(...(errors ?? []).map((error) => `${name}: ${error.message}`));
  for (const given of Object.keys(variables)) {
    if (!defined.some(({ variable }) => variable.name.value === given)) problems.push(`${name}: no variable $${given}`);
  }
}

const examples = readdirSync(join(web, 'examples'));
for (const name of examples.filter((name) => name.endsWith('.graphql'))) {
  const text = read('examples', name);
  const variables = name.replace(/\.graphql$/, '.json');
  check(name, text, examples.includes(variables) ? JSON.parse(read('examples', variables)) : {});
  if (!text.startsWith('# ')) problems.push(`${name}: want a comment first that says what the tab shows and what to change`);
}

if (/"resolved":\s*"https?:/.test(read('package-lock.json'))) problems.push('package-lock.json: "resolved" names a registry');

for (const problem of problems) console.error(problem);
console.log(`${titles.size} documents checked, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
