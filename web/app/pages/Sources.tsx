import { useQuery } from '@apollo/client/react';

import type { Source, SourcesQuery } from '../gql/graphql';
import { SourcesDocument } from '../gql/Sources';
import { Heading, Section } from '../parts/Heading';
import { Failure, Lines } from '../parts/states';
import { HealthMark, sourceName } from '../parts/status';
import { Ago } from '../parts/time';

const about: Record<Source, string> = {
  OSV: 'Which vulnerabilities affect a package version, and their records.',
  EPSS: 'How likely a vulnerability is to be exploited in the next 30 days, by FIRST.',
  KEV: 'Which vulnerabilities are known to be exploited, by CISA.',
  DEPS_DEV: 'The versions of packages, and when they were published.',
  END_OF_LIFE: 'Until when products get mended, by endoflife.date.',
};

export default function Sources() {
  const { data, error, refetch } = useQuery(SourcesDocument, { pollInterval: 15_000 });
  const mirrored = data?.sources.flatMap(({ source, mirror }) => mirror.map((part) => ({ source, ...part }))) ?? [];
  return (
    <div className="page">
      <Heading title="Sources" document="Sources" lead="Where facts come from, and how well each source is doing as seen from this server." />
      {!data && (error ? <Failure what="The sources could not be read" error={error} retry={() => void refetch()} /> : <Lines count={6} label="Loading the sources" />)}
      {data && <ul className="cards">{data.sources.map((source) => <SourceCard key={source.source} source={source} />)}</ul>}
      {mirrored.length > 0 && (
        <Section id="mirror" title="Mirrored here" note={<span className="quiet">These need not be asked</span>}>
          <div className="sheet">
            <table className="plain" aria-label="Mirrored here">
              <thead><tr><th scope="col">Part</th><th scope="col" className="number">Records</th><th scope="col" className="number">Left out</th><th scope="col">As of</th><th scope="col">Compared</th></tr></thead>
              <tbody>
                {mirrored.map(({ source, name, records, skipped, asOf, syncedAt }) => (
                  <tr key={`${source} ${name}`}>
                    <th scope="row">{name}</th>
                    <td className="number">{records.toLocaleString('en')}</td>
                    <td className="number">{skipped ? skipped.toLocaleString('en') : '–'}</td>
                    <td>{asOf ? <Ago at={asOf} /> : 'not known'}</td>
                    <td>{syncedAt ? <Ago at={syncedAt} /> : 'not yet'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Section>
      )}
    </div>
  );
}

function SourceCard({ source: { source, health, calls, failures, lastSuccessAt, lastFailureAt, lastError, asOf } }: { source: SourcesQuery['sources'][number] }) {
  return (
    <li className="card">
      <div className="card-head"><h2>{sourceName(source)}</h2><HealthMark health={health} /></div>
      <p className="quiet">{about[source]}</p>
      <dl className="facts">
        <div><dt>Last answer</dt><dd>{lastSuccessAt ? <Ago at={lastSuccessAt} /> : 'none yet'}</dd></div>
        <div><dt>Calls</dt><dd>{calls.toLocaleString('en')}{failures > 0 && <span className="bad">, {failures.toLocaleString('en')} failed</span>}</dd></div>
        {asOf && <div><dt>Catalogue</dt><dd><Ago at={asOf} /></dd></div>}
        {lastFailureAt && <div><dt>Last failure</dt><dd><Ago at={lastFailureAt} /></dd></div>}
      </dl>
      {lastError && health !== 'UP' && <p className="card-error">{lastError}</p>}
    </li>
  );
}
