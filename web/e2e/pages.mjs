import { componentOf } from './api.mjs';

/**
 * Every page, by its name: its address, and what shows that it is there. Those of a
 * release and a component are of the release, which has the webshop's document.
 *
 * @param {string} project
 * @param {string} version
 */
export function pagesOf(project, version) {
  const release = `/release?${new URLSearchParams({ project, version })}`;
  return /** @type {const} */ ([
    ['overview', () => '/', 'Fix first'],
    ['projects', () => '/projects', 'Projects'],
    ['project', () => '/project?name=shop-frontend', 'shop-frontend'],
    ['release', () => release, 'CVE-2021-44228'],
    ['components', () => `${release}&tab=components`, 'in-house'],
    ['document', () => `${release}&tab=document`, 'SHA-256'],
    ['component', async () => `/component?id=${await componentOf('log4j-core', project, version)}`, 'How it gets in'],
    ['vulnerability', () => '/vulnerability?id=CVE-2021-44228', 'Where it hits us'],
    ['package', () => '/package?purl=pkg%3Anpm%2Flodash', 'Where we use it'],
    ['upload', () => '/upload', 'Drop a document here'],
    ['jobs', () => '/jobs', 'Ingest a document'],
    ['sources', () => '/sources', 'deps.dev'],
    ['notifications', () => '/notifications', 'Nobody is told yet'],
    ['missing', () => '/release?project=nobody&version=0', 'There is no such release'],
  ]);
}
