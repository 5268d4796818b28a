import { useQuery } from '@apollo/client/react';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { Button } from 'react-aria-components';

import { client } from '../client';
import { unmask } from '../gql/fragment-masking';
import { FindingRowFragmentDoc } from '../gql/FindingRow';
import type { FindingFilter, FindingOrderField, FindingRowFragment, FindingState, ReleaseCoverageQuery, SeverityRating } from '../gql/graphql';
import { ReleaseFindingsDocument } from '../gql/ReleaseFindings';
import { useAgain } from '../parts/changes';
import { counted } from '../parts/count';
import { Choice, Filters, Pick, TextFilter, useParam, useSettled } from '../parts/filters';
import { findingColumns } from '../parts/findingColumns';
import { pages } from '../parts/pages';
import { ratingName } from '../parts/severity';
import { Empty, Failure, Lines } from '../parts/states';
import { Table, useSort, type Column } from '../parts/Table';
import { StateMark } from '../parts/triage';

const TriageDialog = lazy(() => import('../parts/TriageDialog'));

const fields: Record<string, FindingOrderField> = { priority: 'PRIORITY', severity: 'SEVERITY', epss: 'EPSS', published: 'PUBLISHED', component: 'PACKAGE' };
const sortable = Object.keys(fields);
const active: FindingState[] = ['OPEN', 'IN_TRIAGE', 'AFFECTED'];
const decided: FindingState[] = ['NOT_AFFECTED', 'FALSE_POSITIVE', 'FIXED', 'ACCEPTED'];
const severities: SeverityRating[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'NONE'];

function useFilter(): FindingFilter | null {
  const vulnerability = useSettled(useParam('q')[0].trim());
  const inPackage = useSettled(useParam('package')[0].trim());
  const [severity] = useParam('severity');
  const [only] = useParam('only');
  const [state] = useParam('state');
  return useMemo(() => {
    const filter: { -readonly [Key in keyof FindingFilter]: FindingFilter[Key] } = {};
    if (vulnerability) filter.vulnerability = vulnerability;
    if (inPackage) filter.package = inPackage;
    if (severities.includes(severity as SeverityRating)) filter.severity = [severity as SeverityRating];
    if (only === 'exploited') filter.kev = true;
    if (only === 'fixable') filter.fixable = true;
    if (only === 'direct') filter.direct = true;
    if (state === 'active') filter.state = active;
    if (state === 'decided') filter.state = decided;
    return Object.keys(filter).length > 0 ? filter : null;
  }, [vulnerability, inPackage, severity, only, state]);
}

