import 'graphiql/setup-workers/vite';
// The parts of graphiql/style.css, less the fonts and the second copy of
// Monaco's styles in it: a third of a megabyte.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './playground.css';

import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { createGraphiQLFetcher, createLocalStorage } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';

import { tabs } from './examples';

const endpoint = new URL('graphql', location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol.replace('http', 'ws');

const fetcher = createGraphiQLFetcher({
  url: endpoint.href,
  subscriptionUrl: socket.href,
  enableIncrementalDelivery: true,
});

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
    <FollowSystemTheme />
  </GraphiQL>,
);
