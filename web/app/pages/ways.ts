import { useEffect, useState } from 'react';

import { client } from '../client';
import { DependentsDocument } from '../gql/graphql';

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

const most = 1500;

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

/** Follows the dependents of a component up to the direct dependencies of its release, a level at a time. */
async function waysTo(target: Component, signal: AbortSignal): Promise<Ways> {
  const components = new Map([[target.id, target]]);
  const dependencies: [string, string][] = [];
  let cut = false;
  let level = [target.id];
  while (level.length > 0) {
    const next: string[] = [];
    for (let from = 0; from < level.length; from += 100) {
      const { data, error } = await client.query({ query: DependentsDocument, variables: { ids: level.slice(from, from + 100) }, fetchPolicy: 'no-cache' });
      signal.throwIfAborted();
      if (!data) throw error ?? new Error('the answer was empty');
      for (const node of data.nodes) {
        if (node?.__typename !== 'Component') continue;
        cut ||= node.dependents.pageInfo.hasNextPage;
        for (const { node: { id, name, version, direct } } of node.dependents.edges) {
          if (!components.has(id)) {
            if (components.size >= most) {
              cut = true;
              continue;
            }
            components.set(id, { id, name, version, direct });
            if (!direct) next.push(id);
          }
          dependencies.push([id, node.id]);
        }
      }
    }
    level = next;
  }
  return shortestWays(target.id, components.values(), dependencies, cut);
}

/** The ways to a component, as far as they have been found. */
export function useWays(target: Component) {
  const [ways, setWays] = useState<Ways>();
  const [error, setError] = useState<Error>();
  const [attempt, setAttempt] = useState(0);
  const { id, name, version, direct } = target;
  useEffect(() => {
    const gone = new AbortController();
    setWays(undefined);
    setError(undefined);
    waysTo({ id, name, version, direct }, gone.signal).then(
      (found) => !gone.signal.aborted && setWays(found),
      (failure: unknown) => !gone.signal.aborted && setError(failure instanceof Error ? failure : new Error(String(failure))),
    );
    return () => gone.abort();
  }, [id, name, version, direct, attempt]);
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
