import { useMutation, useQuery } from '@apollo/client/react';
import { useState, type FormEvent } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

import type { FindingDecisionFragment, FindingRowFragment, FindingState, TriageFindingsMutation, TriageJustification, TriageResponse, TriageScope } from '../gql/graphql';
import { TriageFindingsDocument, TriageHistoryDocument } from '../gql/TriageDialog';
import { BusyButton } from './BusyButton';
import { Failure, Refusals } from './states';
import { Ago } from './time';
import { StateMark, states } from './triage';

const justifications: readonly (readonly [TriageJustification, string])[] = [
  ['COMPONENT_NOT_PRESENT', 'The component is not part of what is shipped'],
  ['CODE_NOT_PRESENT', 'The vulnerable code has been left out'],
  ['CODE_NOT_REACHABLE', 'The vulnerable code is never run'],
  ['CODE_NOT_CONTROLLABLE', 'No attacker can reach the code with data of theirs'],
  ['REQUIRES_CONFIGURATION', 'Only another configuration could be exploited'],
  ['REQUIRES_DEPENDENCY', 'Needs a dependency that is not there'],
  ['REQUIRES_ENVIRONMENT', 'Only in another environment'],
  ['PROTECTED_BY_COMPILER', 'The compiler’s protection prevents it'],
  ['PROTECTED_AT_RUNTIME', 'Something prevents it at run time'],
  ['PROTECTED_AT_PERIMETER', 'Something at the network’s edge prevents it'],
  ['PROTECTED_BY_MITIGATING_CONTROL', 'Some other measure prevents it'],
];

const responses: readonly (readonly [TriageResponse, string])[] = [
  ['UPDATE', 'Use a newer version'], ['ROLLBACK', 'Use an older version'], ['WORKAROUND_AVAILABLE', 'There is a way around it'],
  ['WILL_NOT_FIX', 'It will not be fixed'], ['CAN_NOT_FIX', 'It cannot be fixed'],
];

const byKey = 'loadline:by';

function lastBy() {
  try {
    return localStorage.getItem(byKey) ?? '';
  } catch {
    return ''; // storage is off
  }
}

