import { Link } from 'wouter';

import { ProjectsDocument } from '../gql/Projects';
import { counted } from '../parts/count';
import { Filters, TextFilter, useParam, useSettled } from '../parts/filters';
import { Heading } from '../parts/Heading';
import { HowToUpload } from '../parts/HowToUpload';
import { useAllPages } from '../parts/pages';
import { ProjectTable } from '../parts/ProjectTable';
import { Empty, Failure, Lines } from '../parts/states';
import { paths } from '../paths';

export default function Projects() {
  const text = useSettled(useParam('q')[0]);
  const { data, edges, loading, error, retry } = useAllPages(ProjectsDocument, { filter: text ? { nameContains: text } : null }, ({ projects }) => projects);
  const all = data?.projects;
  return (
    <div className="page">
      <Heading title="Projects" document="Projects" lead="What you ship, and the latest release of each." />
      <Filters label="Projects">
        <TextFilter name="q" label="Filter projects by name" placeholder="Filter by name" />
        <span className="found" role="status">{all && counted(all.totalCount, 'project')}</span>
      </Filters>
      {error && <Failure what="The projects could not be read" error={error} retry={retry} />}
      {loading && <Lines count={8} label="Loading the projects" />}
      {all && all.totalCount === 0 && (text
        ? <Empty title={`No project's name contains “${text}”`} icon="search"><p><Link href={paths.projects}>Show all projects</Link></p></Empty>
        : <HowToUpload />)}
      {all && all.totalCount > 0 && <ProjectTable projects={edges.map(({ node }) => node)} total={all.totalCount} />}
    </div>
  );
}
