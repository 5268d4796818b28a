import type { SeverityRating } from '../gql/graphql';

export type Rating = SeverityRating | 'UNRATED';

/** The ratings, the worst first. */
export const ratings: readonly Rating[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'NONE', 'UNRATED'];

const words: Record<Rating, string> = {
  CRITICAL: 'Critical', HIGH: 'High', MEDIUM: 'Medium', LOW: 'Low', NONE: 'None', UNRATED: 'Unrated',
};

export const ratingName = (rating: Rating) => words[rating];

/** How bad a vulnerability is, in a word, with its score. */
export function SeverityBadge({ rating, score }: { rating: Rating; score?: number | null | undefined }) {
  return (
    <span className={`severity ${rating.toLowerCase()}`}>
      {words[rating]}{typeof score === 'number' && <span className="score"> {score.toFixed(1)}</span>}
    </span>
  );
}

export type Counts = Partial<Record<Rating, number>>;

export const total = (counts: Counts) => ratings.reduce((sum, rating) => sum + (counts[rating] ?? 0), 0);

/** How many of each rating, as small numbers; a screen reader hears words. */
export function SeverityCounts({ counts }: { counts: Counts }) {
  const shown = ratings.filter((rating) => counts[rating]);
  if (shown.length === 0) return <span className="quiet">None known</span>;
  return (
    <span className="counts" role="img" aria-label={shown.map((rating) => `${counts[rating]} ${words[rating].toLowerCase()}`).join(', ')}>
      {shown.map((rating) => <span key={rating} className={`count ${rating.toLowerCase()}`} title={words[rating]}>{counts[rating]}</span>)}
    </span>
  );
}

/** The shares of the ratings, as one line of colours; a legend with the numbers is beside it. */
export function SeverityBar({ counts }: { counts: Counts }) {
  const all = total(counts);
  return (
    <span className="bar" aria-hidden="true">
      {all > 0 && ratings.map((rating) => counts[rating]
        ? <span key={rating} className={rating.toLowerCase()} style={{ flexGrow: counts[rating] }} />
        : null)}
    </span>
  );
}

/** How many findings have which severity, as the API counts them. */
export interface BySeverity {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly none: number;
  readonly unrated: number;
}

export const countsOf = ({ critical, high, medium, low, none, unrated }: BySeverity): Counts => (
  { CRITICAL: critical, HIGH: high, MEDIUM: medium, LOW: low, NONE: none, UNRATED: unrated }
);

/** The severities of findings, as a bar and in numbers. */
export function Counters({ severity }: { severity: BySeverity }) {
  const counts = countsOf(severity);
  return (
    <>
      <SeverityBar counts={counts} />
      <ul className="legend">
        {ratings.filter((rating) => counts[rating]).map((rating) => (
          <li key={rating} className={rating.toLowerCase()}>{counts[rating]?.toLocaleString('en')} {words[rating].toLowerCase()}</li>
        ))}
      </ul>
    </>
  );
}
