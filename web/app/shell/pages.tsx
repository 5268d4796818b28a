import { useEffect, useState, type ComponentType } from 'react';

import { PageSkeleton } from '../parts/states';

/**
 * A page whose script is loaded when the page is first shown. React's own lazy
 * would keep the skeleton up for 300 ms, however soon the script is there, and
 * nothing would be asked of the server meanwhile.
 */
function page(script: () => Promise<{ default: ComponentType }>) {
  let loaded: ComponentType | undefined;
  const load = async () => {
    loaded = (await script()).default;
    return loaded;
  };
  function Page() {
    const [Shown, show] = useState(() => loaded);
    const [failure, setFailure] = useState<Error>();
    useEffect(() => {
      if (!Shown) load().then((it) => show(() => it), setFailure);
    }, []);
    if (failure) throw failure;
    return Shown ? <Shown /> : <PageSkeleton />;
  }
  return { Page, load };
}

const pages = new Map(Object.entries({
  '/': page(() => import('../pages/Overview')),
  '/projects': page(() => import('../pages/Projects')),
  '/project': page(() => import('../pages/Project')),
  '/release': page(() => import('../pages/Release')),
  '/component': page(() => import('../pages/Component')),
  '/vulnerability': page(() => import('../pages/Vulnerability')),
  '/package': page(() => import('../pages/Package')),
  '/jobs': page(() => import('../pages/Jobs')),
  '/upload': page(() => import('../pages/Upload')),
  '/sources': page(() => import('../pages/Sources')),
  '/notifications': page(() => import('../pages/Notifications')),
}));
const missing = page(() => import('../pages/Missing'));

/** The page of a path below the base: what draws it, and what loads its script before. */
export const pageOf = (path: string) => pages.get(path) ?? missing;
