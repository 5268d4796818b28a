import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/table.css';
import './styles/pages.css';

import { ApolloProvider } from '@apollo/client/react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';

import { client } from './client';
import { base } from './paths';
import { pageOf } from './shell/pages';
import { Shell } from './shell/Shell';
import { applyTheme } from './shell/theme';

/** How long the page's script may take until the page is drawn without it, in milliseconds. */
const patience = 100;

async function start() {
  applyTheme();
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  // Whether it fails is told where the page would be.
  const loaded = pageOf(location.pathname.slice(base.length)).load().catch(() => undefined);
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, patience))]);
  createRoot(root).render(
    <ApolloProvider client={client}>
      <Router base={base}>
        <Shell />
      </Router>
    </ApolloProvider>,
  );
}

// Not awaited: the scripts of the pages import this one.
void start();
