import { useSyncExternalStore } from 'react';

import { lines, type Line, type Trace } from './trace';

/** The last trace, for who draws it. */
export class Traces {
  #last: Trace | undefined;
  #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };

  readonly last = () => this.#last;

  set(trace: Trace | undefined) {
    this.#last = trace;
    for (const listener of this.#listeners) listener();
  }
}

/** The most lines that are drawn. */
const most = 200;

const kinds = { field: 'resolver', batch: 'batch', call: 'call to a source' };

const time = (microseconds: number) => `${(microseconds / 1000).toFixed(microseconds < 10_000 ? 2 : 1)} ms`;

/** Draws when each resolver, batch and call of the last operation ran. */
export function Waterfall({ traces }: { traces: Traces }) {
  const trace = useSyncExternalStore(traces.subscribe, traces.last);
  if (!trace) return null;
  const all = lines(trace);
  const end = Math.max(1, ...all.map((line) => line.end));
  const left = all.length - most + trace.omitted;
  return (
    <details className="waterfall" open>
      <summary>
        Trace: {time(end)}, {trace.batches.length} batches, {trace.calls.length} calls to sources
      </summary>
      <table>
        <thead>
          <tr><th scope="col">What</th><th scope="col">When</th><th scope="col">Took</th></tr>
        </thead>
        <tbody>
          {all.slice(0, most).map((line, i) => <Bar key={i} line={line} end={end} />)}
        </tbody>
      </table>
      {left > 0 && <p>{left} more are not shown.</p>}
    </details>
  );
}

/** The end of a long path, which tells most. */
function short(name: string) {
  const steps = name.split('.');
  return steps.length > 3 ? `… ${steps.slice(-2).join('.')}` : name;
}

function Bar({ line, end }: { line: Line; end: number }) {
  const from = 100 * line.start / end;
  const width = Math.max(0.4, 100 * (line.end - line.start) / end);
  return (
    <tr data-kind={line.kind} data-failed={line.failed || undefined}>
      <th scope="row" title={`${kinds[line.kind]} ${line.name}`}>
        <span className="name">{short(line.name)}</span> <small>{line.detail}</small>
      </th>
      <td>
        <div className="bar" style={{ marginLeft: `${Math.min(from, 99.6)}%`, width: `${Math.min(width, 100 - from)}%` }} title={`${time(line.start)} to ${time(line.end)}`} />
        <span className="unseen">{kinds[line.kind]}, from {time(line.start)} to {time(line.end)}</span>
      </td>
      <td>{time(line.end - line.start)}</td>
    </tr>
  );
}
