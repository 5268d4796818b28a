// Generates app/gql from ../schema.graphqls and the .graphql files beside the
// components: typed documents (client preset), the possible types of interfaces
// for Apollo's cache, the manifest of persisted documents, and the kinds of jobs,
// which the schema leaves open and the server's code names. The preset is
// called without its command line, which needs a newer Node and twice as many
// packages.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { addTypenameToDocument } from '@apollo/client/utilities';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildSchema, isAbstractType, parse, printSchema } from 'graphql';

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

mkdirSync(out, { recursive: true });
await Promise.all(files
  .filter(({ filename }) => !['gql.ts', 'index.ts'].includes(basename(filename)))
  .map(async (file) => writeFileSync(file.filename, `${(await codegen(/** @type {any} */ ({ ...file, schemaAst }))).trimEnd()}\n`)));

const possibleTypes = Object.fromEntries(Object.values(schemaAst.getTypeMap())
  .filter(isAbstractType)
  .map((type) => [type.name, schemaAst.getPossibleTypes(type).map(({ name }) => name).sort()]));
writeFileSync(join(out, 'possible-types.json'), `${JSON.stringify(possibleTypes, null, 2)}\n`);

const server = join(app, '..', '..');
const kinds = ['job', 'store'].flatMap((folder) => readdirSync(join(server, folder))
  .filter((name) => /(?<!_test)\.go$/.test(name))
  .flatMap((name) => [...readFileSync(join(server, folder, name), 'utf8').matchAll(/^\s*(?:const )?Kind\w+\s*=\s*"(\w+)"/gm)].map(([, kind]) => `'${kind}'`)));
writeFileSync(join(out, 'job-kinds.ts'), `export type JobKind = ${kinds.sort().join(' | ')};\n`);
