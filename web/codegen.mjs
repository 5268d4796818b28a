// Generates app/gql from ../schema.graphqls and the .graphql files beside the
// components: types and typed documents (client preset), the possible types of
// interfaces for Apollo's cache, the manifest of persisted documents, and the kinds
// of jobs, which the schema leaves open and the server's code names. The preset is
// called without its command line, which needs a newer Node and twice as many
// packages.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { addTypenameToDocument } from '@apollo/client/utilities';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildSchema, isAbstractType, Kind, parse, printSchema } from 'graphql';

const app = join(import.meta.dirname, 'app');
const out = join(app, 'gql');
const schemaAst = buildSchema(readFileSync(join(app, '..', '..', 'schema.graphqls'), 'utf8'));

const documents = readdirSync(app, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.graphql'))
  .sort()
  .map((name) => {
    const rawSDL = readFileSync(join(app, name), 'utf8');
    // As Apollo Client sends it, so that the hashes of the manifest are those of the requests.
    return { location: name, rawSDL, document: addTypenameToDocument(parse(rawSDL)) };
  });

const files = await preset.buildGeneratesSection({
  baseOutputDir: `${out}/`,
  schema: parse(printSchema(schemaAst)),
  schemaAst,
  documents,
  config: {
    useTypeImports: true,
    onlyOperationTypes: true, // so that a change elsewhere in the schema changes nothing here
    enumsAsTypes: true,
    strictScalars: true,
    immutableTypes: true,
    avoidOptionals: { field: true },
    scalars: { DateTime: 'string', Date: 'string', PURL: 'string', URI: 'string', Upload: 'File' },
  },
  presetConfig: { fragmentMasking: { unmaskFunctionName: 'unmask' }, persistedDocuments: { hashAlgorithm: 'sha256' } },
  pluginMap: {},
  plugins: [],
  pluginContext: {},
});

/** @param {any} file */
async function write(file) {
  writeFileSync(file.filename, `${(await codegen({ ...file, schemaAst })).trimEnd()}\n`);
}
/** @returns {any} */
const made = (/** @type {string} */ name) => files.find(({ filename }) => basename(filename) === name);

rmSync(out, { recursive: true, force: true });
mkdirSync(out);
await write(made('fragment-masking.ts'));

// The preset has all documents in the file of the types, so that each page would
// load those of all others: here each file of documents becomes one script.
const whole = made('graphql.ts');
const [head, types, operations, nodes] = whole.plugins;
await write({ ...whole, plugins: [head, types, operations] });
const fragments = documents.flatMap(({ document, location }) => document.definitions
  .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
  .map((node) => ({ name: node.name.value, onType: node.typeCondition.name.value, node, isExternal: true, location })));
for (const document of documents) {
  await write({
    ...whole,
    filename: join(out, `${basename(document.location, '.graphql')}.ts`),
    documents: [document],
    plugins: [head, { add: { content: "import type * as Types from './graphql';" } }, nodes],
    config: { ...whole.config, importOperationTypesFrom: 'Types', externalFragments: fragments.filter(({ location }) => location !== document.location) },
  });
}
// It lists what was written before it.
await write(made('persisted-documents.json'));

const possibleTypes = Object.fromEntries(Object.values(schemaAst.getTypeMap())
  .filter(isAbstractType)
  .map((type) => [type.name, schemaAst.getPossibleTypes(type).map(({ name }) => name).sort()]));
writeFileSync(join(out, 'possible-types.json'), `${JSON.stringify(possibleTypes, null, 2)}\n`);

const server = join(app, '..', '..');
const kinds = ['job', 'store'].flatMap((folder) => readdirSync(join(server, folder))
  .filter((name) => /(?<!_test)\.go$/.test(name))
  .flatMap((name) => [...readFileSync(join(server, folder, name), 'utf8').matchAll(/^\s*(?:const )?Kind\w+\s*=\s*"(\w+)"/gm)].map(([, kind]) => `'${kind}'`)));
writeFileSync(join(out, 'job-kinds.ts'), `export type JobKind = ${kinds.sort().join(' | ')};\n`);
