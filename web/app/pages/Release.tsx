import { useQuery } from '@apollo/client/react';
import { useDeferredValue, useMemo, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Link, useSearchParams } from 'wouter';

import { unmask } from '../gql/fragment-masking';
import { ComponentRowFragmentDoc, ReleaseComponentsDocument, ReleaseDocument, type ComponentRowFragment, type FindingRowFragment, type ReleaseQuery } from '../gql/graphql';
import { Choice, Filters, Pick, TextFilter, useParam, useSettled } from '../parts/filters';
import { findingColumns, urgency } from '../parts/findingColumns';
import { Heading, Section } from '../parts/Heading';
import { Curl } from '../parts/HowToUpload';
import { useAllPages } from '../parts/pages';
import { ratingName, ratings, SeverityBar, SeverityCounts, type Counts } from '../parts/severity';
import { Bone, Empty, Failure, Lines, PageSkeleton } from '../parts/states';
import { Doubts, StatusNote } from '../parts/status';
import { Table, type Column } from '../parts/Table';
import { Ago } from '../parts/time';
import { paths } from '../paths';
import { useFacts, type Facts } from './facts';

type Bom = NonNullable<NonNullable<NonNullable<ReleaseQuery['project']>['release']>['bom']>;

export default function Release() {
  const [search] = useSearchParams();
  const project = search.get('project') ?? '';
  const version = search.get('version') ?? '';
  const { data, loading, error, refetch } = useQuery(ReleaseDocument, { variables: { project, version } });
  if (!data && loading) return <PageSkeleton />;
  const trail = [{ href: paths.projects, name: 'Projects' }, { href: paths.project(project), name: project }];
  const release = data?.project?.release;
  if (!release) {
    return (
      <div className="page">
        <Heading title={version || 'Release'} document={`${project} ${version}`} trail={trail} />
        {error
          ? <Failure what="The release could not be read" error={error} retry={() => void refetch()} />
          : <Empty title="There is no such release" icon="search"><p>Letter case counts. <Link href={paths.projects}>Show all projects</Link>, or upload its document:</p><Curl project={project} release={version} /></Empty>}
      </div>
    );
  }
  const { bom } = release;
  return (
    <div className="page">
      <Heading
        title={<>{project} <span className="version">{version}</span></>} document={`${project} ${version}`} trail={trail}
        lead={bom && <>{bom.format} {bom.specVersion}{bom.tool && <> by {bom.tool}</>}, ingested <Ago at={bom.ingestedAt} /></>}
      />
      {error && <Failure what="Not all of the release could be read" error={error} retry={() => void refetch()} />}
      {bom
        ? <Report project={project} version={version} bom={bom} />
        : <Empty title="This release has no document yet" icon="upload"><p><Link href={paths.upload}>Upload one</Link>, or from a terminal:</p><Curl project={project} release={version} /></Empty>}
    </div>
  );
}

function Report({ project, version, bom }: { project: string; version: string; bom: Bom }) {
  const [tab, setTab] = useParam('tab', 'findings');
  const { data, loading, complete, error, retry } = useAllPages(ReleaseComponentsDocument, { project, version }, ({ release }) => release?.components);
  const edges = data?.release?.components.edges;
  const components = useMemo(() => edges?.map(({ node }) => unmask(ComponentRowFragmentDoc, node)) ?? [], [edges]);
  const ids = useMemo(() => components.map(({ id }) => id), [components]);
  const known = useFacts(ids);
  const facts = useDeferredValue(known.facts);
  const total = data?.release?.components.totalCount ?? bom.componentCount;
  const findings = useMemo(() => [...facts.values()].flatMap(({ findings }) => findings ?? []), [facts]);
  const busy = !complete || !known.complete;

  return (
    <>
      <Summary facts={facts} total={total} busy={busy} />
      {error && <Failure what="Not all components could be read" error={error} retry={retry} />}
      {known.error && <Failure what="What is known about the components could not be read" error={known.error} retry={known.retry} />}
      <Tabs selectedKey={tab} onSelectionChange={(key) => setTab(String(key))} className="tabs">
        <TabList aria-label="Report">
          <Tab id="findings">Findings <span className="tab-count">{findings.length.toLocaleString('en')}{busy && '+'}</span></Tab>
          <Tab id="components">Components <span className="tab-count">{total.toLocaleString('en')}</span></Tab>
          <Tab id="document">Document {bom.warnings.totalCount > 0 && <span className="tab-count">{bom.warnings.totalCount.toLocaleString('en')} warnings</span>}</Tab>
        </TabList>
        <TabPanel id="findings">{loading ? <Lines count={8} /> : <Findings findings={findings} busy={busy} facts={facts} total={total} />}</TabPanel>
        <TabPanel id="components">{loading ? <Lines count={8} /> : <Components components={components} facts={facts} total={total} busy={busy} />}</TabPanel>
        <TabPanel id="document"><Document bom={bom} /></TabPanel>
      </Tabs>
    </>
  );
}

