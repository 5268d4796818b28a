import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { useEffect, useMemo, useState } from 'react';

import { client } from '../client';

interface Connection<Edge> {
  readonly edges: readonly Edge[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** What is drawn anew costs time in proportion to all rows; so it is drawn once in a while, not for each page. */
const pause = 1000;

/**
 * Asks for the first page of a connection and, while the reader looks at it, for
 * all others, one after the other. The document takes the cursor as `$after`. The
 * other pages are kept here and not in Apollo's cache, which would write and read
 * all rows again with each of them. `others` are the variables that they have
 * besides, to leave out what the first page has told. `coming` says whether
 * anything of the first answer, which may come in parts, has yet to come.
 */
export function useAllPages<Data, Variables extends OperationVariables, Edge>(
  document: TypedDocumentNode<Data, Variables>,
  variables: NoInfer<Variables>,
  connection: (data: Data) => Connection<Edge> | null | undefined,
  others: Partial<NoInfer<Variables>> = {},
) {
  const asked = useQuery(document, { variables } as never);
  const data = asked.data as Data | undefined;
  const first = data && connection(data);
  const after = first?.pageInfo.hasNextPage ? first.pageInfo.endCursor : null;
  const key = JSON.stringify([variables, after]);
  const [rest, setRest] = useState<{ key: string; edges: readonly Edge[]; complete: boolean }>({ key: '', edges: [], complete: false });
  const [failure, setFailure] = useState<Error>();

  useEffect(() => {
    if (!after || failure) return;
    let gone = false;
    const bring = async () => {
      const edges: Edge[] = [];
      let shown = 0;
      for (let cursor: string | null = after; cursor && !gone;) {
        const answer: { data?: unknown; error?: Error } = await client.query({ query: document, variables: { ...variables, ...others, after: cursor } as never, fetchPolicy: 'no-cache' });
        if (gone) return;
        const page: Connection<Edge> | null | undefined = answer.data ? connection(answer.data as Data) : undefined;
        if (!page) throw answer.error ?? new Error('the answer was empty');
        edges.push(...page.edges);
        cursor = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        if (cursor && performance.now() - shown < pause) continue;
        shown = performance.now();
        setRest({ key, edges: [...edges], complete: !cursor });
      }
    };
    bring().catch((error: unknown) => !gone && setFailure(error instanceof Error ? error : new Error(String(error))));
    return () => { gone = true; };
  }, [key, failure]); // what is not here is new in each render: `key` stands for them

  const more = rest.key === key ? rest.edges : undefined;
  const edges = useMemo(() => (first ? (more ? [...first.edges, ...more] : first.edges) : []), [first?.edges, more]);
  const retry = () => {
    setFailure(undefined);
    if (!data || asked.error) void asked.refetch();
  };
  return { data, edges, loading: asked.loading && !data, coming: asked.loading, complete: Boolean(first) && (!after || (rest.key === key && rest.complete)), error: failure ?? asked.error, retry };
}
