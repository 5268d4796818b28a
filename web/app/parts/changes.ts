import { useSubscription } from '@apollo/client/react';
import { useEffect, useRef, useState } from 'react';

import { FindingsChangedDocument } from '../gql/changes';

/** While much changes, the pages look again once in a while, not for each change. */
const pause = 1000;

/**
 * How often a project's findings have changed since this page is open, as far as
 * it should look again: to be given to useAgain. Without a project it stays 0.
 */
export function useChanges(project: string | undefined) {
  const [changes, setChanges] = useState(0);
  const seen = useRef<number>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useSubscription(FindingsChangedDocument, {
    variables: { project: project ?? '' },
    skip: project === undefined,
    fetchPolicy: 'no-cache',
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      const revision = data?.findingsChanged.revision;
      if (revision === undefined) return;
      // The first one says where the page began, the first after a pause of the connection whether it has missed any.
      if (seen.current !== undefined && revision > seen.current) {
        timer.current ??= setTimeout(() => {
          timer.current = undefined;
          setChanges((changes) => changes + 1);
        }, pause);
      }
      seen.current = revision;
    },
  });
  return changes;
}

/** Does something for each of the changes; `gone` says that there is another one since, or the page is left. */
export function useAgain(changes: number, look: (gone: () => boolean) => unknown) {
  useEffect(() => {
    if (changes === 0) return;
    let gone = false;
    look(() => gone);
    return () => { gone = true; };
  }, [changes]); // `look` is new in each render
}
