import { useQuery } from '@apollo/client/react';
import { Link } from 'wouter';

import { OverviewDocument } from '../gql/graphql';
import { Heading, Section, Tile } from '../parts/Heading';
import { HowToUpload } from '../parts/HowToUpload';
import { ProjectTable } from '../parts/ProjectTable';
import { Failure, PageSkeleton } from '../parts/states';
import { HealthMark, sourceName } from '../parts/status';
import { Ago } from '../parts/time';
import { paths } from '../paths';

export default function Overview() {
  const { data, error, refetch } = useQuery(OverviewDocument);
  if (!data) return error ? <Failure what="The overview could not be read" error={error} retry={() => void refetch()} /> : <PageSkeleton />;
  const { projects, sources } = data;
  return (
    <div className="page">
      <Heading title="Overview" document="Overview" lead="What you ship, and how sure each source is about it." />
      {error && <Failure what="Not all of this could be read" error={error} retry={() => void refetch()} />}
      <div className="tiles">
        <Tile label="Projects" value={projects.totalCount.toLocaleString('en')} href={paths.projects} />
        {sources.map(({ source, health, lastSuccessAt }) => (
          <Tile key={source} label={sourceName(source)} value={<HealthMark health={health} />} note={lastSuccessAt && <>last answer <Ago at={lastSuccessAt} /></>} href={paths.sources} />
        ))}
      </div>
      {projects.totalCount === 0 ? <HowToUpload /> : (
        <Section id="projects" title="Projects" note={projects.pageInfo.hasNextPage && <Link href={paths.projects}>All {projects.totalCount.toLocaleString('en')}</Link>}>
          <ProjectTable projects={projects.edges.map(({ node }) => node)} total={projects.edges.length} />
        </Section>
      )}
    </div>
  );
}
