import type { GraphiQLProps } from 'graphiql';

type Tab = NonNullable<GraphiQLProps['defaultTabs']>[number];

const documents = import.meta.glob<string>('../examples/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob<string>('../examples/*.json', { query: '?raw', import: 'default', eager: true });

/** The tabs of a first visit: one for each file in examples/, in the order of the file names. */
export const tabs: Tab[] = Object.keys(documents)
  .sort()
  .map((path) => ({
    query: documents[path]?.trimEnd() ?? '',
    variables: variables[path.replace(/\.graphql$/, '.json')]?.trimEnd() ?? '',
  }));
