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
import { Shell } from './shell/Shell';
import { applyTheme } from './shell/theme';

applyTheme();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <ApolloProvider client={client}>
    <Router base={base}>
      <Shell />
    </Router>
  </ApolloProvider>,
);
