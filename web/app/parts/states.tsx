import { CombinedGraphQLErrors, ServerError, type ErrorLike } from '@apollo/client';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';

import { Icon, type IconName } from './Icon';

/** What stands where a page will be. */
export function PageSkeleton() {
  return (
    <div className="page" role="status" aria-label="Loading">
      <Bone width="16rem" height="2rem" />
      <Bone width="26rem" />
      <div className="tiles">{[0, 1, 2, 3].map((tile) => <Bone key={tile} height="5.5rem" />)}</div>
      <Bone height="18rem" />
    </div>
  );
}

/** What stands where lines of text will be. */
export function Lines({ count = 3, label = 'Loading' }: { count?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="bones">
      {Array.from({ length: count }, (_, line) => <Bone key={line} width={`${90 - (line * 17) % 40}%`} />)}
    </div>
  );
}

export function Bone({ width = '100%', height = '1rem' }: { width?: string; height?: string }) {
  return <span className="bone" style={{ width, height }} />;
}

/** What stands where the answer of a source will be. */
export function Asking({ source }: { source: string }) {
  return <span role="status" className="asking"><Bone width="5rem" height="1.25rem" />asking {source}…</span>;
}

/** What to do where there is nothing yet. */
export function Empty({ title, icon = 'projects', children }: { title: string; icon?: IconName; children?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-icon"><Icon name={icon} /></span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What failed, why, and the way to try it again. */
export function Failure({ what, error, retry }: { what: string; error: ErrorLike | undefined; retry?: () => void }) {
  return (
    <div className="failure" role="alert">
      <Icon name="warning" />
      <div>
        <p><strong>{what}.</strong> {reason(error)}</p>
        {retry && <Button className="button small" onPress={retry}>Try again</Button>}
      </div>
    </div>
  );
}

/** Why the server refused what it was asked for. */
export function Refusals({ messages, children }: { messages: readonly string[]; children?: ReactNode }) {
  if (messages.length === 0) return null;
  return (
    <div className="failure" role="alert">
      <Icon name="warning" />
      <div>
        {children}
        <ul>{messages.map((message) => <li key={message}>{message}</li>)}</ul>
      </div>
    </div>
  );
}

/** Why something failed, in the server's words where it had any. */
export function reason(error: ErrorLike | undefined): string {
  if (!error) return '';
  if (CombinedGraphQLErrors.is(error)) return error.errors.map(({ message }) => sentence(message)).join(' ');
  if (ServerError.is(error)) return `The server answered ${error.statusCode}.`;
  if (error.message === 'Failed to fetch') return 'The server cannot be reached.';
  return sentence(error.message);
}

function sentence(text: string) {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** A command to copy, with the address of this server in it. */
export function Command({ label, children }: { label: string; children: string }) {
  return (
    <div className="command">
      <pre tabIndex={0} role="region" aria-label={label}><code>{children}</code></pre>
      <Button className="button small" onPress={() => { void navigator.clipboard?.writeText(children); }} aria-label={`Copy: ${label}`}>
        <Icon name="copy" />
      </Button>
    </div>
  );
}
