import { useQuery } from '@apollo/client/react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { Link, useSearchParams } from 'wouter';

import { unmask } from '../gql/fragment-masking';
import { CountPartsFragmentDoc } from '../gql/FindingRow';
import type { CountPartsFragment, ReleaseCoverageQuery, ReleaseQuery } from '../gql/graphql';
import { ReleaseCoverageDocument, ReleaseDocument } from '../gql/Release';
import { useAgain, useChanges } from '../parts/changes';
import { counted, noun } from '../parts/count';
import { ExportButton, ExportProgress, useExport } from '../parts/Export';
import { useParam } from '../parts/filters';
import { Heading, Section } from '../parts/Heading';
import { Curl } from '../parts/HowToUpload';
import { Counters } from '../parts/severity';
import { Bone, Empty, Failure, Lines } from '../parts/states';
import { Coverage } from '../parts/status';
import { Ago } from '../parts/time';
import { paths } from '../paths';
import { ReleaseComponents } from './ReleaseComponents';
import { ReleaseFindings } from './ReleaseFindings';

type Bom = NonNullable<NonNullable<NonNullable<ReleaseQuery['project']>['release']>['bom']>;

export default function Release() {
  const [search] = useSearchParams();
  const project = search.get('project') ?? '';
  const version = search.get('version') ?? '';
  const exporting = useExport();
  const { data, loading, error, refetch } = useQuery(ReleaseDocument, { variables: { project, version } });
  const changes = useChanges(data?.project?.name);
  useAgain(changes, () => refetch());
  const trail = [{ href: paths.projects, name: 'Projects' }, { href: paths.project(project), name: project }];
  const release = data?.project?.release;
  const waiting = !data && loading;
  if (!release && !waiting) {
    return (
      <div className="page">
        <Heading title={version || 'Release'} document={`${project} ${version}`} trail={trail} />
        {error
          ? <Failure what="The release could not be read" error={error} retry={() => void refetch()} />
          : <Empty title="There is no such release" icon="search"><p>Letter case counts. <Link href={paths.projects}>Show all projects</Link>, or upload its document:</p><Curl project={project} release={version} /></Empty>}
      </div>
    );
  }
  const bom = release?.bom;
  return (
    <div className="page">
      <Heading
        title={<>{project} <span className="version">{version}</span></>} document={`${project} ${version}`} trail={trail}
        lead={waiting ? <Bone width="20rem" /> : bom && <>{bom.format} {bom.specVersion}{bom.tool && <> by {bom.tool}</>}, ingested <Ago at={bom.ingestedAt} /></>}
      >
        {bom && <ExportButton exporting={exporting} bom={bom.id} />}
      </Heading>
      <ExportProgress exporting={exporting} />
      {error && <Failure what="Not all of the release could be read" error={error} retry={() => void refetch()} />}
      {bom || waiting
        ? <Report project={project} version={version} bom={bom} stored={release && unmask(CountPartsFragmentDoc, release.findingCounts)} changes={changes} />
        : <Empty title="This release has no document yet" icon="upload"><p><Link href={paths.upload}>Upload one</Link>, or from a terminal:</p><Curl project={project} release={version} /></Empty>}
    </div>
  );
}

/** The parts of a report, each of which asks for what it shows: none waits for the Bom, which says how long the lists are. */
function Report({ project, version, bom, stored, changes }: { project: string; version: string; bom: Bom | null | undefined; stored: CountPartsFragment | null | undefined; changes: number }) {
  const [tab, setTab] = useParam('tab', 'findings');
  // What is stored is shown at once; meanwhile the sources are asked about the rest.
  const { data, error, refetch } = useQuery(ReleaseCoverageDocument, { variables: { project, version } });
  useAgain(changes, () => refetch());
  const findings = data?.release?.findings;
  const counts = findings ? unmask(CountPartsFragmentDoc, findings.counts) : stored;
  return (
    <>
      <p className="hidden" role="status">{changes > 0 && counts && bom && `Brought up to date: ${counted(counts.total, 'finding')} in ${counted(bom.componentCount, 'component')}.`}</p>
      {counts ? <Summary counts={counts} coverage={findings?.coverage} /> : <Bone height="6.5rem" />}
      {error && <Failure what="What the sources know could not be read" error={error} retry={() => void refetch()} />}
      {findings && <Coverage coverage={findings.coverage} />}
      {/* Unseen, the lists are asked for already; the release may turn out not to exist. */}
      <Tabs selectedKey={tab} onSelectionChange={(key) => setTab(String(key))} className={bom ? 'tabs' : 'tabs unseen'}>
        <TabList aria-label="Report">
          <Tab id="findings">Findings <span className="tab-count">{counts?.total.toLocaleString('en') ?? '…'}</span></Tab>
          <Tab id="components">Components <span className="tab-count">{bom?.componentCount.toLocaleString('en') ?? '…'}</span></Tab>
          <Tab id="document">Document{bom && bom.warnings.totalCount > 0 && <span className="tab-count">{counted(bom.warnings.totalCount, 'warning')}</span>}</Tab>
        </TabList>
        <TabPanel id="findings"><ReleaseFindings project={project} version={version} coverage={findings?.coverage} changes={changes} /></TabPanel>
        <TabPanel id="components"><ReleaseComponents project={project} version={version} changes={changes} /></TabPanel>
        <TabPanel id="document">{bom ? <Document bom={bom} /> : <Lines count={4} />}</TabPanel>
      </Tabs>
    </>
  );
}

type CoverageData = NonNullable<ReleaseCoverageQuery['release']>['findings']['coverage'];

function Summary({ counts, coverage }: { counts: CountPartsFragment; coverage: CoverageData | undefined }) {
  const { total, active, kev, fixable } = counts;
  const unknown = coverage && coverage.components - coverage.known;
  return (
    <div className="summary sheet">
      <div className="summary-main">
        <p className="big">{active.toLocaleString('en')} <span>{active === total ? noun(active, 'finding') : `of ${counted(total, 'finding')} ${noun(active, 'asks', 'ask')} for attention`}{!coverage && ' so far'}</span></p>
        <Counters severity={counts.severity} />
      </div>
      <dl className="summary-facts">
        <div><dt>Known exploited</dt><dd className={kev ? 'bad' : ''}>{kev.toLocaleString('en')}</dd></div>
        <div><dt>With a fix</dt><dd>{fixable.toLocaleString('en')}</dd></div>
        <div>
          <dt>Components known</dt>
          <dd className={unknown ? 'warn' : ''}>{coverage ? <>{coverage.known.toLocaleString('en')} <span className="quiet">of {coverage.components.toLocaleString('en')}</span></> : <span className="quiet">asking…</span>}</dd>
        </div>
      </dl>
    </div>
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
      <Section id="warnings" title={warnings.totalCount === 0 ? 'Everything in it could be used' : `${counted(warnings.totalCount, 'entry', 'entries')} could not be used as ${noun(warnings.totalCount, 'it', 'they')} stood`}>
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