/** The findings of a release: sorted and filtered by the server, a hundred more whenever the end comes near. */
export function ReleaseFindings({ project, version, coverage, changes }: {
  project: string; version: string; changes: number; coverage: NonNullable<ReleaseCoverageQuery['release']>['findings']['coverage'] | undefined;
}) {
  const filter = useFilter();
  const [sort] = useSort({ id: 'priority', desc: true });
  const field = fields[sort?.id ?? ''] ?? 'PRIORITY';
  const orderBy = { field, direction: sort?.desc ? 'DESC' : 'ASC' } as const;
  const { data, previousData, loading, error, refetch, fetchMore } = useQuery(ReleaseFindingsDocument, { variables: { project, version, filter, orderBy } });
  const connection = (data ?? previousData)?.release?.findings;
  const edges = connection?.edges;
  const rows = useMemo(() => edges?.map(({ node }) => unmask(FindingRowFragmentDoc, node)) ?? [], [edges]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<readonly FindingRowFragment[] | null>(null);
  const end = connection?.pageInfo.hasNextPage ? connection.pageInfo.endCursor : null;
  const [failed, setFailed] = useState<Error>();
  const more = useCallback(() => {
    fetchMore({ variables: { after: end } }).catch((failure: unknown) => setFailed(failure instanceof Error ? failure : new Error(String(failure))));
  }, [fetchMore, end]);

  // As many as were shown are brought anew before any of them is, so that nothing jumps.
  useAgain(changes, async (gone) => {
    const variables = { project, version, filter, orderBy };
    const brought: NonNullable<typeof edges>[number][] = [];
    try {
      for await (const { data: { release }, after } of pages(ReleaseFindingsDocument, variables, ({ release }) => release?.findings, null)) {
        if (gone() || !release) return;
        brought.push(...release.findings.edges);
        if (after && brought.length < rows.length) continue;
        client.writeQuery({ query: ReleaseFindingsDocument, variables, data: { release: { ...release, findings: { ...release.findings, edges: brought } } } });
        return;
      }
    } catch {
      // What is shown stays; the next change tries it again.
    }
  });

  const columns = useMemo((): Column<FindingRowFragment>[] => [
    {
      id: 'choose', head: <span className="hidden">Choose</span>, width: '2.6rem', kind: 'tight',
      cell: ({ id, component, vulnerability }) => (
        <input
          type="checkbox" checked={chosen.has(id)} aria-label={`Choose ${vulnerability.id} in ${component.name}`}
          onChange={() => setChosen((old) => {
            const next = new Set(old);
            if (!next.delete(id)) next.add(id);
            return next;
          })}
        />
      ),
    },
    ...findingColumns,
    {
      id: 'state', head: 'Decision', width: '9rem',
      cell: (finding) => (
        <Button className="state-button" onPress={() => setOpen([finding])}>
          <StateMark state={finding.state} /><span className="hidden">: decide about {finding.vulnerability.id} in {finding.component.name}</span>
        </Button>
      ),
    },
  ], [chosen]);

  if (!connection && loading) return <Lines count={8} label="Asking what affects the components" />;
  const total = connection?.totalCount ?? 0;
  const picked = rows.filter(({ id }) => chosen.has(id));
  return (
    <>
      {(error ?? failed) && <Failure what="Not all findings could be read" error={error ?? failed} retry={() => { setFailed(undefined); void refetch(); }} />}
      {connection && total === 0 && !filter ? <Clean coverage={coverage} /> : connection && (
        <>
          <Filters label="Findings">
            <TextFilter name="q" label="Filter by vulnerability" placeholder="Vulnerability or words" />
            <TextFilter name="package" label="Filter by package" placeholder="Package" />
            <Pick name="severity" label="Severity" all="Any severity" choices={severities.map((rating) => [rating, ratingName(rating)])} />
            <Pick name="state" label="Decision" all="Any decision" choices={[['active', 'Asks for attention'], ['decided', 'Dealt with']]} />
            <Choice name="only" label="Show" choices={[['', 'All'], ['exploited', 'Exploited'], ['fixable', 'With a fix'], ['direct', 'Direct']]} />
            <span className="found" role="status">{filter && `${total.toLocaleString('en')} found`}</span>
          </Filters>
          {total === 0
            ? <Empty title="No finding passes these filters" icon="search" />
            : <Table label="Findings" columns={columns} rows={rows} idOf={({ id }) => id} standard={{ id: 'priority', desc: true }} sortable={sortable} total={total} more={end && !failed ? more : undefined} busy={loading} />}
        </>
      )}
      {picked.length > 0 && (
        <div className="picked" role="region" aria-label="Chosen findings">
          <span role="status">{counted(picked.length, 'finding')} chosen</span>
          <Button className="button primary small" onPress={() => setOpen(picked.slice(0, 100))}>Decide…</Button>
          <Button className="button small" onPress={() => setChosen(new Set())}>Clear</Button>
        </div>
      )}
      {open && (
        <Suspense fallback={null}>
          <TriageDialog findings={open} close={() => setOpen(null)} decided={() => setChosen(new Set())} />
        </Suspense>
      )}
    </>
  );
}

/** No finding: how much that says depends on what is known. */
function Clean({ coverage }: { coverage: { readonly components: number; readonly known: number } | undefined }) {
  if (!coverage) return <Lines count={4} label="Asking what affects the components" />;
  const { components, known } = coverage;
  if (components === 0) return <Empty title="The document lists no component" />;
  if (known === 0) {
    return <Empty title="Nothing is known about these components" icon="warning"><p>No source could say whether anything affects them. That is not the same as clean: the list of components says why for each.</p></Empty>;
  }
  return (
    <Empty title="No finding" icon="shield">
      <p>
        No source knows of anything that affects {components === 1 ? 'the one component' : `${known === components ? 'any of the' : `${known.toLocaleString('en')} of`} ${counted(components, 'component')}`}.
        {known < components && ` About the other ${(components - known).toLocaleString('en')} nothing is known.`}
      </p>
    </Empty>
  );
}
