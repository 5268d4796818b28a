import { useMutation, useQuery, useSubscription } from '@apollo/client/react';
import { useId, useState, type FormEvent } from 'react';
import { Button, DropZone, FileTrigger, Input, Label, Text, TextField, type DropItem } from 'react-aria-components';
import { Link, useSearchParams } from 'wouter';

import { client } from '../client';
import { unmask } from '../gql/fragment-masking';
import { JobStateFragmentDoc } from '../gql/Job';
import { UploadBomDocument, UploadProgressDocument, UploadProjectsDocument } from '../gql/Upload';
import { BusyButton } from '../parts/BusyButton';
import { counted, noun, size } from '../parts/count';
import { Heading, Section } from '../parts/Heading';
import { Curl } from '../parts/HowToUpload';
import { Icon } from '../parts/Icon';
import { JobFollowed } from '../parts/Job';
import { Failure, Refusals } from '../parts/states';
import { paths } from '../paths';

interface Accepted {
  job: string;
  project: string;
  release: string;
  file: string;
}

export default function Upload() {
  const [search] = useSearchParams();
  const [project, setProject] = useState(search.get('project') ?? '');
  const [release, setRelease] = useState('');
  const [file, setFile] = useState<File>();
  const [missing, setMissing] = useState(false);
  const [accepted, setAccepted] = useState<readonly Accepted[]>([]);
  const known = useQuery(UploadProjectsDocument).data?.projects.edges ?? [];
  const [upload, { data, loading, error, reset }] = useMutation(UploadBomDocument);
  const refused = data?.ingestBom.userErrors ?? [];
  const names = useId();

  const choose = (chosen: File | undefined) => {
    reset();
    setMissing(false);
    setFile(chosen);
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setMissing(!file);
    if (!file) return;
    const answer = await upload({ variables: { input: { project, release, file } } }).catch(() => undefined);
    const job = answer?.data?.ingestBom.job;
    if (!job) return;
    setAccepted((before) => [{ job: job.id, project, release, file: file.name }, ...before]);
    setFile(undefined);
  };
  const complaint = (field: string) => refused.filter(({ field: path }) => path.at(-1) === field).map(({ message }) => message).join(' ');

  return (
    <div className="page narrow">
      <Heading title="Upload" document="Upload" lead="A CycloneDX or SPDX document, or a lockfile as it is; plain or gzip. Project and release are created where they are missing." />
      <form className="sheet form" onSubmit={(event) => void send(event)}>
        <div className="fields">
          <TextField value={project} onChange={setProject} isRequired className="field" isInvalid={Boolean(complaint('project'))}>
            <Label>Project</Label>
            <Input list={names} placeholder="shop-frontend" autoComplete="off" />
            {complaint('project') && <Text slot="errorMessage" className="complaint">{complaint('project')}</Text>}
          </TextField>
          <datalist id={names}>{known.map(({ node: { id, name } }) => <option key={id} value={name} />)}</datalist>
          <TextField value={release} onChange={setRelease} isRequired className="field" isInvalid={Boolean(complaint('release'))}>
            <Label>Release</Label>
            <Input placeholder="2.4.0, or main" autoComplete="off" />
            {complaint('release') && <Text slot="errorMessage" className="complaint">{complaint('release')}</Text>}
          </TextField>
        </div>
        <DropZone
          className="drop" aria-label="Drop a document here"
          onDrop={({ items }) => {
            const dropped = items.find((item: DropItem) => item.kind === 'file');
            if (dropped?.kind === 'file') void dropped.getFile().then(choose);
          }}
        >
          <Icon name="upload" />
          {file
            ? <p><strong>{file.name}</strong> <span className="quiet">{size(file.size)}</span></p>
            : <Text slot="label">Drop a document here</Text>}
          <FileTrigger onSelect={(files) => choose(files?.[0])}>
            <Button className="button">{file ? 'Choose another' : 'Choose a file'}</Button>
          </FileTrigger>
        </DropZone>
        <Refusals messages={refused.filter(({ field }) => !['project', 'release'].includes(field.at(-1) ?? '')).map(({ message }) => message)}>
          <p><strong>The document was refused, and nothing has changed.</strong></p>
        </Refusals>
        {error && <Failure what="The document did not arrive" error={error} />}
        <div className="form-foot">
          <BusyButton type="submit" className="button primary" busy={loading}>{loading ? 'Uploading…' : 'Upload'}</BusyButton>
          {missing && <span className="bad" role="alert">Choose a document first.</span>}
        </div>
      </form>
      <div aria-live="polite" className="accepted">
        {accepted.map((upload) => <Progress key={upload.job} upload={upload} />)}
      </div>
      <Section id="curl" title="From a terminal or a pipeline">
        <Curl {...(project && { project })} {...(release && { release })} />
        <p className="quiet">To look at a file without a server and keep nothing: <code>loadline scan bom.json</code></p>
      </Section>
    </div>
  );
}

/** An accepted document on its way in. */
function Progress({ upload: { job: id, project, release, file } }: { upload: Accepted }) {
  const { data, error } = useSubscription(UploadProgressDocument, {
    variables: { id },
    // What was listed before does not have the release yet.
    onComplete: () => { void client.refetchQueries({ include: 'active' }); client.cache.evict({ fieldName: 'projects' }); client.cache.evict({ fieldName: 'project' }); },
  });
  const progress = data?.jobProgress;
  const job = progress && unmask(JobStateFragmentDoc, progress);
  const warnings = job?.state === 'SUCCEEDED' ? progress?.bom?.warnings : undefined;
  return (
    <section className="sheet upload" aria-label={`Upload of ${file}`}>
      <div className="upload-head">
        <h2>{project} <span className="quiet">{release}</span></h2>
        {job?.state === 'SUCCEEDED' && <Link href={paths.release(project, release)} className="button primary small">Open the report</Link>}
      </div>
      <JobFollowed job={job} label={file} error={error} />
      {job?.state === 'SUCCEEDED' && <p>{counted(progress?.bom?.componentCount ?? 0, 'component is', 'components are')} in.</p>}
      {warnings && warnings.totalCount > 0 && (
        <details>
          <summary>{counted(warnings.totalCount, 'entry', 'entries')} could not be used as {noun(warnings.totalCount, 'it', 'they')} stood</summary>
          <ul>{warnings.edges.map(({ node: { code, location, message } }) => <li key={`${code} ${location}`}><code>{location}</code> {message}</li>)}</ul>
        </details>
      )}
    </section>
  );
}
