import { useMemo, type ReactNode } from 'react';
import { Link } from 'wouter';

import { unmask } from '../gql/fragment-masking';
import type { ComponentRowFragment } from '../gql/graphql';
import { ComponentRowFragmentDoc, ReleaseComponentsDocument } from '../gql/ReleaseComponents';
import { counted } from '../parts/count';
import { Choice, Filters, Pick, TextFilter, useParam, useSettled } from '../parts/filters';
import { useAllPages } from '../parts/pages';
import { Name } from '../parts/Name';
import { SeverityCounts } from '../parts/severity';
import { Bone, Empty, Failure, Lines } from '../parts/states';
import { StatusNote } from '../parts/status';
import { Table, type Column } from '../parts/Table';
import { paths } from '../paths';
import { useFacts, type Facts } from './facts';

/** The components of a release. All are brought here, page by page, to be sorted and filtered; what is known about each follows. */
export function ReleaseComponents({ project, version, changes }: { project: string; version: string; changes: number }) {
  const { data, edges, loading, complete, error, retry } = useAllPages(ReleaseComponentsDocument, { project, version }, ({ release }) => release?.components, { changes });
  const connection = data?.release?.components;
  const components = useMemo(() => edges.map(({ node }) => unmask(ComponentRowFragmentDoc, node)), [edges]);
  const known = useFacts(useMemo(() => components.map(({ id }) => id), [components]), changes);
  const { facts } = known;
  const total = connection?.totalCount ?? 0;
  return (
    <>
      {error && <Failure what="Not all components could be read" error={error} retry={retry} />}
      {known.error && <Failure what="What is known about the components could not be read" error={known.error} retry={known.retry} />}
      {loading ? <Lines count={8} label="Loading the components" /> : <Components components={components} facts={facts} total={total} busy={!complete} />}
      <p className="hidden" role="status">{complete && !loading ? `${counted(total, 'component')} loaded` : ''}</p>
    </>
  );
}

function Components({ components, facts, total, busy }: { components: readonly ComponentRowFragment[]; facts: ReadonlyMap<string, Facts>; total: number; busy: boolean }) {
  const text = useSettled(useParam('q')[0]).toLowerCase();
  const [relation] = useParam('relation');
  const [type] = useParam('type');
  const types = useMemo(() => [...new Set(components.map(({ purl }) => purlType(purl)))].sort(), [components]);
  const shown = useMemo(() => components.filter(({ name, purl, direct }) => {
    if (relation === 'direct' && direct !== true) return false;
    if (relation === 'transitive' && direct !== false) return false;
    if (type && purlType(purl) !== type) return false;
    return !text || name.toLowerCase().includes(text) || purl?.toLowerCase().includes(text);
  }), [components, text, relation, type]);
  const columns = useMemo(() => componentColumns(facts), [facts]);
  if (total === 0) return <Empty title="The document lists no component" />;
  return (
    <>
      <Filters label="Components">
        <TextFilter name="q" label="Filter components" placeholder="Name or purl" />
        <Pick name="type" label="Kind of package" all="Any kind" choices={types.map((type) => [type, type])} />
        <Choice name="relation" label="Relation" choices={[['', 'All'], ['direct', 'Direct'], ['transitive', 'Transitive']]} />
        <span className="found" role="status">{shown.length === components.length ? '' : `${shown.length.toLocaleString('en')} of ${components.length.toLocaleString('en')}`}</span>
      </Filters>
      {shown.length === 0
        ? <Empty title="No component passes these filters" icon="search" />
        : <Table label="Components" columns={columns} rows={shown} idOf={({ id }) => id} total={shown.length === components.length ? total : shown.length} busy={busy} />}
    </>
  );
}

const purlType = (purl: string | null) => (purl ? purl.slice(4, purl.indexOf('/')) : 'no purl');

const componentColumns = (facts: ReadonlyMap<string, Facts>): Column<ComponentRowFragment>[] => [
  {
    id: 'name', head: 'Component', width: '34%', names: true, by: ({ name }) => name,
    cell: ({ id, name, purl }) => (
      <>
        <Link href={paths.component(id)} className="row-link"><Name of={name} /></Link>
        <span className="sub">{purl ?? 'no purl'}</span>
      </>
    ),
  },
  { id: 'version', head: 'Version', width: '9rem', by: ({ version }) => version, cell: ({ version }) => version ?? <span className="quiet">none</span> },
  {
    id: 'latest', head: 'Newest', width: '9rem', kind: 'wide-only', by: ({ id }) => facts.get(id)?.latest,
    cell: ({ id, version }) => {
      const known = facts.get(id);
      if (!known) return <Bone width="60%" />;
      if (known.latest) return known.latest === version ? <span className="good">current</span> : known.latest;
      const [status] = known.latestStatuses.filter(({ source }) => source === 'DEPS_DEV');
      return <span className="quiet" title={status?.reason ?? undefined}>{status?.state === 'UNAVAILABLE' ? 'unavailable' : 'not covered'}</span>;
    },
  },
  { id: 'relation', head: 'Relation', width: '7rem', kind: 'wide-only', by: ({ direct }) => (direct === null ? null : direct ? 'direct' : 'transitive'), cell: ({ direct }) => (direct === null ? <span className="quiet">not said</span> : direct ? 'direct' : 'transitive') },
  { id: 'licence', head: 'Licence', width: '16%', kind: 'wide-only', by: ({ licenses }) => licenses[0]?.expression, cell: ({ licenses }) => licenses.map(({ expression }) => expression).join(', ') || <span className="quiet">not said</span> },
  {
    id: 'findings', head: 'Findings', width: '11rem', greatestFirst: true, by: ({ id }) => facts.get(id)?.weight,
    cell: ({ id }) => <Verdict facts={facts.get(id)} />,
  },
];

/** What affects a component; never an empty cell, since silence is not "clean". */
function Verdict({ facts }: { facts: Facts | undefined }): ReactNode {
  if (!facts) return <Bone width="60%" />;
  const osv = facts.statuses.find(({ source }) => source === 'OSV');
  if (!facts.known) return osv ? <StatusNote status={osv} /> : <span className="status unavailable">Not known</span>;
  return (
    <>
      <SeverityCounts counts={facts.counts} />
      {osv && osv.state !== 'FRESH' && <span className="sub"><StatusNote status={osv} /></span>}
    </>
  );
}
