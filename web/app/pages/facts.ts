import { useEffect, useRef, useState } from 'react';

import { client } from '../client';
import { unmask } from '../gql/fragment-masking';
import type { ComponentFactsQuery } from '../gql/graphql';
import { ComponentFactsDocument } from '../gql/ReleaseComponents';
import { StatusPartsFragmentDoc } from '../gql/status';
import { useAgain } from '../parts/changes';
import { ratings, type Counts } from '../parts/severity';
import type { Status } from '../parts/status';

/** What the sources say about a component. */
export interface Facts {
  /** Whether it is known what affects it; `statuses` say why not. */
  known: boolean;
  statuses: readonly Status[];
  latest: string | null;
  latestStatuses: readonly Status[];
  counts: Counts;
  /** Greater is worse: known exploited, then the worst rating, then how many. -1 where it is not known. */
  weight: number;
}

const size = 100;

const pause = 1000;

/**
 * Asks for the facts of components, a hundred at a time, in the order given. They
 * are handed out once in a while: each time all rows are drawn anew. For each of
 * the changes they are asked for again; until they have come the old ones stand.
 */
export function useFacts(ids: readonly string[], changes = 0) {
  const [facts, setFacts] = useState<ReadonlyMap<string, Facts>>(new Map());
  const [error, setError] = useState<Error>();
  const known = useRef(new Map<string, Facts>());
  useAgain(changes, () => known.current.clear());
  useEffect(() => {
    if (error) return;
    let gone = false;
    const bring = async () => {
      let shown = 0;
      for (let from = 0; from < ids.length && !gone;) {
        const asked = ids.slice(from, from + size).filter((id) => !known.current.has(id));
        from += size;
        if (asked.length > 0) {
          const { data, error } = await client.query({ query: ComponentFactsDocument, variables: { ids: asked }, fetchPolicy: 'no-cache' });
          if (gone) return;
          if (!data) throw error ?? new Error('the answer was empty');
          asked.forEach((id, index) => {
            const node = data.nodes[index];
            if (node) known.current.set(id, read(node)); // else another document has taken the place of its own: the list is about to follow
          });
        }
        if (gone || (from < ids.length && performance.now() - shown < pause)) continue;
        shown = performance.now();
        setFacts((old) => new Map([...old, ...known.current]));
      }
    };
    bring().catch((failure: unknown) => !gone && setError(failure instanceof Error ? failure : new Error(String(failure))));
    return () => { gone = true; };
  }, [ids, error, changes]);
  return { facts, error, retry: () => setError(undefined) };
}

function read(node: NonNullable<ComponentFactsQuery['nodes'][number]>): Facts {
  if (node.__typename !== 'Component') return { known: false, statuses: [], latest: null, latestStatuses: [], counts: {}, weight: -1 };
  const { findings } = node;
  const counts: Counts = {};
  let exploited = 0;
  for (const { vulnerability: { severity, kev } } of findings ?? []) {
    const rating = severity?.rating ?? 'UNRATED';
    counts[rating] = (counts[rating] ?? 0) + 1;
    if (kev) exploited++;
  }
  const worst = ratings.findIndex((rating) => counts[rating]);
  return {
    known: findings !== null,
    statuses: unmask(StatusPartsFragmentDoc, node.sourceStatus),
    latest: node.package?.latestVersion?.version ?? null,
    latestStatuses: node.package ? unmask(StatusPartsFragmentDoc, node.package.sourceStatus) : [],
    counts,
    weight: !findings ? -1 : findings.length === 0 ? 0 : exploited * 1e6 + (ratings.length - worst) * 1e3 + Math.min(findings.length, 999),
  };
}
