import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';

import { unmask } from '../gql/fragment-masking';
import type { PackageQuery, PackageUseFragment } from '../gql/graphql';
import { PackageDocument, PackageUseFragmentDoc } from '../gql/Package';
import { StatusPartsFragmentDoc } from '../gql/status';
import { noun } from '../parts/count';
import { Filters, TextFilter, useParam, useSettled } from '../parts/filters';
import { Heading, Section, Tile } from '../parts/Heading';
import { useAllPages } from '../parts/pages';
import { SeverityCounts, type Counts } from '../parts/severity';
import { Empty, Failure, PageSkeleton } from '../parts/states';
import { Doubts, StatusNote } from '../parts/status';
import { Table, type Column } from '../parts/Table';
import { Ago } from '../parts/time';
import { paths } from '../paths';

type Found = NonNullable<PackageQuery['package']>;

export default function Package() {
  const purl = useSearchParams()[0].get('purl') ?? '';
  const { data, edges, loading, error, retry } = useAllPages(PackageDocument, { purl }, (data) => data.package?.components);
  if (loading) return <PageSkeleton />;
  if (data?.package) return <Page found={data.package} edges={edges} error={error} retry={retry} />;
  return (
    <div className="page">
      <Heading title={purl || 'Package'} document={purl || 'Package'} />
      {error
        ? <Failure what="The package could not be read" error={error} retry={retry} />
        : <Empty title="No uploaded document mentions it" icon="search"><p>A package URL names a type and a name, such as <code>pkg:npm/lodash</code> or <code>pkg:maven/org.slf4j/slf4j-api</code>. Version, qualifiers and subpath are ignored.</p></Empty>}
    </div>
  );
}

function Page({ found: { purl, name, type, ecosystem, latestVersion, sourceStatus, components }, edges, error, retry }: { found: Found; edges: Found['components']['edges']; error: Parameters<typeof Failure>[0]['error']; retry: () => void }) {
  const text = useSettled(useParam('q')[0]).toLowerCase();
  const statuses = unmask(StatusPartsFragmentDoc, sourceStatus);
  const uses = useMemo(() => edges.map(({ node }) => unmask(PackageUseFragmentDoc, node)), [edges]);
  const versions = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { version } of uses) counts.set(version ?? 'no version', (counts.get(version ?? 'no version') ?? 0) + 1);
    return [...counts].sort(([, a], [, b]) => b - a);
  }, [uses]);
  const shown = useMemo(() => uses.filter(({ version, release }) => !text || [version, release.version, release.project.name].some((part) => part?.toLowerCase().includes(text))), [uses, text]);
  const depsDev = statuses.find(({ source }) => source === 'DEPS_DEV');
  return (
    <div className="page">
      <Heading title={name} document={name} lead={<code>{purl}</code>} />
      {error && <Failure what="Not all of the package could be read" error={error} retry={retry} />}
      <Doubts statuses={statuses} />
      <div className="tiles">
        <Tile label="Newest version" value={latestVersion ? latestVersion.version : <span className="lacking">{depsDev ? <StatusNote status={depsDev} /> : 'Not known'}</span>} note={latestVersion?.publishedAt && <>published <Ago at={latestVersion.publishedAt} /></>} />
        <Tile label="Used by" value={components.totalCount.toLocaleString('en')} note={noun(components.totalCount, 'component')} />
        <Tile label="Versions in use" value={versions.length.toLocaleString('en')} note={versions.slice(0, 3).map(([version, count]) => `${version} (${count})`).join(', ')} />
        <Tile label="Ecosystem" value={<span className="lacking">{ecosystem ?? `${type}: not covered by OSV`}</span>} />
      </div>
      <Section id="uses" title="Where we use it">
        {components.totalCount === 0 ? <Empty title="No current release uses it" /> : (
          <>
            <Filters label="Uses">
              <TextFilter name="q" label="Filter by project or version" placeholder="Project or version" />
              <span className="found" role="status">{text && `${shown.length.toLocaleString('en')} of ${uses.length.toLocaleString('en')}`}</span>
            </Filters>
            {shown.length === 0
              ? <Empty title="No use passes this filter" icon="search" />
              : <Table label="Where we use it" columns={columns} rows={shown} idOf={({ id }) => id} standard={{ id: 'project', desc: false }} total={text ? shown.length : components.totalCount} />}
          </>
        )}
      </Section>
    </div>
  );
}

const countsOf = ({ findings }: PackageUseFragment): Counts => {
  const counts: Counts = {};
  for (const { vulnerability: { severity } } of findings ?? []) counts[severity?.rating ?? 'UNRATED'] = (counts[severity?.rating ?? 'UNRATED'] ?? 0) + 1;
  return counts;
};

const columns: Column<PackageUseFragment>[] = [
  {
    id: 'project', head: 'Project and release', width: '34%', names: true, by: ({ release }) => `${release.project.name} ${release.version}`,
    cell: ({ release: { version, project: { name } } }) => <Link href={paths.release(name, version)} className="row-link">{name} <span className="quiet">{version}</span></Link>,
  },
  { id: 'version', head: 'Version', width: '20%', by: ({ version }) => version, cell: ({ id, version }) => <Link href={paths.component(id)}>{version ?? 'no version'}</Link> },
  { id: 'relation', head: 'Relation', width: '16%', by: ({ direct }) => (direct === null ? null : String(direct)), cell: ({ direct }) => (direct === null ? <span className="quiet">not said</span> : direct ? 'direct' : 'transitive') },
  {
    id: 'findings', head: 'Findings', width: '30%', greatestFirst: true, by: ({ findings }) => findings?.length ?? -1,
    cell: (use) => {
      const osv = unmask(StatusPartsFragmentDoc, use.sourceStatus).find(({ source }) => source === 'OSV');
      if (use.findings === null) return osv ? <StatusNote status={osv} /> : <span className="status unavailable">Not known</span>;
      return <><SeverityCounts counts={countsOf(use)} />{osv && osv.state !== 'FRESH' && <span className="sub"><StatusNote status={osv} /></span>}</>;
    },
  },
];