/** Decides about findings. The rows show the decision at once, and take it back if the server refuses it. */
export default function TriageDialog({ findings, close, decided }: { findings: readonly FindingRowFragment[]; close: () => void; decided: () => void }) {
  const [only] = findings.length === 1 ? findings : [];
  const [state, setState] = useState<FindingState>(only && only.state !== 'OPEN' ? only.state : 'IN_TRIAGE');
  const [justification, setJustification] = useState<TriageJustification | ''>(only?.triage?.justification ?? '');
  const [response, setResponse] = useState<TriageResponse | ''>(only?.triage?.response[0] ?? '');
  const [note, setNote] = useState(only?.triage?.note ?? '');
  const [by, setBy] = useState(lastBy);
  const [scope, setScope] = useState<TriageScope>(only?.triage?.scope ?? 'PROJECT');
  const [onlyThisVersion, setOnlyThisVersion] = useState(Boolean(only?.triage?.version));
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [triage, { loading, error }] = useMutation(TriageFindingsDocument, { refetchQueries: ['Release', 'ReleaseCoverage', 'TriageHistory'] });

  const send = async (event: FormEvent) => {
    event.preventDefault();
    try {
      localStorage.setItem(byKey, by);
    } catch {
      // The name is asked for again next time.
    }
    const decision = {
      state, justification: state === 'NOT_AFFECTED' && justification ? justification : null, response: response ? [response] : [],
      note: note.trim() || null, by: by.trim() || null, scope,
    };
    const answer = await triage({
      variables: { input: { ids: findings.map(({ id }) => id), ...decision, onlyThisVersion } },
      optimisticResponse: expected(findings, decision, onlyThisVersion || state === 'FIXED'),
    }).catch(() => undefined);
    const errors = answer?.data?.triageFindings.userErrors;
    if (!errors) return;
    setRefused(errors.map(({ message }) => message));
    if (errors.length > 0) return;
    decided();
    close();
  };

  const needsNote = state === 'ACCEPTED' || state === 'FALSE_POSITIVE' || (state === 'NOT_AFFECTED' && !justification);
  return (
    <ModalOverlay isOpen onOpenChange={(open) => { if (!open) close(); }} isDismissable className="overlay">
      <Modal className="modal">
        <Dialog className="dialog">
          <form onSubmit={(event) => void send(event)}>
            <Heading slot="title">{only ? <>{only.vulnerability.id} <span className="quiet">in {only.component.name} {only.component.version}</span></> : `${findings.length} findings`}</Heading>
            {only?.vulnerability.summary && <p className="quiet">{only.vulnerability.summary}</p>}
            <fieldset className="decisions">
              <legend>What is to be thought of {only ? 'it' : 'them'}?</legend>
              {states.map(([value, name, about]) => (
                <label key={value}>
                  <input type="radio" name="state" value={value} checked={state === value} onChange={() => setState(value)} />
                  <span><strong>{name}</strong> <span className="quiet">{about}</span></span>
                </label>
              ))}
            </fieldset>
            {state === 'NOT_AFFECTED' && (
              <label className="field"><span>Because</span>
                <select aria-label="Because" value={justification} onChange={(event) => setJustification(event.target.value as TriageJustification | '')}>
                  <option value="">As the note says</option>
                  {justifications.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
                </select>
              </label>
            )}
            {(state === 'AFFECTED' || state === 'ACCEPTED') && (
              <label className="field"><span>What is done about it</span>
                <select aria-label="What is done about it" value={response} onChange={(event) => setResponse(event.target.value as TriageResponse | '')}>
                  <option value="">Not said</option>
                  {responses.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
                </select>
              </label>
            )}
            <label className="field"><span>Note{needsNote ? '' : ' (optional)'}</span>
              <textarea rows={3} value={note} onChange={(event) => setNote(event.target.value)} required={needsNote} maxLength={10_000} placeholder="Why, for whoever reads this next" />
            </label>
            <div className="fields">
              <label className="field"><span>Who decides (optional)</span><input value={by} onChange={(event) => setBy(event.target.value)} maxLength={200} autoComplete="name" /></label>
              <label className="field"><span>Holds</span>
                <select aria-label="Holds" value={scope} onChange={(event) => setScope(event.target.value as TriageScope)}>
                  <option value="PROJECT">In all releases of the project</option>
                  <option value="RELEASE">In this release only</option>
                </select>
              </label>
            </div>
            <label className="check"><input type="checkbox" checked={onlyThisVersion || state === 'FIXED'} disabled={state === 'FIXED'} onChange={(event) => setOnlyThisVersion(event.target.checked)} /> Only for the version that the component has now</label>
            <Refusals messages={refused} />
            {error && <Failure what="The decision was not kept" error={error} />}
            <div className="form-foot">
              <BusyButton type="submit" className="button primary" busy={loading}>Decide</BusyButton>
              <Button className="button" onPress={close}>Cancel</Button>
            </div>
          </form>
          {only && <History id={only.id} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** What the answer will be, unless the server refuses. */
function expected(findings: readonly FindingRowFragment[], decision: Omit<NonNullable<FindingDecisionFragment['triage']>, '__typename' | 'at' | 'version'>, onlyVersion: boolean): TriageFindingsMutation {
  const at = new Date().toISOString();
  return {
    __typename: 'Mutation',
    triageFindings: {
      __typename: 'TriageFindingsPayload',
      userErrors: [],
      findings: findings.map(({ id, component }) => ({
        __typename: 'Finding', id, state: decision.state,
        triage: { __typename: 'Triage', ...decision, at, version: onlyVersion ? component.version : null },
      } as unknown as NonNullable<TriageFindingsMutation['triageFindings']['findings']>[number])),
    },
  };
}

function History({ id }: { id: string }) {
  const { data } = useQuery(TriageHistoryDocument, { variables: { id } });
  const history = data?.node?.__typename === 'Finding' ? data.node.triageHistory : undefined;
  if (!history || history.totalCount === 0) return null;
  return (
    <section className="history" aria-label="Earlier decisions">
      <h3>Earlier decisions</h3>
      <ol>
        {history.edges.map(({ node: { state, note, by, at, scope, version } }, index) => (
          <li key={index}>
            <StateMark state={state} />
            <span>{note ?? <span className="quiet">No note</span>}<span className="sub">{by ?? 'Somebody'}, <Ago at={at} />, {scope === 'PROJECT' ? 'all releases' : 'this release'}{version && `, only ${version}`}</span></span>
          </li>
        ))}
      </ol>
    </section>
  );
}
