import { useMemo, useState } from 'react';
import { Link } from 'wouter';

import { shortName } from '../parts/Name';
import { paths } from '../paths';
import type { Step, Ways } from './ways';

const width = 184;
const height = 42;
const across = 58;
const between = 12;
const few = 7;
const root = 'the release';

interface Place {
  id: string;
  x: number;
  y: number;
  step?: Step;
  /** How many steps of the column are folded into this place. */
  folded?: number;
  column: number;
}

interface Drawing {
  places: Map<string, Place>;
  lines: { key: string; from: Place; to: Place }[];
  width: number;
  height: number;
}

/**
 * Lays the ways out in columns, the component at the right and the release at
 * the left. A column shows the steps that the most ways go through and folds the
 * others into one place, so that the picture stays as small as what it explains.
 */
export function layOut({ steps, edges }: Ways, limits: ReadonlyMap<number, number>): Drawing {
  const furthest = Math.max(...[...steps.values()].map(({ distance }) => distance));
  const columns: Step[][] = Array.from({ length: furthest + 1 }, () => []);
  for (const step of steps.values()) columns[furthest - step.distance]?.push(step);

  // How many dependents a step has, here: what is asked for by many explains the most.
  const asked = new Map<string, number>();
  for (const [, to] of edges) asked.set(to, (asked.get(to) ?? 0) + 1);
  const weight = ({ id, direct }: Step) => (direct ? 1000 : 0) + (asked.get(id) ?? 0);

  const drawn = new Map<string, string>();
  const shown = columns.map((column, index) => {
    const limit = limits.get(index) ?? few;
    const sorted = column.toSorted((a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name));
    const visible = sorted.length <= limit + 1 ? sorted : sorted.slice(0, limit);
    const fold = `folded ${index}`;
    for (const step of sorted) drawn.set(step.id, visible.includes(step) ? step.id : fold);
    return { visible, folded: sorted.length - visible.length, fold };
  });

  const places = new Map<string, Place>();
  shown.forEach(({ visible, folded, fold }, index) => {
    for (const step of visible) places.set(step.id, { id: step.id, x: 0, y: 0, step, column: index + 1 });
    if (folded > 0) places.set(fold, { id: fold, x: 0, y: 0, folded, column: index + 1 });
  });
  places.set(root, { id: root, x: 0, y: 0, column: 0 });

  const lines = new Map<string, { key: string; from: Place; to: Place }>();
  const join = (from: string, to: string) => {
    const [start, end] = [places.get(from), places.get(to)];
    if (start && end && start !== end) lines.set(`${from} ${to}`, { key: `${from} ${to}`, from: start, to: end });
  };
  for (const [from, to] of edges) join(drawn.get(from) ?? '', drawn.get(to) ?? '');
  for (const step of steps.values()) if (step.direct || !asked.has(step.id)) join(root, drawn.get(step.id) ?? '');

  // Each column is put in the order of what its steps lead to, then of what leads to them: fewer lines cross.
  const order = Array.from({ length: furthest + 2 }, (_, column) => [...places.values()].filter((place) => place.column === column));
  const put = () => {
    const tallest = Math.max(...order.map((column) => column.length));
    for (const column of order) {
      const top = ((tallest - column.length) * (height + between)) / 2;
      column.forEach((place, index) => {
        place.x = place.column * (width + across);
        place.y = top + index * (height + between);
      });
    }
    return tallest * (height + between) - between;
  };
  let tall = put();
  const all = [...lines.values()];
  for (let sweep = 0; sweep < 6; sweep++) {
    const back = sweep % 2 === 0;
    for (const column of back ? order.toReversed() : order) {
      const middle = new Map(column.map((place) => {
        const near = all.filter((line) => (back ? line.from : line.to) === place).map((line) => (back ? line.to : line.from).y);
        return [place, near.length > 0 ? near.reduce((sum, y) => sum + y, 0) / near.length : place.y];
      }));
      column.sort((a, b) => (a.folded ? 1 : 0) - (b.folded ? 1 : 0) || (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
    }
    tall = put();
  }
  return { places, lines: all, width: (furthest + 2) * (width + across) - across, height: tall };
}

/** The steps before and behind a place, itself included. */
function chain({ lines }: Drawing, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (const [here, there] of [['from', 'to'], ['to', 'from']] as const) {
    const queue = [id];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const line of lines) {
        if (line[here].id !== at || found.has(line[there].id)) continue;
        found.add(line[there].id);
        queue.push(line[there].id);
      }
    }
  }
  return found;
}

const shorten = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, Math.ceil(most / 2) - 1)}…${text.slice(-Math.floor(most / 2))}`);

/** A picture of the ways from a release to one of its components. */
export function PathPicture({ ways, target, release }: { ways: Ways; target: string; release: string }) {
  const [limits, setLimits] = useState<ReadonlyMap<number, number>>(new Map());
  const [lit, setLit] = useState<string>();
  const drawing = useMemo(() => layOut(ways, limits), [ways, limits]);
  const bright = useMemo(() => (lit ? chain(drawing, lit) : undefined), [drawing, lit]);
  const dim = (...ids: string[]) => (bright && !ids.every((id) => bright.has(id)) ? ' dim' : '');
  const light = (id: string) => ({ onMouseEnter: () => setLit(id), onMouseLeave: () => setLit(undefined), onFocus: () => setLit(id), onBlur: () => setLit(undefined) });

  return (
    <div className="picture sheet" tabIndex={0} role="region" aria-label="Picture of the ways to the component">
      <svg width={drawing.width + 2} height={drawing.height + 2} viewBox={`-1 -1 ${drawing.width + 2} ${drawing.height + 2}`}>
        {drawing.lines.map(({ key, from, to }) => {
          const [x1, y1, x2, y2] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2];
          const bend = Math.max((x2 - x1) / 2, 24);
          return <path key={key} className={`line${from.id === root ? ' from-root' : ''}${dim(from.id, to.id)}`} d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} />;
        })}
        {[...drawing.places.values()].map(({ id, x, y, step, folded, column }) => {
          if (step) {
            return (
              <Link key={id} href={paths.component(id)} className={`place${step.direct ? ' direct' : ''}${id === target ? ' target' : ''}${dim(id)}`} {...light(id)}>
                <title>{`${step.name} ${step.version ?? ''}${step.direct ? ', a direct dependency' : ''}`}</title>
                <rect x={x} y={y} width={width} height={height} rx="7" />
                <text x={x + 12} y={y + 18}>{shorten(shortName(step.name), 20)}</text>
                <text x={x + 12} y={y + 33} className="version">{shorten(step.version ?? 'no version', 26)}</text>
              </Link>
            );
          }
          if (folded) {
            const more = () => setLimits((old) => new Map(old).set(column - 1, (old.get(column - 1) ?? few) + 25));
            return (
              <g
                key={id} role="button" tabIndex={0} className={`place folded${dim(id)}`} onClick={more}
                onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); more(); } }} {...light(id)}
              >
                <rect x={x} y={y} width={width} height={height} rx="7" />
                <text x={x + width / 2} y={y + 26} textAnchor="middle">{folded.toLocaleString('en')} more</text>
              </g>
            );
          }
          return (
            <g key={id} className={`place root${dim(id)}`} {...light(id)}>
              <title>{release}</title>
              <rect x={x} y={y} width={width} height={height} rx="7" />
              <text x={x + 12} y={y + 26}>{shorten(release, 21)}</text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
