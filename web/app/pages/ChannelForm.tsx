import { useMutation, useQuery } from '@apollo/client/react';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { Button } from 'react-aria-components';

import { client } from '../client';
import { ChannelProjectDocument, CreateChannelDocument } from '../gql/ChannelForm';
import type { NotificationCadence, NotificationChannelKind, NotificationEvent, SeverityRating } from '../gql/graphql';
import { UploadProjectsDocument } from '../gql/Upload';
import { Section } from '../parts/Heading';
import { ratingName } from '../parts/severity';
import { Failure, Refusals } from '../parts/states';

export const kinds: Record<NotificationChannelKind, string> = { WEBHOOK: 'Webhook', SLACK: 'Slack', EMAIL: 'E-mail' };
export const cadences: Record<NotificationCadence, string> = { AT_ONCE: 'At once', HOURLY: 'At each full hour', DAILY: 'At midnight, UTC' };
export const events: Record<NotificationEvent, string> = { NEW_FINDINGS: 'New findings', JOB_FAILED: 'Jobs that failed' };
const severities: readonly SeverityRating[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

const words = (text: string) => text.split(',').map((word) => word.trim()).filter(Boolean);

const entries = <Key extends string>(record: Record<Key, string>) => Object.entries(record) as [Key, string][];

/** Asks whom to tell, and of what. `created` is given the secret of a webhook, which is shown once. */
export function ChannelForm({ close, created }: { close: () => void; created: (channel: { name: string; secret: string | null }) => void }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<NotificationChannelKind>('WEBHOOK');
  const [target, setTarget] = useState('');
  const [cadence, setCadence] = useState<NotificationCadence>('AT_ONCE');
  const [told, setTold] = useState<readonly NotificationEvent[]>(['NEW_FINDINGS']);
  const [minSeverity, setMinSeverity] = useState<SeverityRating | ''>('');
  const [kevOnly, setKevOnly] = useState(false);
  const [minEpss, setMinEpss] = useState('');
  const [projects, setProjects] = useState('');
  const [tags, setTags] = useState('');
  const [refused, setRefused] = useState<readonly { field: readonly string[]; message: string }[]>([]);
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const [create] = useMutation(CreateChannelDocument, { refetchQueries: ['Channels'], awaitRefetchQueries: true });
  const known = useQuery(UploadProjectsDocument).data?.projects.edges ?? [];
  const names = useId();

  const send = async () => {
    const found = await Promise.all(words(projects).map(async (name) => ({ name, id: (await client.query({ query: ChannelProjectDocument, variables: { name } })).data?.project?.id })));
    const unknown = found.filter(({ id }) => !id).map(({ name }) => ({ field: ['projects'], message: `There is no project “${name}”.` }));
    setRefused(unknown);
    if (unknown.length > 0) return;
    const { data } = await create({
      variables: {
        input: {
          name, kind, target, cadence, events: told, kevOnly, enabled: true, minEpss: Number(minEpss) / 100, minSeverity: minSeverity || null,
          projects: found.flatMap(({ id }) => id ?? []), tags: words(tags),
        },
      },
    });
    const { channel, secret = null, userErrors = [] } = data?.createNotificationChannel ?? {};
    setRefused(userErrors);
    if (channel) created({ name, secret });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    send().catch((error: unknown) => setFailure(error instanceof Error ? error : new Error(String(error)))).finally(() => setBusy(false));
  };
  const complaint = (field: string) => refused.filter(({ field: path }) => path.at(-1) === field).map(({ message }) => message).join(' ');
  const others = refused.filter(({ field }) => !['name', 'target', 'projects', 'tags'].includes(field.at(-1) ?? ''));

  return (
    <Section id="new" title="New channel">
      <form className="sheet form" onSubmit={submit}>
        <div className="fields">
          <Field label="Name" complaint={complaint('name')}>{(more) => <input {...more} value={name} onChange={(event) => setName(event.target.value)} required maxLength={200} autoComplete="off" autoFocus />}</Field>
          <Field label="By">
            {(more) => <select {...more} value={kind} onChange={(event) => setKind(event.target.value as NotificationChannelKind)}>{entries(kinds).map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>}
          </Field>
          <Field label="When">
            {(more) => <select {...more} value={cadence} onChange={(event) => setCadence(event.target.value as NotificationCadence)}>{entries(cadences).map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>}
          </Field>
        </div>
        <Field label={kind === 'EMAIL' ? 'Addresses, with commas between them' : 'URL'} complaint={complaint('target')}>
          {(more) => <input {...more} value={target} onChange={(event) => setTarget(event.target.value)} required autoComplete="off" placeholder={kind === 'EMAIL' ? 'security@example.com' : kind === 'SLACK' ? 'https://hooks.slack.com/services/…' : 'https://example.com/hooks/loadline'} />}
        </Field>
        <fieldset className="checks">
          <legend>Is told of</legend>
          {entries(events).map(([value, text]) => (
            <label key={value} className="check"><input type="checkbox" checked={told.includes(value)} onChange={() => setTold((old) => (old.includes(value) ? old.filter((event) => event !== value) : [...old, value]))} /> {text}</label>
          ))}
        </fieldset>
        <fieldset className="checks">
          <legend>Only findings that are</legend>
          <label className="check"><input type="checkbox" checked={kevOnly} onChange={(event) => setKevOnly(event.target.checked)} /> known to be exploited</label>
        </fieldset>
        <div className="fields">
          <Field label="At least this severe">
            {(more) => (
              <select {...more} value={minSeverity} onChange={(event) => setMinSeverity(event.target.value as SeverityRating | '')}>
                <option value="">Any severity</option>
                {severities.map((value) => <option key={value} value={value}>{ratingName(value)}</option>)}
              </select>
            )}
          </Field>
          <Field label="EPSS of at least, in percent">{(more) => <input {...more} type="number" min={0} max={100} step="any" value={minEpss} onChange={(event) => setMinEpss(event.target.value)} placeholder="0" />}</Field>
          <Field label="Only these projects" complaint={complaint('projects')}>{(more) => <input {...more} list={names} value={projects} onChange={(event) => setProjects(event.target.value)} placeholder="All, or names: shop, api" autoComplete="off" />}</Field>
          <Field label="Only projects tagged" complaint={complaint('tags')}>{(more) => <input {...more} value={tags} onChange={(event) => setTags(event.target.value)} placeholder="Any, or tags: prod, edge" autoComplete="off" />}</Field>
        </div>
        <datalist id={names}>{known.map(({ node: { id, name } }) => <option key={id} value={name} />)}</datalist>
        <Refusals messages={others.map(({ message }) => message)} />
        {failure && <Failure what="The channel could not be created" error={failure} />}
        <div className="form-foot">
          <Button type="submit" className="button primary" isDisabled={busy}>Create</Button>
          <Button className="button" onPress={close}>Cancel</Button>
        </div>
      </form>
    </Section>
  );
}

function Field({ label, complaint, children }: { label: string; complaint?: string; children: (more: { id: string; 'aria-invalid': boolean; 'aria-describedby'?: string }) => ReactNode }) {
  const id = useId();
  return (
    <div className="field" data-invalid={complaint ? true : undefined}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': Boolean(complaint), ...(complaint && { 'aria-describedby': `${id}-complaint` }) })}
      {complaint && <span id={`${id}-complaint`} className="complaint" role="alert">{complaint}</span>}
    </div>
  );
}
