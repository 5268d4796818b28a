import { ApolloLink } from '@apollo/client';
import { BaseHttpLink } from '@apollo/client/link/http';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import UploadHttpLink from 'apollo-upload-client/UploadHttpLink.mjs';
import { createClient } from 'graphql-ws';
import { type DocumentNode, OperationTypeNode } from 'graphql';

import { beside } from './paths';

const endpoint = beside('graphql');
const address = new URL(endpoint);
address.protocol = endpoint.protocol.replace('http', 'ws');

/** The hash that codegen has put into a document; the server knows it by its copy of the manifest. */
function generateHash(document: DocumentNode & { readonly __meta__?: { readonly hash: string } }) {
  if (!document.__meta__) throw new Error('a document that codegen has not made');
  return document.__meta__.hash;
}

const socket = createClient({ url: address.href, retryAttempts: 10 });
// The link prints the document also where a hash beside it already names it.
const byHash: typeof socket = {
  ...socket,
  subscribe: (payload, sink) => socket.subscribe(payload.extensions?.['persistedQuery'] ? { ...payload, query: '' } : payload, sink),
};

/**
 * Sends operations by the hashes of their documents: subscriptions by WebSocket,
 * mutations with their files, queries so that they can be answered in parts. A
 * server that does not know the hash of a query or mutation is another version than
 * this page, which was left open: it is sent texts from then on, without hashes,
 * since those are of documents that are written in another way.
 */
export const link = new PersistedQueryLink({
  generateHash,
  disable: ({ meta }) => meta.persistedQueryNotSupported || meta.persistedQueryNotFound,
}).concat(ApolloLink.split(
  ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
  new GraphQLWsLink(byHash),
  ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.MUTATION,
    new UploadHttpLink({ uri: endpoint.href, headers: { 'apollo-require-preflight': 'true' } }),
    new BaseHttpLink({ uri: endpoint.href }),
  ),
));
