import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { Button } from 'react-aria-components';

import { ChannelLogDocument } from '../gql/ChannelLog';
import type { NotificationDeliveryState } from '../gql/graphql';
import { Failure, Lines } from '../parts/states';
import { Ago } from '../parts/time';

const states: Record<NotificationDeliveryState, [word: string, mark: string]> = { PENDING: ['To be sent', 'queued'], DELIVERED: ['Delivered', 'succeeded'], FAILED: ['Given up', 'failed'] };

/** What a channel was sent, and what came of it. */
export function ChannelLog({ id, name }: { id: string; name: string }) {
  const [older, setOlder] = useState(false); // which a poll would take away again
  const { data, loading, error, refetch, fetchMore } = useQuery(ChannelLogDocument, { variables: { id }, pollInterval: older ? 0 : 5000 });
  const deliveries = data?.node?.__typename === 'NotificationChannel' ? data.node.deliveries : undefined;
  const end = deliveries?.pageInfo.hasNextPage ? deliveries.pageInfo.endCursor : null;
  return (
    <>
      {error && <Failure what="The messages could not be read" error={error} retry={() => void refetch()} />}
      {!deliveries && loading && <Lines count={3} label="Loading the messages" />}
      {deliveries?.totalCount === 0 && <p className="quiet">It has not been sent anything in the last 30 days.</p>}
      {deliveries && deliveries.totalCount > 0 && (
        <ul className="deliveries" aria-label={`Messages to ${name}`}>
          {deliveries.edges.map(({ node: { messageId, subject, state, attempts, maxAttempts, responseCode, error, createdAt, nextAttemptAt } }) => (
            <li key={messageId}>
              <span>{subject}</span>
              <span className={`job-mark ${states[state][1]}`}>{states[state][0]}</span>
              <span className="quiet small">
                <Ago at={createdAt} />{attempts > 0 && `, try ${attempts} of ${maxAttempts}`}{responseCode !== null && `, answered ${responseCode}`}
                {nextAttemptAt && <>, next try <Ago at={nextAttemptAt} /></>}
              </span>
              {error && <span className="bad small">{error}</span>}
            </li>
          ))}
        </ul>
      )}
      {end && <p><Button className="button small" onPress={() => { setOlder(true); void fetchMore({ variables: { after: end } }); }}>Older messages</Button></p>}
    </>
  );
}
