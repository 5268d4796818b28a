/**
 * Where Loadline is: the folder of the page, without a slash behind it. All pages
 * are directly below it and say the rest in the query, so that every address in
 * them can be relative, also behind a proxy that adds a prefix, and names may
 * have any character.
 */
export const base = new URL('.', location.href).pathname.replace(/\/$/, '');

/** The address of what lies beside the pages, such as the API. */
export const beside = (name: string) => new URL(name, location.href);

const to = (page: string, query: Record<string, string>) => `/${page}?${new URLSearchParams(query)}`;

/** The pages, to be used with Link and navigate. */
export const paths = {
  overview: '/',
  projects: '/projects',
  upload: '/upload',
  jobs: '/jobs',
  sources: '/sources',
  notifications: '/notifications',
  project: (name: string) => to('project', { name }),
  release: (project: string, version: string, more: Record<string, string> = {}) => to('release', { project, version, ...more }),
  component: (id: string) => to('component', { id }),
  vulnerability: (id: string) => to('vulnerability', { id }),
  package: (purl: string) => to('package', { purl }),
  uploadTo: (project: string) => to('upload', { project }),
  projectsLike: (text: string) => to('projects', { q: text }),
};
