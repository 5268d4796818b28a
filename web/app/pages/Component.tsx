import { useQuery } from '@apollo/client/react';
import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { Link, useSearchParams } from 'wouter';

import { unmask } from '../gql/fragment-masking';
import { ComponentDocument, ComponentFindingsDocument } from '../gql/Component';
import { FindingRowFragmentDoc } from '../gql/FindingRow';
import type { ComponentQuery } from '../gql/graphql';
import { StatusPartsFragmentDoc } from '../gql/status';
import { counted } from '../parts/count';
import { findingColumns } from '../parts/findingColumns';
import { Heading, Section } from '../parts/Heading';
import { Empty, Failure, Lines, PageSkeleton } from '../parts/states';
import { Doubts, StatusNote } from '../parts/status';
import { Table } from '../parts/Table';
import { StateMark } from '../parts/triage';
import { paths } from '../paths';
import { PathPicture } from './PathPicture';
import { shortest, useWays } from './ways';

type Found = Extract<NonNullable<ComponentQuery['node']>, { __typename: 'Component' }>;

export default function Component() {
  const id = useSearchParams()[0].get('id') ?? '';
  const { data, loading, error, refetch } = useQuery(ComponentDocument, { variables: { id }, skip: !id });
  if (!data && loading) return <PageSkeleton />;
  const node = data?.node;
  if (node?.__typename === 'Component') return <Page found={node} />;
  return (
    <div className="page">
      <Heading title="Component" document="Component" />
      {error
        ? <Failure what="The component could not be read" error={error} retry={() => void refetch()} />
        : <Empty title="There is no such component" icon="search"><p>It was part of a document that has been replaced or deleted since. Its release lists the present ones: see <Link href={paths.projects}>Projects</Link>.</p></Empty>}
    </div>
  );
}

function Page({ found }: { found: Found }) {
  const { id, name, version, purl, type, scope, direct, ref, licenses, hashes, release, dependencies } = found;
  const project = release.project.name;
  return (
    <div className="page">
      <Heading
        title={<>{name} <span className="version">{version}</span></>} document={`${name} ${version ?? ''}`}
        trail={[{ href: paths.projects, name: 'Projects' }, { href: paths.project(project), name: project }, { href: paths.release(project, release.version, { tab: 'components' }), name: release.version }]}
        lead={purl ? <code>{purl}</code> : 'The document gives it no valid package URL.'}
      >
        {purl && <Link href={paths.package(purl)} className="button">Where else we use it</Link>}
      </Heading>
      <Known id={id} />
      <Paths found={found} />
      <div className="halves">
        <Section id="facts" title="In the document">
          <div className="sheet padded">
            <dl className="facts">
              <div><dt>Kind</dt><dd>{type}</dd></div>
              <div><dt>Relation</dt><dd>{direct === null ? 'not said' : direct ? 'direct' : 'transitive'}</dd></div>
              <div><dt>Scope</dt><dd>{scope?.toLowerCase() ?? 'not said'}</dd></div>
              <div><dt>Licences</dt><dd>{licenses.map(({ expression }) => expression).join(', ') || 'not said'}</dd></div>
              <div className="long"><dt>Its name there</dt><dd><code>{ref}</code></dd></div>
              {hashes.map(({ algorithm, value }) => <div key={algorithm} className="long"><dt>{algorithm}</dt><dd><code>{value}</code></dd></div>)}
            </dl>
          </div>
        </Section>
        <Section id="dependencies" title="Depends on" note={<span className="quiet">{dependencies.totalCount.toLocaleString('en')}</span>}>
          <div className="sheet padded">
            {dependencies.totalCount === 0 && <p className="quiet">Nothing, as far as the document says.</p>}
            <ul className="links">{dependencies.edges.map(({ node: { id, name, version } }) => <li key={id}><Link href={paths.component(id)}>{name}</Link> <span className="quiet">{version}</span></li>)}</ul>
            {dependencies.pageInfo.hasNextPage && <p className="quiet">The first {dependencies.edges.length} are shown.</p>}
          </div>
        </Section>
      </div>
    </div>
  );
}

