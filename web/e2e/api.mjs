import { join } from 'node:path';

/** Where the server under test is. */
export const address = process.env['LOADLINE_URL'] ?? 'http://127.0.0.1:8080';

/**
 * @param {string} query
 * @param {Record<string, unknown>} [variables]
 * @returns {Promise<any>}
 */
export async function ask(query, variables = {}, at = address) {
  const answer = await fetch(`${at}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) });
  return answer.json();
}

/**
 * Uploads a document, as curl would, and waits until it is in.
 *
 * @param {string} project
 * @param {string} release
 * @param {unknown} document
 */
export async function upload(project, release, document, at = address) {
  const answer = await fetch(`${at}/api/v1/boms?${new URLSearchParams({ project, release, wait: '60s' })}`, {
    method: 'PUT', body: typeof document === 'string' ? document : JSON.stringify(document),
  });
  const text = await answer.text();
  if (answer.status !== 200 || JSON.parse(text).job.state !== 'SUCCEEDED') throw new Error(`the upload of ${project} ${release} was answered ${answer.status}: ${text}`);
}

/** Uploads the release that the first example asks for, where the server has none, and waits until it is ready. */
export async function seed() {
  const { data } = await ask('{ release(project: "shop-frontend", version: "2.4.0") { bom { id } } }');
  if (data.release?.bom) return;
  const components = [['lodash', '4.17.20'], ['minimist', '1.2.5'], ['express', '4.17.1']].map(([name, version]) => (
    { type: 'library', name, version, purl: `pkg:npm/${name}@${version}` }
  ));
  await upload('shop-frontend', '2.4.0', { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components });
}

/** A document with a package of the stand-in's own records. */
export const shelf = {
  bomFormat: 'CycloneDX', specVersion: '1.6', version: 1,
  components: [{ type: 'library', name: 'left-shelf', version: '1.0.0', purl: 'pkg:npm/left-shelf@1.0.0' }],
};

/** The documents that the dashboard sends, for a server that takes no others. */
export const manifest = join(import.meta.dirname, '..', 'app', 'gql', 'persisted-documents.json');

/** A document in which log4j-core comes in by two ways, and a package that no source covers. */
export function webshop() {
  const parts = [['org.acme', 'web', '1.0'], ['org.acme', 'jobs', '1.0'], ['org.acme', 'logging', '2.0'], ['org.apache.logging.log4j', 'log4j-core', '2.14.1']];
  const refs = parts.map(([group, name, version]) => `pkg:maven/${group}/${name}@${version}`);
  return {
    bomFormat: 'CycloneDX', specVersion: '1.6', version: 1,
    metadata: { component: { type: 'application', name: 'e2e', version: '1', 'bom-ref': 'root' } },
    components: [
      ...parts.map(([group, name, version], index) => ({ type: 'library', group, name, version, purl: refs[index], 'bom-ref': refs[index] })),
      { type: 'library', name: 'in-house', version: '3', 'bom-ref': 'in-house', purl: 'pkg:generic/in-house@3' },
    ],
    dependencies: [
      { ref: 'root', dependsOn: [refs[0], refs[1], 'in-house'] }, { ref: refs[0], dependsOn: [refs[2]] },
      { ref: refs[1], dependsOn: [refs[2]] }, { ref: refs[2], dependsOn: [refs[3]] },
    ],
  };
}

/** A document of n components, three levels of dependencies deep, with one that very many depend on. */
export function large(/** @type {number} */ n) {
  const purl = (/** @type {number} */ index) => (index === n - 1 ? 'pkg:npm/lodash@4.17.20' : `pkg:npm/part-${index}@1.${index % 7}.0`);
  const dependencies = [{ ref: 'root', dependsOn: Array.from({ length: 60 }, (_, index) => purl(index)) }];
  for (let index = 0; index < n - 1; index++) {
    const below = [index * 4 + 60, index * 4 + 61, index * 4 + 62, index * 4 + 63].filter((child) => child < n - 1).map(purl);
    dependencies.push({ ref: purl(index), dependsOn: index % 3 === 0 ? [...below, purl(n - 1)] : below });
  }
  return {
    bomFormat: 'CycloneDX', specVersion: '1.6', version: 1,
    metadata: { component: { type: 'application', name: 'large', version: '1', 'bom-ref': 'root' } },
    components: Array.from({ length: n }, (_, index) => ({ type: 'library', name: index === n - 1 ? 'lodash' : `part-${index}`, version: index === n - 1 ? '4.17.20' : `1.${index % 7}.0`, purl: purl(index), 'bom-ref': purl(index) })),
    dependencies,
  };
}

/**
 * @param {string} name
 * @returns {Promise<string>}
 */
export async function componentOf(name, project = 'e2e', release = '1 & only', at = address) {
  const { data } = await ask(
    'query($project: String!, $release: String!, $name: String!) { release(project: $project, version: $release) { components(first: 1, filter: { nameContains: $name }) { nodes { id } } } }',
    { project, release, name }, at,
  );
  return data.release.components.nodes[0].id;
}
