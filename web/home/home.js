// @ts-check

const query = /* GraphQL */ `
  query Home {
    projects(first: 20) {
      totalCount
      nodes {
        name
        releases(first: 1) {
          nodes { version bom { componentCount format ingestedAt } }
        }
      }
    }
    sources { source health lastSuccessAt lastError }
  }
`;

/**
 * @typedef {{ componentCount: number, format: string, ingestedAt: string }} Bom
 * @typedef {{ version: string, bom: Bom | null }} Release
 * @typedef {{ name: string, releases: { nodes: Release[] } }} Project
 * @typedef {{ source: string, health: string, lastSuccessAt: string | null, lastError: string | null }} Source
 * @typedef {{ projects: { totalCount: number, nodes: Project[] }, sources: Source[] }} Answer
 */

const healthInWords = new Map([
  ['UP', 'answers'],
  ['DEGRADED', 'fails now and then'],
  ['DOWN', 'down'],
  ['UNKNOWN', 'not asked yet'],
  ['OFF', 'off: this server runs offline'],
]);

const sourceNames = new Map([['DEPS_DEV', 'deps.dev']]);

/** @returns {Promise<Answer>} */
async function ask() {
  const response = await fetch('graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(20_000),
  });
  const answer = await response.json().catch(() => null);
  if (answer?.data) return answer.data;
  throw new Error(answer?.errors?.[0]?.message ?? `the server answered ${response.status} ${response.statusText}`);
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} iso */
function time(iso) {
  const shown = new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return element('time', { datetime: iso }, shown);
}

/** @param {Project} project */
function row({ name, releases }) {
  const release = releases.nodes[0];
  const bom = release?.bom;
  return element('tr', {},
    element('th', { scope: 'row' }, name),
    element('td', {}, release?.version ?? 'none yet'),
    element('td', { class: 'number' }, bom?.componentCount.toLocaleString() ?? '–'),
    element('td', {}, bom?.format ?? 'no Bom yet'),
    element('td', {}, bom ? time(bom.ingestedAt) : '–'),
  );
}

/** @param {Answer['projects']} projects */
function projectTable({ totalCount, nodes }) {
  if (totalCount === 0) {
    return [element('p', {}, 'None yet. The commands below bring in the first; then load this page again.')];
  }
  const heads = ['Project', 'Latest release', 'Components', 'Format', 'Ingested'];
  const table = element('table', { 'aria-labelledby': 'projects-heading' },
    element('thead', {}, element('tr', {}, ...heads.map((head) =>
      element('th', { scope: 'col', ...(head === 'Components' && { class: 'number' }) }, head)))),
    element('tbody', {}, ...nodes.map(row)),
  );
  const shown = [element('div', { class: 'scroll' }, table)];
  if (totalCount > nodes.length) {
    const rest = `The first ${nodes.length} of ${totalCount.toLocaleString()}, by name; the playground pages through all.`;
    shown.push(element('p', { class: 'quiet' }, rest));
  }
  return shown;
}

/** @param {Source[]} sources */
function sourceList(sources) {
  return element('ul', { class: 'sources' }, ...sources.map(({ source, health, lastSuccessAt, lastError }) => {
    const item = element('li', {},
      element('strong', {}, sourceNames.get(source) ?? source),
      element('span', { class: `state-${health.toLowerCase()}` }, healthInWords.get(health) ?? health),
    );
    if (lastSuccessAt) item.append(element('small', {}, 'last answer ', time(lastSuccessAt)));
    if (lastError && health !== 'UP') item.append(element('small', {}, lastError));
    return item;
  }));
}

/**
 * @param {string} id
 * @param {...(Node | string)} content
 */
function show(id, ...content) {
  const place = document.getElementById(id);
  place?.replaceChildren(...content);
  place?.setAttribute('aria-busy', 'false');
}

async function load() {
  try {
    const { projects, sources } = await ask();
    show('projects', ...projectTable(projects));
    show('sources', sourceList(sources));
  } catch (error) {
    const again = element('button', { type: 'button' }, 'Try again');
    again.addEventListener('click', load);
    const reason = error instanceof Error ? error.message : String(error);
    show('projects', element('p', { class: 'problem' }, `The projects could not be read: ${reason}.`), again);
    show('sources', element('p', { class: 'quiet' }, 'Not known.'));
  }
}

const address = new URL('.', location.href).href.replace(/\/$/, '');
for (const place of document.querySelectorAll('[data-address]')) place.textContent = address;
await load();
