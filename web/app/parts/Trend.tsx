import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, curveMonotoneX, stack } from 'd3-shape';

import type { TrendPartsFragment } from '../gql/graphql';
import { Day } from './time';

const width = 560;
const height = 170;
const edge = { top: 8, right: 8, bottom: 22, left: 34 };
const keys = ['unrated', 'low', 'medium', 'high', 'critical'] as const;

/** How many findings ask for attention, day by day, by severity; the same in numbers for those who do not see it. */
export function Trend({ points }: { points: readonly TrendPartsFragment[] }) {
  return points.length === 0 ? <p className="quiet">The first day's count comes with the first document.</p> : <Chart points={points.map((point) => ({ ...point, unrated: point.active - point.critical - point.high - point.medium - point.low }))} />;
}

type Point = TrendPartsFragment & { readonly unrated: number };

function Chart({ points }: { points: readonly Point[] }) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const days = points.length > 1 ? points : [{ ...first, date: new Date(Date.parse(first.date) - 86_400_000).toISOString().slice(0, 10) }, first];
  const x = scaleUtc([Date.parse(days[0]?.date ?? first.date), Date.parse(last.date)], [edge.left, width - edge.right]);
  const most = Math.max(1, ...days.map(({ active }) => active));
  const y = scaleLinear([0, most], [height - edge.bottom, edge.top]).nice(4);
  const layers = stack<Point, (typeof keys)[number]>().keys(keys).value((point, key) => point[key])([...days]);
  const shape = area<(typeof layers)[number][number]>().x(({ data }) => x(Date.parse(data.date))).y0(([low]) => y(low)).y1(([, high]) => y(high)).curve(curveMonotoneX);
  return (
    <figure className="trend">
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {y.ticks(4).filter(Number.isInteger).map((tick) => (
          <g key={tick}>
            <line x1={edge.left} x2={width - edge.right} y1={y(tick)} y2={y(tick)} />
            <text x={edge.left - 8} y={y(tick) + 4} textAnchor="end">{tick.toLocaleString('en')}</text>
          </g>
        ))}
        {layers.map((layer) => <path key={layer.key} className={layer.key} d={shape(layer) ?? ''} />)}
        <text x={edge.left} y={height - 5}>{short(days[0]?.date ?? first.date)}</text>
        <text x={width - edge.right} y={height - 5} textAnchor="end">{short(last.date)}</text>
      </svg>
      <table className="hidden">
        <caption>Findings that ask for attention, by day</caption>
        <thead><tr><th scope="col">Day</th><th scope="col">All</th>{keys.map((key) => <th key={key} scope="col">{key}</th>)}</tr></thead>
        <tbody>{points.map((point) => <tr key={point.date}><th scope="row"><Day at={point.date} /></th><td>{point.active}</td>{keys.map((key) => <td key={key}>{point[key]}</td>)}</tr>)}</tbody>
      </table>
    </figure>
  );
}

const short = (date: string) => new Date(date).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
