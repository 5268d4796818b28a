import { Link } from 'wouter';

import type { FindingRowFragment } from '../gql/graphql';
import { paths } from '../paths';
import { Icon } from './Icon';
import { ratings, SeverityBadge } from './severity';
import type { Column } from './Table';

const rank = ({ vulnerability: { severity } }: FindingRowFragment) => (severity ? ratings.length - ratings.indexOf(severity.rating) + (severity.score ?? 0) / 100 : 0);

/** Known exploited first, then by how likely and how bad. */
export const urgency = (finding: FindingRowFragment) => {
  const { kev, epss, severity } = finding.vulnerability;
  return (kev ? 1000 : 0) + (epss?.probability ?? 0) * 100 * Math.max(severity?.score ?? 5, 1) / 10 + rank(finding) * 5;
};

/** The columns that tables of findings have in common. */
export const findingColumns: Column<FindingRowFragment>[] = [
  {
    id: 'severity', head: 'Severity', width: '7.5rem', greatestFirst: true, by: rank,
    cell: ({ vulnerability: { severity } }) => <SeverityBadge rating={severity?.rating ?? 'UNRATED'} score={severity?.score} />,
  },
  {
    id: 'vulnerability', head: 'Vulnerability', width: '34%', names: true, by: ({ vulnerability: { id } }) => id,
    cell: ({ vulnerability: { id, summary, kev } }) => (
      <>
        <Link href={paths.vulnerability(id)} className="row-link">{id}</Link>
        {kev && <Exploited />}
        {summary && <span className="sub">{summary}</span>}
      </>
    ),
  },
  {
    id: 'component', head: 'Component', width: '24%', by: ({ component: { name } }) => name,
    cell: ({ component: { id, name, version, direct } }) => (
      <>
        <Link href={paths.component(id)}>{name}</Link> <span className="quiet">{version}</span>
        {direct !== null && <span className="sub">{direct ? 'direct' : 'transitive'}</span>}
      </>
    ),
  },
  {
    id: 'fix', head: 'Fixed in', width: '8rem', by: ({ fixedIn }) => fixedIn,
    cell: ({ fixedIn }) => (fixedIn ? <span className="fix">{fixedIn}</span> : <span className="quiet">no fix known</span>),
  },
  {
    id: 'epss', head: 'EPSS', width: '6rem', kind: 'number', greatestFirst: true, by: ({ vulnerability: { epss } }) => epss?.probability,
    cell: ({ vulnerability: { epss } }) => (epss ? percent(epss.probability) : <span className="quiet">–</span>),
  },
];

/** That CISA knows it to be exploited. */
export function Exploited() {
  return <span className="exploited" title="In CISA's catalogue of known exploited vulnerabilities"><Icon name="fire" />Exploited</span>;
}

export const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
