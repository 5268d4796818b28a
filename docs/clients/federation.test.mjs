// Loadline, at LOADLINE_URL, as a subgraph behind Apollo's gateway, beside a small
// subgraph that extends its entities.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { composeServices } from '@apollo/composition';
import { ApolloGateway, LocalGraphQLDataSource, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

const loadline = `${process.env['LOADLINE_URL'] ?? 'http://127.0.0.1:8080'}/graphql`;

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
  scalar PURL
  type Query { watched: [Package!]! wanted: [Package]! tickets: [Finding!]! }
  type Package @key(fields: "purl") { purl: PURL! homepage: String! }
  type Project @key(fields: "name") { name: String! owner: String! }
  type Release @key(fields: "id") { id: ID! version: String! @external tag: String! @requires(fields: "version") }
  type Component @key(fields: "id") { id: ID! shelf: String! }
  type Finding @key(fields: "id") { id: ID! ticket: String! }
  type Vulnerability @key(fields: "id") { id: ID! advice: String! }
`);
/** What the other subgraph's own questions answer with. */
const own = { watched: [], wanted: [], tickets: [] };
const resolvers = {
  Query: { watched: () => own.watched, wanted: () => own.wanted, tickets: () => own.tickets },
  Package: { homepage: ({ purl }) => `home of ${purl}` },
  Project: { owner: ({ name }) => `owner of ${name}` },
  Release: { tag: ({ version }) => `v${version}` },
  Component: { shelf: ({ id }) => `shelf of ${id}` },
  Finding: { ticket: ({ id }) => `ticket of ${id}` },
  Vulnerability: { advice: ({ id }) => `advice on ${id}` },
};

/** The requests that the gateway has made of Loadline. @type {string[]} */
const asked = [];
class Counted extends RemoteGraphQLDataSource {
  /** @override */
  willSendRequest({ request }) { asked.push(request.query); }
}

/** @type {ApolloServer} */
let server;
before(async () => {
  const response = await fetch(loadline, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ _service { sdl } }' }) });
  const { data: { _service: { sdl } } } = await response.json();
  const { supergraphSdl, errors, hints } = composeServices([{ name: 'loadline', typeDefs: parse(sdl), url: loadline }, { name: 'other', typeDefs, url: 'local' }]);
  assert.equal(errors, undefined);
  assert.deepEqual(hints.map(String), []);
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url }) => name === 'loadline' ? new Counted({ url }) : new LocalGraphQLDataSource(buildSubgraphSchema({ typeDefs, resolvers })),
  });
  server = new ApolloServer({ gateway });
  await server.start();
});
after(() => server.stop());

/** Asks the gateway. */
async function ask(query, variables = {}) {
  asked.length = 0;
  const { body } = await server.executeOperation({ query, variables });
  assert.equal(body.kind, 'single');
  return body.singleResult;
}

test('what Loadline finds is extended by the other subgraph', async () => {
  const { data, errors } = await ask(`{
    project(name: "shop-backend") {
      name owner
      release(version: "1.8.1") {
        id version tag
        components(first: 100) { nodes { id shelf package { purl homepage } findings { id ticket vulnerability { id advice } } } }
      }
    }
  }`);
  assert.equal(errors, undefined);
  assert.equal(data.project.owner, 'owner of shop-backend');
  assert.equal(data.project.release.tag, 'v1.8.1');
  const { nodes } = data.project.release.components;
  assert.equal(nodes.length, 67);
  for (const { id, shelf, package: { purl, homepage }, findings } of nodes) {
    assert.equal(shelf, `shelf of ${id}`);
    assert.equal(homepage, `home of ${purl}`);
    for (const { id: finding, ticket, vulnerability } of findings ?? []) {
      assert.equal(ticket, `ticket of ${finding}`);
      assert.equal(vulnerability.advice, `advice on ${vulnerability.id}`);
    }
  }
  assert.ok(nodes.some(({ findings }) => findings?.length > 0));
});

test('what the other subgraph finds is completed by Loadline, in one request', async () => {
  const start = await ask('{ release(project: "shop-backend", version: "1.8.1") { components(first: 100) { nodes { name findings { id state fixedIn } package { purl name } } } } }');
  const { nodes } = start.data.release.components;
  own.watched = nodes.map(({ package: { purl } }) => ({ purl }));
  own.tickets = nodes.flatMap(({ findings }) => findings ?? []).map(({ id }) => ({ id }));
  assert.equal(own.tickets.length, 18);
  const { data, errors } = await ask('{ watched { homepage name releases(first: 5) { nodes { version } } } tickets { ticket state fixedIn component { name } } }');
  assert.equal(errors, undefined);
  assert.deepEqual(data.watched.map(({ name }) => name), nodes.map(({ package: { name } }) => name));
  assert.ok(data.watched.every(({ releases }) => releases.nodes.length > 0));
  assert.deepEqual(data.tickets.map(({ state, fixedIn }) => ({ state, fixedIn })),
    nodes.flatMap(({ findings }) => findings ?? []).map(({ state, fixedIn }) => ({ state, fixedIn })));
  assert.equal(asked.length, 2, 'one request for the packages, one for the findings');
});

test('what Loadline does not know is null, and an error says what it cannot read', async () => {
  own.wanted = [{ purl: 'pkg:npm/lodash' }, { purl: 'pkg:npm/nobody-has-this' }, { purl: 'no purl' }];
  const { data, errors } = await ask('{ wanted { homepage type } }');
  assert.deepEqual(data.wanted.map((of) => of && { ...of }), [{ homepage: 'home of pkg:npm/lodash', type: 'npm' }, null, null]);
  assert.equal(errors.length, 1, JSON.stringify(errors));
  assert.ok(errors.some(({ message, extensions }) => message.includes('purl') && extensions.code === 'BAD_USER_INPUT'), JSON.stringify(errors));
});
