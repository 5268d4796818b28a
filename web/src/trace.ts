/** What `extensions.trace` says: when each resolver, batch and call started and ended, in microseconds. */
export interface Trace {
  fields: { path: (string | number)[]; start: number; end: number }[];
  batches: { name: string; keys: number; start: number; end: number }[];
  calls: { source: string; name: string; attempt: number; status: number; failed: boolean; start: number; end: number }[];
  omitted: number;
}

/** A line of the waterfall. */
export interface Line {
  kind: 'field' | 'batch' | 'call';
  name: string;
  detail: string;
  start: number;
  end: number;
  failed: boolean;
}

/** The lines of a trace in the order of their start. The same field of many objects is one line. */
export function lines(trace: Trace): Line[] {
  const fields = new Map<string, Line & { count: number }>();
  for (const { path, start, end } of trace.fields) {
    const name = path.filter((step) => typeof step === 'string').join('.');
    const line = fields.get(name);
    if (!line) {
      fields.set(name, { kind: 'field', name, detail: '', start, end, failed: false, count: 1 });
      continue;
    }
    line.count++;
    line.start = Math.min(line.start, start);
    line.end = Math.max(line.end, end);
    line.detail = `${line.count} objects`;
  }
  return [
    ...fields.values(),
    ...trace.batches.map(({ name, keys, start, end }): Line => (
      { kind: 'batch', name, detail: keys === 1 ? '1 key' : `${keys} keys`, start, end, failed: false }
    )),
    ...trace.calls.map(({ source, name, attempt, status, failed, start, end }): Line => (
      { kind: 'call', name: `${source} ${name}`, detail: `${attempt > 1 ? `attempt ${attempt}, ` : ''}${status || 'no answer'}`, start, end, failed }
    )),
  ].sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The trace of several parts of one answer. */
export function joined(a: Trace | undefined, b: Trace): Trace {
  return a ? {
    fields: [...a.fields, ...b.fields],
    batches: [...a.batches, ...b.batches],
    calls: [...a.calls, ...b.calls],
    omitted: a.omitted + b.omitted,
  } : b;
}
