import { Button, type ButtonProps } from 'react-aria-components';

/**
 * A button that does nothing while what it has begun is under way. It keeps the
 * focus, which it would lose if it were disabled.
 */
export function BusyButton({ busy, type = 'button', onPress, ...rest }: ButtonProps & { busy: boolean }) {
  return <Button {...rest} type={busy ? 'button' : type} aria-disabled={busy} {...(!busy && onPress && { onPress })} />;
}
