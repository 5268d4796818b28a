import { Link } from 'wouter';

import { unmask } from '../gql/fragment-masking';
import type { FragmentType } from '../gql/fragment-masking';
import { CountPartsFragmentDoc } from '../gql/FindingRow';
import type { ProjectRowFragment } from '../gql/graphql';
import { ProjectRowFragmentDoc } from '../gql/ProjectTable';
import { paths } from '../paths';
import { countsOf, SeverityCounts } from './severity';
import { Table, type Column } from './Table';
import { Ago } from './time';

const latest = ({ releases }: ProjectRowFragment) => releases.edges[0]?.node;

const columns: Column<ProjectRowFragment>[] = [
  {
    id: 'name', head: 'Project', width: '26%', names: true, by: ({ name }) => name,
    cell: ({ name, tags }) => (
      <>
        <Link href={paths.project(name)} className="row-link">{name}</Link>
        {tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}
      </>
    ),
  },
  {
    id: 'release', head: 'Latest release', width: '9.5rem', by: (project) => latest(project)?.version,
    cell: (project) => {
      const release = latest(project);
      return release ? <Link href={paths.release(project.name, release.version)}>{release.version}</Link> : <span className="quiet">none yet</span>;
    },
  },
  {
    id: 'components', head: 'Components', width: '8rem', kind: 'number', greatestFirst: true, by: (project) => latest(project)?.bom?.componentCount,
    cell: (project) => latest(project)?.bom?.componentCount.toLocaleString('en') ?? <span className="quiet">no Bom yet</span>,
  },
  {
    id: 'findings', head: 'Findings', width: '13rem', greatestFirst: true,
    by: (project) => {
      const { critical, high, medium, low } = unmask(CountPartsFragmentDoc, project.findingCounts).severity;
      return critical * 1e9 + high * 1e6 + medium * 1e3 + low;
    },
    cell: (project) => {
      const { total, severity } = unmask(CountPartsFragmentDoc, project.findingCounts);
      return total > 0 ? <SeverityCounts counts={countsOf(severity)} /> : <span className="quiet">{latest(project)?.bom ? 'none known' : '–'}</span>;
    },
  },
  { id: 'format', head: 'Document', width: '8rem', kind: 'wide-only', by: (project) => latest(project)?.bom?.format, cell: (project) => latest(project)?.bom?.format ?? '–' },
  {
    id: 'ingested', head: 'Ingested', width: '9rem', kind: 'wide-only', greatestFirst: true, by: (project) => latest(project)?.bom?.ingestedAt,
    cell: (project) => {
      const at = latest(project)?.bom?.ingestedAt;
      return at ? <Ago at={at} /> : '–';
    },
  },
];

/** Projects and their latest releases. */
export function ProjectTable({ projects, total, more, busy }: {
  projects: readonly FragmentType<typeof ProjectRowFragmentDoc>[]; total: number; more?: () => void; busy?: boolean;
}) {
  const rows = projects.map((project) => unmask(ProjectRowFragmentDoc, project));
  return (
    <Table label="Projects" columns={columns} rows={rows} idOf={({ id }) => id} standard={{ id: 'name', desc: false }} total={total} more={more} busy={busy ?? false} />
  );
}
