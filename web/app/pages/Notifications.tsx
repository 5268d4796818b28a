import { useMutation, useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { Button } from 'react-aria-components';

import { client } from '../client';
import { unmask } from '../gql/fragment-masking';
import type { ChannelRowFragment } from '../gql/graphql';
import { ChannelRowFragmentDoc, ChannelsDocument, DeleteChannelDocument, EnableChannelDocument, TestChannelDocument } from '../gql/Notifications';
import { BusyButton } from '../parts/BusyButton';
import { Heading } from '../parts/Heading';
import { Icon } from '../parts/Icon';
import { ratingName } from '../parts/severity';
import { Command, Empty, Failure, Lines, reason } from '../parts/states';
import { cadences, ChannelForm, events, kinds } from './ChannelForm';
import { ChannelLog } from './ChannelLog';

export default function Notifications() {
  const { data, loading, error, refetch, fetchMore } = useQuery(ChannelsDocument);
  const [asking, setAsking] = useState<boolean>(); // undefined until it has been
  const [made, setMade] = useState<{ name: string; secret: string | null }>();
  const channels = data?.notificationChannels;
  const end = channels?.pageInfo.hasNextPage ? channels.pageInfo.endCursor : null;
  return (
    <div className="page">
      <Heading title="Notifications" document="Notifications" lead="Who is told of what is new: findings that a project has not had before, and jobs that failed.">
        {!asking && <Button className="button" autoFocus={asking === false} onPress={() => { setAsking(true); setMade(undefined); }}>New channel</Button>}
      </Heading>
      {asking && <ChannelForm close={() => setAsking(false)} saved={(channel) => { setAsking(false); setMade(channel); }} />}
      <div aria-live="polite" className="accepted">
        {made && (
          <div className="sheet padded">
            <p><strong>{made.name}</strong> is told of what is new from now on.</p>
            {made.secret && <><p>Its webhooks are signed with this secret, which is not shown again:</p><Command label="Secret">{made.secret}</Command></>}
          </div>
        )}
      </div>
      {error && <Failure what="The channels could not be read" error={error} retry={() => void refetch()} />}
      {!channels && loading && <Lines count={4} label="Loading the channels" />}
      {channels?.totalCount === 0 && !asking && <Empty title="Nobody is told yet" icon="bell"><p>A channel is a webhook, a Slack channel or some e-mail addresses. It hears of what is new from the moment it is created.</p></Empty>}
      {channels && channels.totalCount > 0 && <ul className="channels">{channels.edges.map(({ node }) => <Channel key={node.id} channel={unmask(ChannelRowFragmentDoc, node)} />)}</ul>}
      {end && <p><Button className="button" onPress={() => void fetchMore({ variables: { after: end } })}>More channels</Button></p>}
    </div>
  );
}

/** What a channel is told of, in words. */
function conditions({ events: told, cadence, minSeverity, kevOnly, minEpss, projects, tags }: ChannelRowFragment) {
  return [
    `${told.map((event) => events[event].toLowerCase()).join(' and ')}, ${cadences[cadence].replace(/^At/, 'at')}`,
    minSeverity && `${ratingName(minSeverity).toLowerCase()} or worse`,
    kevOnly && 'known to be exploited',
    minEpss > 0 && `EPSS of ${(minEpss * 100).toLocaleString('en')}% or more`,
    projects.length > 0 && `in ${projects.map(({ name }) => name).join(', ')}`,
    tags.length > 0 && `in projects tagged ${tags.join(' or ')}`,
  ].filter(Boolean).join('; ');
}

function Channel({ channel }: { channel: ChannelRowFragment }) {
  const { id, name, kind, target, secret, enabled } = channel;
  const [enable, enabling] = useMutation(EnableChannelDocument);
  const [remove, removing] = useMutation(DeleteChannelDocument);
  const [test, testing] = useMutation(TestChannelDocument, { refetchQueries: ['ChannelLog'] });
  const [sure, setSure] = useState<boolean>(); // undefined until it has been asked
  const [changing, setChanging] = useState<boolean>(); // as sure
  const [renewed, setRenewed] = useState<string | null>(null);
  const [log, setLog] = useState(false);
  const error = enabling.error ?? removing.error ?? testing.error;
  const refused = [...enabling.data?.updateNotificationChannel.userErrors ?? [], ...removing.data?.deleteNotificationChannel.userErrors ?? [], ...testing.data?.testNotificationChannel.userErrors ?? []];
  const tested = testing.loading ? undefined : testing.data?.testNotificationChannel.delivery;
  const trouble = error ? reason(error) : refused.map(({ message }) => message).join(' ');

  const drop = async () => {
    const answer = await remove({ variables: { id } }).catch(() => undefined);
    if (!answer?.data?.deleteNotificationChannel.deletedId) return;
    document.getElementById('main')?.focus({ preventScroll: true });
    await client.refetchQueries({ include: ['Channels'] });
  };
  return (
    <li className="sheet channel">
      <div className="job-head">
        <h2>{name}</h2>
        <span className="quiet">{kinds[kind]}: {target}{secret && `, signed with ${secret}`}</span>
        <span className={`job-mark ${enabled ? 'succeeded' : 'cancelled'}`}>{enabled ? 'Enabled' : 'Disabled'}</span>
      </div>
      <p>Told of {conditions(channel)}.</p>
      <div className="channel-foot">
        <BusyButton className="button small" busy={testing.loading} onPress={() => void test({ variables: { id } }).catch(() => undefined)}>{testing.loading ? 'Sending…' : 'Send a test'}</BusyButton>
        <BusyButton className="button small" busy={enabling.loading} onPress={() => void enable({ variables: { id, enabled: !enabled } }).catch(() => undefined)}>{enabled ? 'Disable' : 'Enable'}</BusyButton>
        {!changing && <Button className="button small" autoFocus={changing === false} onPress={() => { setChanging(true); setRenewed(null); }}>Change<span className="hidden"> {name}</span></Button>}
        <Button className="button small" aria-expanded={log} onPress={() => setLog(!log)}>Messages</Button>
        {sure
          ? (
            <span role="group" aria-label={`Delete ${name}`} className="sure">
              Delete it, with its messages?
              <Button className="button small" autoFocus onPress={() => setSure(false)}>Keep</Button>
              <BusyButton className="button small danger" busy={removing.loading} onPress={() => void drop()}>Delete</BusyButton>
            </span>
          )
          : <Button key="delete" className="button small" autoFocus={sure === false} onPress={() => setSure(true)}><Icon name="cross" /> Delete<span className="hidden"> {name}</span></Button>}
      </div>
      {changing && <ChannelForm channel={channel} close={() => setChanging(false)} saved={({ secret }) => { setChanging(false); setRenewed(secret); }} />}
      <div aria-live="polite">{renewed && <><p>From now on its webhooks are signed with this secret, which is not shown again:</p><Command label="Secret">{renewed}</Command></>}</div>
      <p role="status" className="said">
        {tested && (tested.state === 'DELIVERED'
          ? <span className="good">The test was delivered{tested.responseCode !== null && `: answered ${tested.responseCode}`}.</span>
          : <span className="bad">The test was not delivered: {tested.error ?? `answered ${tested.responseCode}`}</span>)}
      </p>
      {trouble && <p className="bad" role="alert">{trouble}</p>}
      {log && <ChannelLog id={id} name={name} />}
    </li>
  );
}
