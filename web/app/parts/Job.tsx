import type { ErrorLike } from '@apollo/client';
import { Label, ProgressBar } from 'react-aria-components';

import type { JobState, JobStateFragment } from '../gql/graphql';
import type { JobKind } from '../gql/job-kinds';
import { Failure } from './states';

const words: Record<JobState, string> = { QUEUED: 'Waiting', RUNNING: 'At work', SUCCEEDED: 'Done', FAILED: 'Failed', CANCELLED: 'Cancelled' };

const kinds: Record<JobKind, string> = {
  INGEST_BOM: 'Ingest a document', SYNC: 'Sync the mirror', REFRESH: 'Ask the sources again', EXPORT: 'Export', DELETE: 'Delete',
  NOTIFY: 'Tell what is new', PRUNE: 'Clear away what has expired',
};

/** What a kind of job does; kinds that are not known here are spelled out. */
export const kindName = (kind: string) => (kinds as Partial<Record<string, string>>)[kind] ?? kind.charAt(0) + kind.slice(1).toLowerCase().replaceAll('_', ' ');

/** A job's state in a word. */
export function JobMark({ state }: { state: JobState }) {
  return <span className={`job-mark ${state.toLowerCase()}`}>{words[state] ?? state}</span>;
}

/** How far a job is: a bar with words, both of which a screen reader hears. */
export function JobProgress({ job, label }: { job: JobStateFragment; label: string }) {
  const { state, stage, done, total, attempts, maxAttempts } = job;
  const ended = state !== 'QUEUED' && state !== 'RUNNING';
  const share = state === 'SUCCEEDED' ? 100 : total > 0 ? (done / total) * 100 : 0;
  const known = ended || total > 0;
  const text = ended
    ? words[state]
    : `${stage ?? words[state]}${total > 0 ? `: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}` : ''}${attempts > 1 ? `, try ${attempts} of ${maxAttempts}` : ''}`;
  return (
    <ProgressBar className={`progress ${state.toLowerCase()}`} value={share} isIndeterminate={!known} valueLabel={text}>
      <Label>{label}</Label>
      <span className="progress-text">{text}</span>
      <span className="progress-track"><span className="progress-fill" style={known ? { width: `${share}%` } : undefined} /></span>
    </ProgressBar>
  );
}

/** How far a job is that has just been accepted, and why it failed; `error` is why nothing is heard of it. */
export function JobFollowed({ job, label, error }: { job: JobStateFragment | null | undefined; label: string; error: ErrorLike | undefined }) {
  return (
    <>
      {job ? <JobProgress job={job} label={label} /> : <p className="quiet">Accepted. Waiting for news…</p>}
      {job?.state === 'FAILED' && <p className="bad">{job.error}</p>}
      {error && <Failure what="The progress cannot be followed" error={error} />}
    </>
  );
}