function Summary({ facts, total, busy }: { facts: ReadonlyMap<string, Facts>; total: number; busy: boolean }) {
  const counts: Counts = {};
  let exploited = 0;
  let fixable = 0;
  let affected = 0;
  let unknown = 0;
  for (const { findings } of facts.values()) {
    if (!findings) unknown++;
    else if (findings.length > 0) affected++;
    for (const { fixedIn, vulnerability: { severity, kev } } of findings ?? []) {
      const rating = severity?.rating ?? 'UNRATED';
      counts[rating] = (counts[rating] ?? 0) + 1;
      if (kev) exploited++;
      if (fixedIn) fixable++;
    }
  }
  const all = ratings.reduce((sum, rating) => sum + (counts[rating] ?? 0), 0);
  const statuses = useMemo(() => [...facts.values()].flatMap(({ statuses }) => statuses), [facts]);
  return (
    <>
      <div className="summary sheet">
        <div className="summary-main">
          <p className="big">{all.toLocaleString('en')} <span>{all === 1 ? 'finding' : 'findings'}{busy && ' so far'}</span></p>
          <SeverityBar counts={counts} />
          <ul className="legend">{ratings.filter((rating) => counts[rating]).map((rating) => <li key={rating} className={rating.toLowerCase()}>{counts[rating]?.toLocaleString('en')} {ratingName(rating).toLowerCase()}</li>)}</ul>
        </div>
        <dl className="summary-facts">
          <div><dt>Known exploited</dt><dd className={exploited ? 'bad' : ''}>{exploited.toLocaleString('en')}</dd></div>
          <div><dt>With a fix</dt><dd>{fixable.toLocaleString('en')}</dd></div>
          <div><dt>Components affected</dt><dd>{affected.toLocaleString('en')} <span className="quiet">of {total.toLocaleString('en')}</span></dd></div>
          <div><dt>Not known</dt><dd className={unknown ? 'warn' : ''}>{unknown.toLocaleString('en')}</dd></div>
        </dl>
        <p className="summary-progress" role="status">{busy ? `Asked about ${facts.size.toLocaleString('en')} of ${total.toLocaleString('en')} components…` : ''}</p>
      </div>
      <Doubts statuses={statuses} />
    </>
  );
}

