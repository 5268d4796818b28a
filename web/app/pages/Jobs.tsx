import { useMutation, useQuery, useSubscription } from '@apollo/client/react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { Link } from 'wouter';

import { unmask } from '../gql/fragment-masking';
import type { JobRowFragment, JobState } from '../gql/graphql';
import { JobStateFragmentDoc } from '../gql/Job';
import { CancelJobDocument, JobChangesDocument, JobRowFragmentDoc, JobsDocument, RetryJobDocument } from '../gql/Jobs';
import { BusyButton } from '../parts/BusyButton';
import { counted } from '../parts/count';
import { Choice, Filters, useParam } from '../parts/filters';
import { Heading } from '../parts/Heading';
import { HowToUpload } from '../parts/HowToUpload';
import { JobMark, JobProgress, kindName } from '../parts/Job';
import { Empty, Failure, Lines } from '../parts/states';
import { Ago } from '../parts/time';
import { paths } from '../paths';

const shown: Record<string, readonly JobState[]> = {
  work: ['QUEUED', 'RUNNING'], failed: ['FAILED', 'CANCELLED'], done: ['SUCCEEDED'],
};

export default function Jobs() {
  const [which] = useParam('state');
  const states = shown[which];
  const [older, setOlder] = useState(false); // which a poll would take away again
  const { data, loading, error, refetch, fetchMore } = useQuery(JobsDocument, { variables: { filter: states ? { states } : null }, pollInterval: older ? 0 : 5000 });
  const jobs = data?.jobs;
  const end = jobs?.pageInfo.hasNextPage ? jobs.pageInfo.endCursor : null;
  return (
    <div className="page">
      <Heading title="Jobs" document="Jobs" lead="What the server does in the background, the newest first." />
      <Filters label="Jobs">
        <Choice name="state" label="Show" choices={[['', 'All'], ['work', 'At work'], ['failed', 'Failed'], ['done', 'Done']]} />
        <span className="found" role="status">{jobs && counted(jobs.totalCount, 'job')}</span>
      </Filters>
      {error && <Failure what="The jobs could not be read" error={error} retry={() => void refetch()} />}
      {!jobs && loading && <Lines count={6} label="Loading the jobs" />}
      {jobs?.totalCount === 0 && (which ? <Empty title="No such job" icon="jobs"><p><Link href={paths.jobs}>Show all jobs</Link></p></Empty> : <HowToUpload />)}
      {jobs && jobs.totalCount > 0 && <ul className="jobs sheet">{jobs.edges.map(({ node }) => <JobItem key={node.id} job={unmask(JobRowFragmentDoc, node)} />)}</ul>}
      {end && <p><Button className="button" onPress={() => { setOlder(true); void fetchMore({ variables: { after: end } }); }}>Older jobs</Button></p>}
    </div>
  );
}

function JobItem({ job }: { job: JobRowFragment }) {
  const { id, project, bom, createdAt, finishedAt, runAt, cancelAsked } = job;
  const { kind, state, error, attempts, maxAttempts } = unmask(JobStateFragmentDoc, job);
  const ended = state !== 'QUEUED' && state !== 'RUNNING';
  // The answer brings the cache up to date, and with it the row.
  useSubscription(JobChangesDocument, { variables: { id }, skip: ended, ignoreResults: true });
  const [cancel, cancelling] = useMutation(CancelJobDocument);
  const [retry, retrying] = useMutation(RetryJobDocument);
  const [refused, setRefused] = useState('');
  const act = async (asked: Promise<{ data?: { cancelJob?: { userErrors: readonly { message: string }[] }; retryJob?: { userErrors: readonly { message: string }[] } } | null | undefined }>) => {
    const answer = await asked.catch(() => undefined);
    const { userErrors } = answer?.data?.cancelJob ?? answer?.data?.retryJob ?? { userErrors: [{ message: 'The server did not answer.' }] };
    setRefused(userErrors.map(({ message }) => message).join(' '));
  };
  const name = kindName(kind);
  return (
    <li className="job">
      <div className="job-head">
        <h2>{name}</h2>
        {project && bom ? <Link href={paths.release(project.name, bom.release.version)}>{project.name} {bom.release.version}</Link> : project && <Link href={paths.project(project.name)}>{project.name}</Link>}
        <JobMark state={state} />
      </div>
      {!ended && <JobProgress job={unmask(JobStateFragmentDoc, job)} label={bom?.fileName ?? name} />}
      {error && <p className={ended ? 'card-error' : 'quiet small'}>{ended ? error : `The last try failed: ${error}`}</p>}
      {refused && <p className="bad" role="alert">{refused}</p>}
      <div className="job-foot">
        <span className="quiet small">
          asked for <Ago at={createdAt} />{finishedAt && <>, ended <Ago at={finishedAt} /></>}{attempts > 1 && `, try ${attempts} of ${maxAttempts}`}
          {state === 'QUEUED' && Date.parse(runAt) > Date.now() && <>, next try <Ago at={runAt} /></>}
        </span>
        {!ended && <BusyButton className="button small" busy={cancelAsked || cancelling.loading} onPress={() => void act(cancel({ variables: { input: { id } } }))}>{cancelAsked ? 'Stopping…' : 'Cancel'}</BusyButton>}
        {(state === 'FAILED' || state === 'CANCELLED') && <BusyButton className="button small" busy={retrying.loading} onPress={() => void act(retry({ variables: { input: { id } } }))}>Try again</BusyButton>}
      </div>
    </li>
  );
}
