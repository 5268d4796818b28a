import { Link, useSearchParams } from 'wouter';

import type { ProjectQuery } from '../gql/graphql';
import { ProjectDocument } from '../gql/Project';
import { useChanges } from '../parts/changes';
import { counted } from '../parts/count';
import { Heading, Section } from '../parts/Heading';
import { Curl } from '../parts/HowToUpload';
import { Icon } from '../parts/Icon';
import { useAllPages } from '../parts/pages';
import { Empty, Failure, PageSkeleton } from '../parts/states';
import { Table, type Column } from '../parts/Table';
import { Ago, Day } from '../parts/time';
import { paths } from '../paths';

type Release = NonNullable<ProjectQuery['project']>['releases']['edges'][number]['node'];

const columnsOf = (project: string): Column<Release>[] => [
  {
    id: 'version', head: 'Release', width: '28%', names: true, by: ({ version }) => version,
    cell: ({ version, tags }) => (
      <>
        <Link href={paths.release(project, version)} className="row-link">{version}</Link>
        {tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}
      </>
    ),
  },
  {
    id: 'components', head: 'Components', width: '8rem', kind: 'number', greatestFirst: true, by: ({ bom }) => bom?.componentCount,
    cell: ({ bom }) => bom?.componentCount.toLocaleString('en') ?? <span className="quiet">no Bom yet</span>,
  },
  { id: 'format', head: 'Document', width: '18%', kind: 'wide-only', by: ({ bom }) => bom?.format, cell: ({ bom }) => (bom ? `${bom.format} ${bom.specVersion ?? ''}` : '–') },
  { id: 'tool', head: 'Made by', width: '22%', kind: 'wide-only', by: ({ bom }) => bom?.tool, cell: ({ bom }) => bom?.tool ?? <span className="quiet">not said</span> },
  { id: 'ingested', head: 'Ingested', width: '9rem', greatestFirst: true, by: ({ bom, createdAt }) => bom?.ingestedAt ?? createdAt, cell: ({ bom }) => (bom ? <Ago at={bom.ingestedAt} /> : '–') },
];

export default function Project() {
  const name = useSearchParams()[0].get('name') ?? '';
  const changes = useChanges(name || undefined);
  const { data, edges, loading, error, retry } = useAllPages(ProjectDocument, { name }, ({ project }) => project?.releases, { changes });
  if (loading) return <PageSkeleton />;
  const project = data?.project;
  const trail = [{ href: paths.projects, name: 'Projects' }];
  if (!project) {
    return (
      <div className="page">
        <Heading title={name || 'Project'} document={name || 'Project'} trail={trail} />
        {error
          ? <Failure what="The project could not be read" error={error} retry={retry} />
          : <Empty title="There is no project of this name" icon="search"><p>Letter case counts. <Link href={paths.projects}>Show all projects</Link>, or upload its first document:</p><Curl project={name} /></Empty>}
      </div>
    );
  }
  const { releases, tags, createdAt } = project;
  return (
    <div className="page">
      <Heading title={project.name} document={project.name} trail={trail} lead={<>Since <Day at={createdAt} /> {tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}</>}>
        <Link href={paths.uploadTo(project.name)} className="button"><Icon name="upload" /> New release</Link>
      </Heading>
      <p className="hidden" role="status">{changes > 0 && `Brought up to date: ${counted(releases.totalCount, 'release')}, the last with ${counted(edges[0]?.node.bom?.componentCount ?? 0, 'component')}.`}</p>
      {error && <Failure what="Not all of the project could be read" error={error} retry={retry} />}
      <Section id="releases" title="Releases" note={<span className="quiet">{releases.totalCount.toLocaleString('en')}, the newest first</span>}>
        {releases.totalCount === 0
          ? <Empty title="No release yet" icon="upload"><p>The first document makes the first release.</p><Curl project={project.name} /></Empty>
          : <Table label="Releases" columns={columnsOf(project.name)} rows={edges.map(({ node }) => node)} idOf={({ id }) => id} total={releases.totalCount} />}
      </Section>
    </div>
  );
}
