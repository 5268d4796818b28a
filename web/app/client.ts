import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { createClient } from 'graphql-ws';
import { OperationTypeNode } from 'graphql';

import possibleTypes from './gql/possible-types.json';
import { beside } from './paths';

declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery { errorPolicy: 'all' }
      interface Query { errorPolicy: 'all' }
      interface Mutate { errorPolicy: 'none' }
    }
  }
}

const endpoint = beside('graphql');
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol.replace('http', 'ws');

const pages = relayStylePagination();
const filtered = relayStylePagination(['filter']);

export const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(createClient({ url: socket.href, retryAttempts: 10 })),
    new UploadHttpLink({ uri: endpoint.href, headers: { 'apollo-require-preflight': 'true' } }),
  ),
  cache: new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Query: { fields: { projects: filtered, jobs: filtered, fixFirst: relayStylePagination(['within']), findings: relayStylePagination(['filter', 'orderBy', 'within']) } },
      Project: { fields: { releases: pages } },
      Release: { fields: { components: filtered, findings: relayStylePagination(['filter', 'orderBy']), boms: pages, changes: pages } },
      Bom: { fields: { warnings: pages } },
      Finding: { fields: { triageHistory: pages } },
      Component: { fields: { dependencies: pages, dependents: pages } },
      Package: { fields: { versions: pages, releases: pages, components: pages } },
      Vulnerability: { fields: { releases: pages, components: pages } },
      PackageVersion: { keyFields: ['purl'] },
      SourceHealth: { keyFields: ['source'] },
      Severity: { merge: true },
      Epss: { merge: true },
      Kev: { merge: true },
    },
  }),
  defaultOptions: {
    watchQuery: { errorPolicy: 'all', fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' },
    query: { errorPolicy: 'all' },
    mutate: { errorPolicy: 'none' },
  },
});
