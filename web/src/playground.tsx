import 'graphiql/setup-workers/vite';
// The parts of graphiql/style.css, less the fonts and the second copy of
// Monaco's styles in it: a third of a megabyte.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './playground.css';

import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { createGraphiQLFetcher, createLocalStorage, type Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';

import { tabs } from './examples';
import { joined, type Trace } from './trace';
import { Traces, Waterfall } from './Waterfall';

const endpoint = new URL('graphql', location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol.replace('http', 'ws');

const fetch = createGraphiQLFetcher({
  url: endpoint.href,
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: true,
});

const traces = new Traces();

interface Part { extensions?: { trace?: Trace } }

/** Takes the trace out of a part of an answer: the waterfall shows it. */
function traced<T>(part: T): T {
  const { extensions } = part as Part;
  if (!extensions?.trace) return part;
  const { trace, ...others } = extensions;
  traces.set(joined(traces.last(), trace));
  return { ...part, extensions: others };
}

async function* tracedParts<T>(parts: AsyncIterable<T>) {
  for await (const part of parts) yield Array.isArray(part) ? part.map(traced) : traced(part);
}

/** GraphiQL's fetcher, which also asks for a trace of what people run, though not of its own look at the schema. */
const fetcher: Fetcher = async (params, options) => {
  if (params.operationName === 'IntrospectionQuery') return fetch(params, options);
  traces.set(undefined);
  const answer = await fetch(params, { ...options, headers: { ...options?.headers, 'Loadline-Trace': 'true' } });
  if (Symbol.asyncIterator in answer) return tracedParts(answer) as typeof answer;
  return 'subscribe' in answer ? answer : traced(answer);
};

// GraphiQL keeps tabs and headers under the same keys everywhere; another
// program on the same port must neither show its tabs here nor lend its tokens.
const storage = createLocalStorage({ namespace: 'loadline' });

// GraphiQL shows the variables of the first default tab only when they are its
// initial ones too; given on a later visit they would replace what was typed.
const firstVisit = storage.getItem('graphiql:tabState') === null;

/** Repaints the editors when the system goes from light to dark or back; GraphiQL itself looks only once. */
function FollowSystemTheme() {
  const chosen = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();
  useEffect(() => {
    if (chosen) return;
    const system = matchMedia('(prefers-color-scheme: dark)');
    const repaint = () => setTheme(null);
    system.addEventListener('change', repaint);
    return () => system.removeEventListener('change', repaint);
  }, [chosen, setTheme]);
  return null;
}

const root = document.getElementById('playground');
if (!root) throw new Error('playground.html has no #playground');

createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    defaultTabs={tabs}
    {...(firstVisit && { initialVariables: tabs[0]?.variables ?? '' })}
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      <a className="home" href="./">Loadline</a>
    </GraphiQL.Logo>
    <GraphiQL.Footer>
      <Waterfall traces={traces} />
    </GraphiQL.Footer>
    <FollowSystemTheme />
  </GraphiQL>,
);