/** What the sources know about the component. */
function Known({ id }: { id: string }) {
  const { data, loading, error, refetch } = useQuery(ComponentFindingsDocument, { variables: { id } });
  const node = data?.node?.__typename === 'Component' ? data.node : undefined;
  const findings = useMemo(() => node?.findings?.map((finding) => unmask(FindingRowFragmentDoc, finding)), [node?.findings]);
  const statuses = node ? unmask(StatusPartsFragmentDoc, node.sourceStatus) : [];
  const osv = statuses.find(({ source }) => source === 'OSV');
  return (
    <Section id="findings" title="Findings" note={node?.package?.latestVersion && <span className="quiet">newest version: {node.package.latestVersion.version}</span>}>
      {error && <Failure what="What is known about it could not be read" error={error} retry={() => void refetch()} />}
      {!node && loading && <Lines count={4} label="Asking what affects it" />}
      <Doubts statuses={statuses} />
      {node && !findings && <Empty title="It is not known what affects it" icon="warning"><p>{osv ? <StatusNote status={osv} /> : 'No source could say.'} {osv?.reason} That is not the same as clean.</p></Empty>}
      {findings?.length === 0 && <Empty title="No finding" icon="shield"><p>No source knows of anything that affects this version.</p></Empty>}
      {findings && findings.length > 0 && <Table label="Findings" columns={columns} rows={findings} idOf={({ id }) => id} standard={{ id: 'priority', desc: true }} />}
    </Section>
  );
}

const columns: typeof findingColumns = [
  ...findingColumns.filter(({ id }) => id !== 'component'),
  { id: 'state', head: 'Decision', width: '9rem', cell: ({ state }) => <StateMark state={state} /> },
];

function Paths({ found: { id, direct, release } }: { found: Found }) {
  const { ways, error, retry } = useWays(id);
  const [all, setAll] = useState(false);
  const list = useMemo(() => (ways ? shortest(ways, id) : []), [ways, id]);
  const title = `${release.project.name} ${release.version}`;
  return (
    <Section id="paths" title="How it gets in" note={ways && ways.steps.size > 1 && <span className="quiet">{list.length === 1 ? 'one way' : counted(list.length, 'way')} through {counted(ways.steps.size - 1, 'component')}</span>}>
      {error && <Failure what="The dependencies could not be followed" error={error} retry={retry} />}
      {!ways && !error && <Lines count={5} label="Following the dependencies" />}
      {ways && ways.steps.size === 1 && (
        <p className="sheet padded quiet">{direct ? 'The release depends on it directly, and nothing else brings it in.' : direct === null ? 'The document does not say what depends on what.' : 'The document does not say what depends on it.'}</p>
      )}
      {ways && ways.steps.size > 1 && (
        <>
          <PathPicture ways={ways} target={id} release={title} />
          <p className="quiet small">
            Only the shortest ways are drawn{ways.longer > 0 && `; ${counted(ways.longer, 'dependency is', 'dependencies are')} on longer ones`}.
            {ways.cut && ' There is more than could be followed: the nearest are shown.'} {direct && 'The release also depends on it directly.'}
          </p>
          <ol className="ways" aria-label="The shortest way from each direct dependency">
            {(all ? list : list.slice(0, 8)).map((way) => (
              <li key={way[0]?.id}>
                {way.map(({ id: step, name, version }, index) => (
                  <span key={step}>{index > 0 && <span className="arrow" aria-hidden="true"> › </span>}{step === id ? <strong>{name}</strong> : <Link href={paths.component(step)}>{name}</Link>} <span className="quiet">{version}</span></span>
                ))}
              </li>
            ))}
          </ol>
          {!all && list.length > 8 && <p><Button className="button small" onPress={() => setAll(true)}>Show all {list.length.toLocaleString('en')}</Button></p>}
        </>
      )}
    </Section>
  );
}
