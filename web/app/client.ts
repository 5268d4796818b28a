import { ApolloClient, InMemoryCache } from '@apollo/client';
import { Defer20220824Handler } from '@apollo/client/incremental';
import { relayStylePagination } from '@apollo/client/utilities';

import possibleTypes from './gql/possible-types.json';
import { link } from './links';

declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery { errorPolicy: 'all' }
      interface Query { errorPolicy: 'all' }
      interface Mutate { errorPolicy: 'none' }
    }
  }
  interface TypeOverrides extends Defer20220824Handler.TypeOverrides {}
}

const pages = relayStylePagination();
const filtered = relayStylePagination(['filter']);

export const client = new ApolloClient({
  link,
  // The newer form tells parts apart by labels that it writes into the document: who is sent a hash does not see them.
  incrementalHandler: new Defer20220824Handler(),
  cache: new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Query: { fields: { projects: filtered, jobs: filtered, notificationChannels: pages, fixFirst: relayStylePagination(['within']), findings: relayStylePagination(['filter', 'orderBy', 'within']) } },
      Project: { fields: { releases: pages } },
      Release: { fields: { components: filtered, findings: relayStylePagination(['filter', 'orderBy']), boms: pages, changes: pages } },
      Bom: { fields: { warnings: pages } },
      NotificationChannel: { fields: { deliveries: pages } },
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
