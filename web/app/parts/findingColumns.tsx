import { Link } from 'wouter';

import type { FindingRowFragment } from '../gql/graphql';
import { paths } from '../paths';
import { Icon } from './Icon';
import { Name } from './Name';
import { SeverityBadge } from './severity';
import type { Column } from './Table';

/** Orders by how bad, where the rows are sorted here. */
const severityRank = ({ vulnerability: { severity } }: FindingRowFragment) => severity?.score ?? 0;

/** The columns that tables of findings have in common. */
export const findingColumns: Column<FindingRowFragment>[] = [
  {
    id: 'priority', head: 'Urgency', width: '6.2rem', kind: 'number wide-only', greatestFirst: true, by: ({ priority }) => priority,
    cell: ({ priority }) => <Urgency value={priority} />,
  },
  {
    id: 'severity', head: 'Severity', width: '7.5rem', greatestFirst: true, by: severityRank,
    cell: ({ vulnerability: { severity } }) => <SeverityBadge rating={severity?.rating ?? 'UNRATED'} score={severity?.score} />,
  },
  {
    id: 'vulnerability', head: 'Vulnerability', width: '36%', names: true, by: ({ vulnerability: { id } }) => id,
    cell: ({ vulnerability: { id, summary, kev } }) => (
      <>
        <Link href={paths.vulnerability(id)} className="row-link">{id}</Link>
        {kev && <Exploited />}
        {summary && <span className="sub">{summary}</span>}
      </>
    ),
  },
  {
    id: 'component', head: 'Component', width: '26%', by: ({ component: { name } }) => name,
    cell: ({ component: { id, name, version, direct } }) => (
      <>
        <Link href={paths.component(id)}><Name of={name} /></Link> <span className="quiet">{version}</span>
        {direct !== null && <span className="sub">{direct ? 'direct' : 'transitive'}</span>}
      </>
    ),
  },
  {
    id: 'fix', head: 'Fixed in', width: '8rem', by: ({ fixedIn }) => fixedIn,
    cell: ({ fixedIn }) => (fixedIn ? <span className="fix">{fixedIn}</span> : <span className="quiet">no fix known</span>),
  },
  {
    id: 'epss', head: 'EPSS', width: '6rem', kind: 'number wide-only', greatestFirst: true, by: ({ vulnerability: { epss } }) => epss?.probability,
    cell: ({ vulnerability: { epss } }) => (epss ? percent(epss.probability) : <span className="quiet">–</span>),
  },
];

/** How urgent, 0 to 100, as a number and a short bar. */
export function Urgency({ value }: { value: number }) {
  return (
    <span className="urgency">
      <span aria-hidden="true" className="urgency-bar"><span style={{ width: `${Math.max(value, 2)}%` }} /></span>
      {value >= 10 ? Math.round(value) : value.toFixed(1)}
    </span>
  );
}

/** That CISA knows it to be exploited. */
export function Exploited() {
  return <span className="exploited" title="In CISA's catalogue of known exploited vulnerabilities"><Icon name="fire" />Exploited</span>;
}

/** A share as percent; never rounded up to all. */
export const percent = (share: number) => (share >= 0.995 ? 'over 99%' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`);
