import type { OperationVariables, TypedDocumentNode } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';

interface Page {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/**
 * Asks for the first page of a connection and, while the reader looks at it, for
 * all others, one after the other. The document takes the cursor as `$after`.
 */
export function useAllPages<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  connection: (data: Data) => Page | null | undefined,
) {
  const asked = useQuery(document, { variables } as never);
  const { fetchMore } = asked;
  const data = asked.data as Data | undefined;
  const [failure, setFailure] = useState<Error>();
  const page = data && connection(data);
  const after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  const under = useRef<string | null>(null);
  useEffect(() => {
    if (!after || failure || under.current === after) return;
    under.current = after;
    fetchMore({ variables: { after } as never }).then(
      ({ error }) => error && setFailure(error),
      (error: unknown) => setFailure(error instanceof Error ? error : new Error(String(error))),
    ).finally(() => { under.current = null; });
  }, [after, failure, fetchMore]);
  const retry = () => {
    setFailure(undefined);
    if (!data) void asked.refetch();
  };
  return { data, loading: asked.loading && !data, complete: Boolean(page) && !after, error: failure ?? asked.error, retry };
}
