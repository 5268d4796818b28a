import { useMutation, useQuery } from '@apollo/client/react';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { Button } from 'react-aria-components';

import { client } from '../client';
import { ChannelProjectDocument, CreateChannelDocument, UpdateChannelDocument } from '../gql/ChannelForm';
import type { ChannelRowFragment, NotificationCadence, NotificationChannelKind, NotificationEvent, SeverityRating } from '../gql/graphql';
import { UploadProjectsDocument } from '../gql/Upload';
import { BusyButton } from '../parts/BusyButton';
import { Section } from '../parts/Heading';
import { ratingName } from '../parts/severity';
import { Failure, Refusals } from '../parts/states';

export const kinds: Record<NotificationChannelKind, string> = { WEBHOOK: 'Webhook', SLACK: 'Slack', EMAIL: 'E-mail' };
export const cadences: Record<NotificationCadence, string> = { AT_ONCE: 'At once', HOURLY: 'At each full hour', DAILY: 'At midnight, UTC' };
export const events: Record<NotificationEvent, string> = { NEW_FINDINGS: 'New findings', JOB_FAILED: 'Jobs that failed' };
const examples: Record<NotificationChannelKind, string> = { WEBHOOK: 'https://example.com/hooks/loadline', SLACK: 'https://hooks.slack.com/services/…', EMAIL: 'security@example.com' };
const severities: readonly SeverityRating[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];

const words = (text: string) => text.split(',').map((word) => word.trim()).filter(Boolean);

const entries = <Key extends string>(record: Record<Key, string>) => Object.entries(record) as [Key, string][];

/**
 * Asks whom to tell, and of what, for a new channel or to change one. `saved` is
 * given the secret of a webhook where that is new, which is shown once.
 */
export function ChannelForm({ channel, close, saved }: { channel?: ChannelRowFragment; close: () => void; saved: (channel: { name: string; secret: string | null }) => void }) {
  const listed = channel?.projects.map(({ name }) => name).join(', ') ?? '';
  // Of a URL the server tells only the host, because the rest of it may be a secret.
  const address = channel?.kind === 'EMAIL' ? channel.target : '';
  const [name, setName] = useState(channel?.name ?? '');
  const [kind, setKind] = useState<NotificationChannelKind>(channel?.kind ?? 'WEBHOOK');
  const [target, setTarget] = useState(address);
  const [newSecret, setNewSecret] = useState(false);
  const [cadence, setCadence] = useState<NotificationCadence>(channel?.cadence ?? 'AT_ONCE');
  const [told, setTold] = useState<readonly NotificationEvent[]>(channel?.events ?? ['NEW_FINDINGS']);
  const [minSeverity, setMinSeverity] = useState<SeverityRating | ''>(channel?.minSeverity ?? '');
  const [kevOnly, setKevOnly] = useState(channel?.kevOnly ?? false);
  const [minEpss, setMinEpss] = useState(channel?.minEpss ? String(Number((channel.minEpss * 100).toPrecision(12))) : '');
  const [projects, setProjects] = useState(listed);
  const [tags, setTags] = useState(channel?.tags.join(', ') ?? '');
  const [refused, setRefused] = useState<readonly { field: readonly string[]; message: string }[]>([]);
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const [create] = useMutation(CreateChannelDocument, { refetchQueries: ['Channels'], awaitRefetchQueries: true });
  const [update] = useMutation(UpdateChannelDocument);
  const known = useQuery(UploadProjectsDocument).data?.projects.edges ?? [];
  const names = useId();

  /** The ids of the projects; undefined, and a complaint, where there is no such project. */
  const named = async () => {
    if (channel && projects === listed) return channel.projects.map(({ id }) => id); // names may have commas
    const found = await Promise.all(words(projects).map(async (name) => ({ name, id: (await client.query({ query: ChannelProjectDocument, variables: { name } })).data?.project?.id })));
    const unknown = found.filter(({ id }) => !id).map(({ name }) => ({ field: ['projects'], message: `There is no project “${name}”.` }));
    setRefused(unknown);
    return unknown.length > 0 ? undefined : found.flatMap(({ id }) => id ?? []);
  };
  const send = async () => {
    const ids = await named();
    if (!ids) return;
    const all = { name, cadence, events: told, kevOnly, minEpss: Number(minEpss) / 100, minSeverity: minSeverity || null, projects: ids, tags: words(tags) };
    const answer = channel
      ? (await update({ variables: { input: { id: channel.id, ...all, newSecret, ...(target !== address && { target }) } } })).data?.updateNotificationChannel
      : (await create({ variables: { input: { ...all, kind, target, enabled: true } } })).data?.createNotificationChannel;
    setRefused(answer?.userErrors ?? []);
    if (answer?.channel) saved({ name, secret: answer.secret });
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
    <Section id={channel ? `change-${channel.id}` : 'new'} title={channel ? `Change ${channel.name}` : 'New channel'}>
      <form className="sheet form" onSubmit={submit}>
        <div className="fields">
          <Field label="Name" complaint={complaint('name')}>{(more) => <input {...more} value={name} onChange={(event) => setName(event.target.value)} required maxLength={200} autoComplete="off" autoFocus />}</Field>
          {!channel && (
            <Field label="By">
              {(more) => <select {...more} value={kind} onChange={(event) => setKind(event.target.value as NotificationChannelKind)}>{entries(kinds).map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>}
            </Field>
          )}
          <Field label="When">
            {(more) => <select {...more} value={cadence} onChange={(event) => setCadence(event.target.value as NotificationCadence)}>{entries(cadences).map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>}
          </Field>
        </div>
        <Field label={kind === 'EMAIL' ? 'Addresses, with commas between them' : 'URL'} complaint={complaint('target')}>
          {(more) => <input {...more} value={target} onChange={(event) => setTarget(event.target.value)} required={!channel || kind === 'EMAIL'} autoComplete="off" placeholder={channel ? `As it is: at ${channel.target}` : examples[kind]} />}
        </Field>
        {channel?.kind === 'WEBHOOK' && <label className="check"><input type="checkbox" checked={newSecret} onChange={(event) => setNewSecret(event.target.checked)} /> Sign with a new secret: the old one does not count any more</label>}
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
        {failure && <Failure what={`The channel could not be ${channel ? 'changed' : 'created'}`} error={failure} />}
        <div className="form-foot">
          <BusyButton type="submit" className="button primary" busy={busy}>{channel ? 'Save' : 'Create'}</BusyButton>
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
