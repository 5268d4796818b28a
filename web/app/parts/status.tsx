import type { ReactNode } from 'react';

import type { Health, Source, SourceState } from '../gql/graphql';
import { counted } from './count';
import { Icon } from './Icon';
import { ago, useNow } from './time';

const names: Record<Source, string> = { OSV: 'OSV', EPSS: 'EPSS', KEV: 'KEV', DEPS_DEV: 'deps.dev', END_OF_LIFE: 'endoflife.date' };

export const sourceName = (source: Source) => names[source] ?? source;

export interface Status {
  readonly source: Source;
  readonly state: SourceState;
  readonly asOf: string | null;
  readonly reason: string | null;
}

/** The statuses that qualify what is shown: of sources that could not be asked, or only in part. */
export const doubts = (statuses: readonly Status[]) => statuses.filter(({ state }) => state === 'STALE' || state === 'UNAVAILABLE');

/** What stands behind facts, in a few words: "OSV unavailable", "EPSS as of 3 h ago". */
export function StatusNote({ status }: { status: Status }) {
  const now = useNow();
  const { source, state, asOf, reason } = status;
  const text = {
    FRESH: `${names[source]} asked`,
    STALE: `${names[source]} not reachable: as of ${asOf ? ago(asOf, now) : 'earlier'}`,
    UNAVAILABLE: `${names[source]} unavailable`,
    NOT_COVERED: `Not covered by ${names[source]}`,
    NOT_APPLICABLE: `${names[source]} does not apply`,
  }[state];
  return <span className={`status ${state.toLowerCase()}`} title={reason ?? undefined}>{text}</span>;
}

/** Sums statuses of many objects up: each source and state that is in doubt once, with how often. */
export function Doubts({ statuses, children }: { statuses: readonly Status[]; children?: ReactNode }) {
  const now = useNow();
  const groups = new Map<string, { status: Status; count: number }>();
  for (const status of doubts(statuses)) {
    const key = `${status.source} ${status.state}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { status, count: 1 });
    else {
      group.count++;
      // The oldest says how far back the facts go.
      if ((status.asOf ?? '') < (group.status.asOf ?? '')) group.status = status;
    }
  }
  if (groups.size === 0) return null;
  return (
    <div className="doubts" role="status">
      <Icon name="warning" />
      <ul>
        {[...groups.values()].map(({ status: { source, state, asOf, reason }, count }) => (
          <li key={`${source} ${state}`}>
            <strong>{names[source]} {state === 'STALE' ? `not reachable: as of ${asOf ? ago(asOf, now) : 'earlier'}` : 'unavailable'}</strong>
            {count > 1 && ` for ${count.toLocaleString('en')} entries`}
            {state === 'UNAVAILABLE' && ': what it knows is missing here, which does not mean that there is nothing'}
            {reason && <span className="quiet"> ({reason})</span>}
          </li>
        ))}
        {children}
      </ul>
    </div>
  );
}

/** How much is known of what affects components, as the API counts it. */
export interface CoverageParts {
  readonly components: number;
  readonly known: number;
  readonly complete: boolean;
  readonly sources: readonly { readonly source: Source; readonly state: SourceState; readonly components: number; readonly vulnerabilities: number; readonly asOf: string | null; readonly reason: string | null }[];
}

/** What a list of findings cannot show: about what nothing is known, and what is old. */
export function Coverage({ coverage: { components, known, sources } }: { coverage: CoverageParts }) {
  const now = useNow();
  const shown = sources.filter(({ state, components, vulnerabilities }) => state !== 'FRESH' && state !== 'NOT_APPLICABLE' && components + vulnerabilities > 0
    && !(state === 'NOT_COVERED' && components === 0));
  if (shown.length === 0) return null;
  const grave = shown.some(({ state }) => state === 'UNAVAILABLE' || state === 'STALE');
  return (
    <div className={grave ? 'doubts' : 'doubts calm'} role="status">
      <Icon name="warning" />
      <ul>
        {components > known && <li><strong>About {(components - known).toLocaleString('en')} of {counted(components, 'component')} it is not known what affects them.</strong> That is not the same as clean.</li>}
        {shown.map(({ source, state, components, vulnerabilities, asOf, reason }) => (
          <li key={`${source} ${state}`}>
            {names[source]} {{ STALE: `not reachable: as of ${asOf ? ago(asOf, now) : 'earlier'}`, UNAVAILABLE: 'unavailable', NOT_COVERED: 'does not cover', FRESH: '', NOT_APPLICABLE: '' }[state]}
            {state !== 'NOT_COVERED' && ' for'} {components > 0 ? counted(components, 'component') : counted(vulnerabilities, 'vulnerability', 'vulnerabilities')}
            {reason && <span className="quiet"> ({reason})</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

const healthWords: Record<Health, string> = {
  UP: 'Answers', DEGRADED: 'Fails now and then', DOWN: 'Does not answer', UNKNOWN: 'Not asked yet', OFF: 'Off: the server runs offline',
};

export function HealthMark({ health }: { health: Health }) {
  return <span className={`health ${health.toLowerCase()}`}>{healthWords[health]}</span>;
}
