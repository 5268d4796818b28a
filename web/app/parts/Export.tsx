import { useMutation, useSubscription } from '@apollo/client/react';
import { useEffect, useRef } from 'react';

import { unmask } from '../gql/fragment-masking';
import { ExportBomDocument, ExportProgressDocument } from '../gql/Export';
import { JobStateFragmentDoc } from '../gql/Job';
import { beside } from '../paths';
import { BusyButton } from './BusyButton';
import { size } from './count';
import { Icon } from './Icon';
import { JobFollowed } from './Job';
import { Failure } from './states';

/** The export of a Bom, to be begun by ExportButton and followed in ExportProgress. */
export function useExport() {
  const [start, { data, loading, error }] = useMutation(ExportBomDocument);
  return {
    start: (bom: string) => void start({ variables: { input: { bom } } }).catch(() => undefined), // `error` has it
    job: data?.exportBom.job?.id, refused: data?.exportBom.userErrors ?? [], loading, error,
  };
}

type Exporting = ReturnType<typeof useExport>;

export function ExportButton({ exporting: { start, loading }, bom }: { exporting: Exporting; bom: string }) {
  return <BusyButton className="button" busy={loading} onPress={() => start(bom)}><Icon name="download" /> Export</BusyButton>;
}

/** How far the export is; when it is done, the document is fetched. */
export function ExportProgress({ exporting: { job, refused, error } }: { exporting: Exporting }) {
  return (
    <div aria-live="polite" className="accepted">
      {error && <Failure what="The export could not be asked for" error={error} />}
      {refused.length > 0 && <p className="failure">The export was refused: {refused.map(({ message }) => message).join(' ')}</p>}
      {job && <Progress key={job} id={job} />}
    </div>
  );
}

function Progress({ id }: { id: string }) {
  const { data, error } = useSubscription(ExportProgressDocument, { variables: { id } });
  const progress = data?.jobProgress;
  const job = progress && unmask(JobStateFragmentDoc, progress);
  const document = progress?.export;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.click(), [document?.url]);
  return (
    <section className="sheet upload" aria-label="Export">
      <JobFollowed job={job} label="Export as CycloneDX, with vulnerabilities and decisions (VEX)" error={error} />
      {document && (
        <p>
          It is being downloaded; for a day it can be fetched again: <a ref={link} href={beside(document.url.replace(/^\//, '')).href} download={document.fileName}>{document.fileName}</a> <span className="quiet">{size(document.size)}</span>
        </p>
      )}
    </section>
  );
}