function Findings({ findings, busy, facts, total }: { findings: readonly FindingRowFragment[]; busy: boolean; facts: ReadonlyMap<string, Facts>; total: number }) {
  const text = useSettled(useParam('q')[0]).toLowerCase();
  const [severity] = useParam('severity');
  const [only] = useParam('only');
  const shown = useMemo(() => findings.filter((finding) => {
    const { component, fixedIn, vulnerability: { id, summary, severity: rated, kev } } = finding;
    if (severity && (rated?.rating ?? 'UNRATED') !== severity) return false;
    if (only === 'exploited' && !kev) return false;
    if (only === 'fixable' && !fixedIn) return false;
    if (only === 'direct' && !component.direct) return false;
    return !text || [id, component.name, component.purl, summary].some((part) => part?.toLowerCase().includes(text));
  }), [findings, text, severity, only]);
  const columns = useMemo((): Column<FindingRowFragment>[] => [
    { id: 'urgency', head: 'First', width: '0', by: urgency, greatestFirst: true, cell: () => null }, ...findingColumns,
  ].slice(1) as Column<FindingRowFragment>[], []);
  const unknown = [...facts.values()].filter(({ findings }) => findings === null).length;

  if (findings.length === 0) {
    if (busy) return <Lines count={8} label="Asking what affects the components" />;
    return unknown === total
      ? <Empty title="Nothing is known about these components" icon="warning"><p>No source could say whether anything affects them. That is not the same as clean: the components list says why for each.</p></Empty>
      : <Empty title="No finding" icon="shield"><p>No source knows of anything that affects {(total - unknown).toLocaleString('en')} of {total.toLocaleString('en')} components.{unknown > 0 && ` About the other ${unknown.toLocaleString('en')} nothing is known.`}</p></Empty>;
  }
  return (
    <>
      <Filters label="Findings">
        <TextFilter name="q" label="Filter findings" placeholder="Id, component or words" />
        <Pick name="severity" label="Severity" all="Any severity" choices={ratings.map((rating) => [rating, ratingName(rating)])} />
        <Choice name="only" label="Show" choices={[['', 'All'], ['exploited', 'Exploited'], ['fixable', 'With a fix'], ['direct', 'Direct']]} />
        <span className="found" role="status">{shown.length === findings.length ? '' : `${shown.length.toLocaleString('en')} of ${findings.length.toLocaleString('en')}`}</span>
      </Filters>
      {shown.length === 0
        ? <Empty title="No finding passes these filters" icon="search" />
        : <Table label="Findings" columns={columns} rows={shown} idOf={({ id }) => id} standard={{ id: 'severity', desc: true }} />}
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
        <Link href={paths.component(id)} className="row-link">{name}</Link>
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
  if (!facts.findings) return osv ? <StatusNote status={osv} /> : <span className="status unavailable">Not known</span>;
  return (
    <>
      <SeverityCounts counts={facts.counts} />
      {osv && osv.state !== 'FRESH' && <span className="sub"><StatusNote status={osv} /></span>}
    </>
  );
}

function Document({ bom }: { bom: Bom }) {
  const { format, specVersion, encoding, tool, digest, size, fileName, documentedAt, ingestedAt, ingestedBy, componentCount, dependencyCount, warnings } = bom;
  return (
    <div className="sheet padded">
      <dl className="facts wide">
        <div><dt>Format</dt><dd>{format} {specVersion}, {encoding}</dd></div>
        <div><dt>Made by</dt><dd>{tool ?? 'not said'}</dd></div>
        {documentedAt && <div><dt>Made</dt><dd><Ago at={documentedAt} /></dd></div>}
        <div><dt>Ingested</dt><dd><Ago at={ingestedAt} />{ingestedBy && ` by ${ingestedBy}`}</dd></div>
        {fileName && <div><dt>File</dt><dd>{fileName}</dd></div>}
        <div><dt>Size</dt><dd>{size.toLocaleString('en')} bytes</dd></div>
        <div><dt>Components</dt><dd>{componentCount.toLocaleString('en')}</dd></div>
        <div><dt>Dependencies</dt><dd>{dependencyCount.toLocaleString('en')}</dd></div>
        <div className="long"><dt>SHA-256</dt><dd><code>{digest}</code></dd></div>
      </dl>
      <Section id="warnings" title={warnings.totalCount === 0 ? 'Everything in it could be used' : `${warnings.totalCount.toLocaleString('en')} entries could not be used as they stood`}>
        {warnings.totalCount > 0 && (
          <>
            <ul className="warnings">{warnings.edges.map(({ node: { code, location, message } }, index) => <li key={index}><code>{location}</code><span>{message}</span><span className="tag">{code}</span></li>)}</ul>
            {warnings.pageInfo.hasNextPage && <p className="quiet">The first {warnings.edges.length} are shown; the playground pages through all.</p>}
          </>
        )}
      </Section>
    </div>
  );
}
