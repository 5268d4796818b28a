import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { useEffect, useMemo, useRef, useState } from 'react';

import { client } from '../client';
import { useAgain } from './changes';

interface Connection<Edge> {
  readonly edges: readonly Edge[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** What is drawn anew costs time in proportion to all rows; so it is drawn once in a while, not for each page. */
const pause = 1000;

/** Asks for one page of a connection after the other, past Apollo's cache. */
export async function* pages<Data, Variables extends OperationVariables, Edge>(
  document: TypedDocumentNode<Data, Variables>,
  variables: NoInfer<Variables>,
  connection: (data: Data) => Connection<Edge> | null | undefined,
  after: string | null,
) {
  do {
    const answer: { data?: unknown; error?: Error } = await client.query({ query: document, variables: { ...variables, after } as never, fetchPolicy: 'no-cache' });
    const data = answer.data as Data | undefined;
    const page: Connection<Edge> | null | undefined = data && connection(data);
    if (!data || !page) throw answer.error ?? new Error('the answer was empty');
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    yield { data, page, after };
  } while (after);
}

/**
 * Asks for the first page of a connection and, while the reader looks at it, for
 * all others, one after the other. The document takes the cursor as `$after`. The
 * other pages are kept here and not in Apollo's cache, which would write and read
 * all rows again with each of them. `others` are the variables that they have
 * besides, to leave out what the first page has told. `coming` says whether
 * anything of the first answer, which may come in parts, has yet to come.
 *
 * For each of the changes everything is asked for again, and shown when all of it
 * is there.
 */
export function useAllPages<Data, Variables extends OperationVariables, Edge>(
  document: TypedDocumentNode<Data, Variables>,
  variables: NoInfer<Variables>,
  connection: (data: Data) => Connection<Edge> | null | undefined,
  { others = {}, changes = 0 }: { others?: Partial<NoInfer<Variables>>; changes?: number } = {},
) {
  const asked = useQuery(document, { variables } as never);
  const data = asked.data as Data | undefined;
  const first = data && connection(data);
  const after = first?.pageInfo.hasNextPage ? first.pageInfo.endCursor : null;
  const subject = JSON.stringify(variables);
  const key = JSON.stringify([variables, after]);
  const [rest, setRest] = useState<{ key: string; edges: readonly Edge[]; complete: boolean }>({ key: '', edges: [], complete: false });
  const [failure, setFailure] = useState<Error>();
  const [renewing, setRenewing] = useState(false);
  const brought = rest.key === key && rest.complete;

  useEffect(() => {
    if (!after || failure || brought || renewing) return;
    let gone = false;
    const bring = async () => {
      const edges: Edge[] = [];
      let shown = 0;
      for await (const { page, after: next } of pages(document, { ...variables, ...others }, connection, after)) {
        if (gone) return;
        edges.push(...page.edges);
        if (next && performance.now() - shown < pause) continue;
        shown = performance.now();
        setRest({ key, edges: [...edges], complete: !next });
      }
    };
    bring().catch((error: unknown) => !gone && setFailure(error instanceof Error ? error : new Error(String(error))));
    return () => { gone = true; };
  }, [key, failure, renewing]); // what is not here is new in each render

  useAgain(changes, async (gone) => {
    setRenewing(true);
    const edges: Edge[] = [];
    let began: { data: Data; after: string | null } | undefined;
    try {
      for await (const { data, page, after } of pages(document, variables, connection, null)) {
        if (gone()) return;
        if (began) edges.push(...page.edges);
        began ??= { data, after };
      }
      if (began) {
        client.writeQuery({ query: document, variables, data: began.data } as never);
        setRest({ key: JSON.stringify([variables, began.after]), edges, complete: true });
      }
    } catch {
      // What is shown stays; the next change tries it again.
    }
    if (!gone()) setRenewing(false);
  });

  const more = rest.key === key ? rest.edges : undefined;
  const edges = useMemo(() => (first ? (more ? [...first.edges, ...more] : first.edges) : []), [first?.edges, more]);
  const complete = Boolean(first) && (!after || brought);
  const now = { subject, data, edges, complete };
  const whole = useRef(now);
  if (!renewing) whole.current = now;
  const retry = () => {
    setFailure(undefined);
    if (!data || asked.error) void asked.refetch();
  };
  return { ...(whole.current.subject === subject ? whole.current : now), loading: asked.loading && !data, coming: asked.loading, error: failure ?? asked.error, retry };
}
