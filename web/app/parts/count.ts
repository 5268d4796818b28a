/** The word for so many: "component" for one, else "components", or what `others` says. */
export const noun = (count: number, one: string, others = `${one}s`) => (count === 1 ? one : others);

/** So many of something, in figures: "1 component", "1,024 components". */
export const counted = (count: number, one: string, others?: string) => `${count.toLocaleString('en')} ${noun(count, one, others)}`;

/** A size in bytes, roughly. */
export function size(bytes: number) {
  return bytes < 1 << 20 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}
