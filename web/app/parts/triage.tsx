import type { FindingState } from '../gql/graphql';

/** The decisions, in the order in which they are offered. */
export const states: readonly (readonly [FindingState, string, string])[] = [
  ['OPEN', 'Open', 'Nothing has been decided; takes a decision back'],
  ['IN_TRIAGE', 'In triage', 'Somebody is looking into it'],
  ['AFFECTED', 'Affected', 'It can be exploited, and something has to be done'],
  ['NOT_AFFECTED', 'Not affected', 'It cannot be exploited in what is shipped'],
  ['FALSE_POSITIVE', 'False positive', 'The record is wrong about this component'],
  ['FIXED', 'Fixed', 'This very version has been patched'],
  ['ACCEPTED', 'Accepted', 'The risk is accepted; nothing will be done'],
];

const names = new Map(states.map(([state, name]) => [state, name]));

export const stateName = (state: FindingState) => names.get(state) ?? state;

export function StateMark({ state }: { state: FindingState }) {
  return <span className={`state-mark ${state.toLowerCase()}`}>{stateName(state)}</span>;
}
