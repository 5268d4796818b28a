import { Link } from 'wouter';

import { Heading } from '../parts/Heading';
import { Empty } from '../parts/states';
import { paths } from '../paths';

export default function Missing() {
  return (
    <div className="page">
      <Heading title="Nothing here" document="Nothing here" />
      <Empty title="No page has this address" icon="search">
        <p>It may have been mistyped. Everything that is shipped is listed under <Link href={paths.projects}>Projects</Link>.</p>
      </Empty>
    </div>
  );
}
