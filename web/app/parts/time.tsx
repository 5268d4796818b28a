import { useSyncExternalStore } from 'react';

const steps: [size: number, unit: string][] = [[60, 's'], [60, 'min'], [24, 'h'], [30, 'd']];
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** How long ago a moment is, as "3 h ago"; its day where that is a month and more. */
export function ago(iso: string, now = Date.now()): string {
  const distance = (now - Date.parse(iso)) / 1000;
  let value = Math.abs(distance);
  if (value < 10) return 'just now';
  for (const [size, unit] of steps) {
    if (value < size) return distance > 0 ? `${Math.floor(value)} ${unit} ago` : `in ${Math.floor(value)} ${unit}`;
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
