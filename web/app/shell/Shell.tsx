import { useQuery } from '@apollo/client/react';
import { Component, useEffect, useRef, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Link, useLocation, useSearch } from 'wouter';

import { ShellDocument } from '../gql/Shell';
import { Icon, type IconName } from '../parts/Icon';
import { Failure } from '../parts/states';
import { paths } from '../paths';
import { Find } from './Find';
import { useKeptFocus } from './focus';
import { pageOf } from './pages';
import { useTheme, type Theme } from './theme';

export function Shell() {
  useKeptFocus();
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={skipToMain}>Skip to the content</a>
      <Side />
      <div className="stage">
        <header className="top">
          <Find />
          <Link href={paths.upload} className="button primary"><Icon name="upload" /> Upload</Link>
        </header>
        <main id="main" tabIndex={-1}>
          <Pages />
        </main>
      </div>
    </div>
  );
}

function skipToMain(event: { preventDefault(): void }) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** The page of the address. Another page begins at its top, with the focus on its heading. */
function Pages() {
  const [path] = useLocation();
  const search = new URLSearchParams(useSearch());
  // What names the thing shown; filters and tabs may change without a new page.
  const subject = [path, ...['name', 'project', 'version', 'id', 'purl'].map((key) => search.get(key) ?? '')].join('\n');
  const shown = useRef(subject);
  useEffect(() => {
    if (shown.current === subject) return;
    shown.current = subject;
    scrollTo(0, 0);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [subject]);
  const { Page } = pageOf(path);
  return (
    <Guard key={subject}>
      <Page />
    </Guard>
  );
}

/** Shows what went wrong where a page could not be drawn or its script not be loaded. */
class Guard extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};
  static getDerivedStateFromError(error: Error) {
    return { error };
  }
  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return <Failure what="This page could not be shown" error={error} retry={() => location.reload()} />;
  }
}

function Side() {
  const { data } = useQuery(ShellDocument, { pollInterval: 60_000 });
  const ailing = data?.sources.filter(({ health }) => health === 'DOWN' || health === 'DEGRADED').length ?? 0;
  return (
    <nav className="side" aria-label="Pages">
      <Link href={paths.overview} className="brand"><Icon name="mark" /> Loadline</Link>
      <ul>
        <Item href={paths.overview} icon="overview">Overview</Item>
        <Item href={paths.projects} icon="projects" also={['/project', '/release', '/component']}>Projects</Item>
        <Item href={paths.jobs} icon="jobs">Jobs</Item>
        <Item href={paths.sources} icon="sources" {...(ailing > 0 && { note: `${ailing} failing` })}>Sources</Item>
        <Item href={paths.notifications} icon="bell">Notifications</Item>
      </ul>
      <div className="side-foot">
        <a href="playground" className="item"><Icon name="playground" /> Playground</a>
        <ThemeSwitch />
      </div>
    </nav>
  );
}

function Item({ href, icon, also = [], note, children }: {
  href: string; icon: IconName; also?: string[]; note?: string; children: ReactNode;
}) {
  const [path] = useLocation();
  const here = path === href || also.includes(path);
  return (
    <li>
      <Link href={href} className="item" aria-current={here ? 'page' : undefined}>
        <Icon name={icon} /> <span>{children}</span>
        {note && <span className="item-note">{note}</span>}
      </Link>
    </li>
  );
}

const themes: Record<Theme, { next: Theme; icon: IconName; label: string }> = {
  system: { next: 'light', icon: 'system', label: 'As the system' },
  light: { next: 'dark', icon: 'sun', label: 'Light' },
  dark: { next: 'system', icon: 'moon', label: 'Dark' },
};

function ThemeSwitch() {
  const [theme, setTheme] = useTheme();
  const { next, icon, label } = themes[theme];
  return (
    <Button className="item" aria-label={`Colours: ${label}. Change to: ${themes[next].label}`} onPress={() => setTheme(next)}>
      <Icon name={icon} /> <span>{label}</span>
    </Button>
  );
}
