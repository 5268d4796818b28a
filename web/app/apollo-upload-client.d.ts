// The package is JavaScript with types in comments, which are not read here.
declare module 'apollo-upload-client/UploadHttpLink.mjs' {
  import type { HttpLink } from '@apollo/client';
  import { ApolloLink } from '@apollo/client';
  export default class UploadHttpLink extends ApolloLink {
    constructor(options: HttpLink.Options);
  }
}
