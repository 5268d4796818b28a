import { useSyncExternalStore } from 'react';

const steps: [number, Intl.RelativeTimeFormatUnit][] = [
  [60, 'second'], [60, 'minute'], [24, 'hour'], [30, 'day'], [12, 'month'], [Infinity, 'year'],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' });
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** How long ago a moment is, as "3 h ago". */
export function ago(iso: string, now = Date.now()): string {
  let value = (Date.parse(iso) - now) / 1000;
  if (Math.abs(value) < 10) return 'just now';
  for (const [size, unit] of steps) {
    if (Math.abs(value) < size) return relative.format(Math.round(value), unit);
    value /= size;
  }
  return day.format(Date.parse(iso));
}

const listeners = new Set<() => void>();
let minute = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time now, to the half minute: one clock for all that show how long ago things were. */
export function useNow(): number {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    timer ??= setInterval(() => {
      minute = Date.now();
      for (const tell of listeners) tell();
    }, 30_000);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }, () => minute);
}

/** A moment, as long ago as it is; the moment itself is its title. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return <time dateTime={at} title={absolute.format(Date.parse(at))}>{ago(at, Math.max(now, Date.now()))}</time>;
}

/** A day. */
export function Day({ at }: { at: string }) {
  return <time dateTime={at}>{day.format(Date.parse(at))}</time>;
}
