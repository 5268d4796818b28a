import { useQuery } from '@apollo/client/react';
import { Link } from 'wouter';

import { unmask } from '../gql/fragment-masking';
import { CountPartsFragmentDoc } from '../gql/FindingRow';
import type { OverviewQuery, PortfolioQuery } from '../gql/graphql';
import { OverviewDocument, PortfolioDocument } from '../gql/Overview';
import { TrendPartsFragmentDoc } from '../gql/Trend';
import { counted, noun } from '../parts/count';
import { Urgency } from '../parts/findingColumns';
import { Heading, Section } from '../parts/Heading';
import { HowToUpload } from '../parts/HowToUpload';
import { Icon } from '../parts/Icon';
import { Name } from '../parts/Name';
import { ProjectTable } from '../parts/ProjectTable';
import { Counters } from '../parts/severity';
import { Empty, Failure, Lines, PageSkeleton } from '../parts/states';
import { Coverage, HealthMark, sourceName } from '../parts/status';
import { Trend } from '../parts/Trend';
import { paths } from '../paths';

export default function Overview() {
  const { data, error, refetch } = useQuery(OverviewDocument);
  const portfolio = useQuery(PortfolioDocument, { pollInterval: 60_000 });
  if (!data) return error ? <Failure what="The overview could not be read" error={error} retry={() => void refetch()} /> : <PageSkeleton />;
  const { projects, sources } = data;
  return (
    <div className="page">
      <Heading title="Overview" document="Overview" lead="What is in the latest release of each project, what affects it, and what to fix first." />
      {error && <Failure what="Not all of this could be read" error={error} retry={() => void refetch()} />}
      {projects.totalCount === 0 ? <HowToUpload /> : (
        <>
          {portfolio.error && <Failure what="The findings could not be summed up" error={portfolio.error} retry={() => void portfolio.refetch()} />}
          {portfolio.data ? <Portfolio data={portfolio.data} /> : !portfolio.error && <Lines count={8} label="Summing the findings up" />}
          <Section id="projects" title="Projects" note={<Link href={paths.projects}>All {projects.totalCount.toLocaleString('en')}</Link>}>
            <ProjectTable projects={projects.edges.map(({ node }) => node)} total={projects.edges.length} />
          </Section>
        </>
      )}
      <SourceLine sources={sources} />
    </div>
  );
}

function Portfolio({ data: { trend, fixFirst, findings, findingCounts } }: { data: PortfolioQuery }) {
  const counts = unmask(CountPartsFragmentDoc, findingCounts);
  const { active, total, kev, fixable } = counts;
  return (
    <>
      <div className="halves even">
        <section className="sheet padded" aria-labelledby="now">
          <h2 id="now">Now</h2>
          <div className="summary-main">
            <p className="big">{active.toLocaleString('en')} <span>{active === total ? noun(active, 'finding') : `of ${counted(total, 'finding')}`} {noun(active, 'asks', 'ask')} for attention</span></p>
            <Counters severity={counts.severity} />
          </div>
          <dl className="summary-facts">
            <div><dt>Known exploited</dt><dd className={kev ? 'bad' : ''}>{kev.toLocaleString('en')}</dd></div>
            <div><dt>With a fix</dt><dd>{fixable.toLocaleString('en')}</dd></div>
            <div><dt>Components known</dt><dd className={findings.coverage.complete ? '' : 'warn'}>{findings.coverage.known.toLocaleString('en')} <span className="quiet">of {findings.coverage.components.toLocaleString('en')}</span></dd></div>
          </dl>
        </section>
        <section className="sheet padded" aria-labelledby="trend">
          <h2 id="trend">Last 30 days</h2>
          <Trend points={unmask(TrendPartsFragmentDoc, trend)} />
        </section>
      </div>
      <Coverage coverage={findings.coverage} />
      <Section id="first" title="Fix first" note={fixFirst.totalCount > fixFirst.edges.length && <span className="quiet">{fixFirst.edges.length} of {fixFirst.totalCount.toLocaleString('en')} upgrades, the most urgent</span>}>
        {fixFirst.totalCount === 0
          ? <Empty title="No upgrade is known that would end a finding" icon="shield">{active > 0 && <p>{counted(active, 'finding asks', 'findings ask')} for attention, and no version is known to end {noun(active, 'it', 'any of them')}.</p>}</Empty>
          : <ol className="upgrades sheet">{fixFirst.edges.map(({ node }) => <Upgrade key={`${node.package.id} ${node.to}`} upgrade={node} />)}</ol>}
      </Section>
    </>
  );
}

function Upgrade({ upgrade: { package: { purl, name }, from, to, priority, findingCount, vulnerabilityCount, kevCount, releaseCount } }: { upgrade: PortfolioQuery['fixFirst']['edges'][number]['node'] }) {
  return (
    <li>
      <span title="The sum of the findings' urgencies"><Urgency value={Math.min(priority, 999)} /></span>
      <div>
        <Link href={paths.package(purl)} className="row-link"><Name of={name} /></Link>
        <span className="sub">{from.slice(0, 3).join(', ')}{from.length > 3 && ` and ${from.length - 3} more`} <span aria-label="to">→</span> <span className="fix">{to}</span></span>
      </div>
      <div className="upgrade-ends">
        {kevCount > 0 && <span className="exploited"><Icon name="fire" />{kevCount} exploited</span>}
        <span>ends {counted(findingCount, 'finding')}</span>
        <span className="sub">{counted(vulnerabilityCount, 'vulnerability', 'vulnerabilities')} in {counted(releaseCount, 'release')}</span>
      </div>
    </li>
  );
}

function SourceLine({ sources }: { sources: OverviewQuery['sources'] }) {
  return (
    <Section id="sources" title="Sources" note={<Link href={paths.sources}>More about them</Link>}>
      <ul className="source-line sheet">{sources.map(({ source, health }) => <li key={source}><strong>{sourceName(source)}</strong> <HealthMark health={health} /></li>)}</ul>
    </Section>
  );
}
