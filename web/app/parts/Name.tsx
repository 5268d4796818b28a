/** A component's name, which may break behind its group rather than within a word. */
export function Name({ of: name }: { of: string }) {
  const at = Math.max(name.lastIndexOf(':'), name.lastIndexOf('/')) + 1;
  if (at === 0) return name;
  return <><span className="group">{name.slice(0, at)}</span><wbr />{name.slice(at)}</>;
}

/** The part of a name that tells it from its neighbours: without its group, with a scope of npm. */
export function shortName(name: string): string {
  return name.startsWith('@') ? name : name.slice(Math.max(name.lastIndexOf(':'), name.lastIndexOf('/')) + 1);
}
