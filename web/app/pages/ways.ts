import { useEffect, useState } from 'react';

import { client } from '../client';
import { ComponentWaysDocument } from '../gql/Component';

/** A component on a way to another. */
export interface Step {
  id: string;
  name: string;
  version: string | null;
  direct: boolean | null;
  /** How many dependencies it is away from the component, by the shortest way. */
  distance: number;
}

/** All shortest ways by which a release comes to depend on a component. */
export interface Ways {
  steps: ReadonlyMap<string, Step>;
  /** Who depends on whom, one step nearer to the component. */
  edges: readonly (readonly [from: string, to: string])[];
  /** How many dependencies between the steps are left out, since they are on longer ways only. */
  longer: number;
  /** Whether there was more than could be followed. */
  cut: boolean;
}

type Component = Omit<Step, 'distance'>;

/**
 * Keeps of what depends on what the shortest ways to the target, from each
 * component that the release depends on directly or that nothing depends on.
 */
export function shortestWays(target: string, components: Iterable<Component>, dependencies: readonly (readonly [from: string, to: string])[], cut = false): Ways {
  const known = new Map([...components].map((component) => [component.id, component]));
  const dependents = new Map<string, string[]>();
  for (const [from, to] of dependencies) {
    const list = dependents.get(to);
    if (list) list.push(from);
    else dependents.set(to, [from]);
  }

  const distances = new Map([[target, 0]]);
  for (const at of distances.keys()) {
    if (at !== target && known.get(at)?.direct) continue; // what the release depends on directly explains itself
    for (const from of dependents.get(at) ?? []) if (!distances.has(from)) distances.set(from, (distances.get(at) ?? 0) + 1);
  }

  const nearer = new Map<string, string[]>();
  for (const [from, to] of dependencies) {
    const [far, near] = [distances.get(from), distances.get(to)];
    if (far === undefined || near === undefined || far !== near + 1) continue;
    const list = nearer.get(from);
    if (list) list.push(to);
    else nearer.set(from, [to]);
  }

  const starts = [...distances.keys()].filter((id) => id !== target && (known.get(id)?.direct || !dependents.has(id)));
  const kept = new Set([...starts, target]);
  const edges: [string, string][] = [];
  for (const from of kept) {
    for (const to of nearer.get(from) ?? []) {
      edges.push([from, to]);
      kept.add(to);
    }
  }
  const steps = new Map<string, Step>();
  for (const id of kept) {
    const component = known.get(id);
    if (component) steps.set(id, { ...component, distance: distances.get(id) ?? 0 });
  }
  return { steps, edges, longer: dependencies.length - edges.length, cut };
}

/** Asks for what lies between a release and one of its components. */
async function waysTo(id: string): Promise<Ways> {
  const { data, error } = await client.query({ query: ComponentWaysDocument, variables: { id }, fetchPolicy: 'no-cache' });
  if (data?.node?.__typename !== 'Component') throw error ?? new Error('the component is not there any more');
  const { nodes, edges, truncated } = data.node.release.dependencyGraph;
  return shortestWays(id, nodes.map(({ component }) => component), edges.map(({ from, to }) => [from, to] as const), truncated);
}

/** The ways to a component. */
export function useWays(id: string) {
  const [ways, setWays] = useState<Ways>();
  const [error, setError] = useState<Error>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let gone = false;
    setWays(undefined);
    setError(undefined);
    waysTo(id).then(
      (found) => !gone && setWays(found),
      (failure: unknown) => !gone && setError(failure instanceof Error ? failure : new Error(String(failure))),
    );
    return () => { gone = true; };
  }, [id, attempt]);
  return { ways, error, retry: () => setAttempt((before) => before + 1) };
}

/** For each direct dependency that leads to the component, the nearest first, its shortest way there. */
export function shortest({ steps, edges }: Ways, target: string): Step[][] {
  const towards = new Map<string, string>();
  for (const [from, to] of edges) if (!towards.has(from)) towards.set(from, to);
  const led = new Set(edges.map(([, to]) => to));
  const starts = [...steps.values()].filter(({ id, direct }) => id !== target && (direct || !led.has(id)));
  return starts.sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name)).map((start) => {
    const way = [start];
    for (let at = towards.get(start.id); at !== undefined; at = towards.get(at)) {
      const step = steps.get(at);
      if (step) way.push(step);
    }
    return way;
  });
}
