import { beside, paths } from '../paths';
import { Icon } from './Icon';
import { Command, Empty } from './states';
import { Link } from 'wouter';

const quoted = (value: string) => encodeURIComponent(value);

/** The line for curl that brings a document in. */
export function Curl({ project = 'NAME', release = 'VERSION' }: { project?: string; release?: string }) {
  const address = `${beside('api/v1/boms').href}?project=${quoted(project)}&release=${quoted(release)}`;
  return <Command label="Upload with curl">{`curl -X PUT --data-binary @bom.json "${address}"`}</Command>;
}

/** What stands where nothing has been uploaded yet. */
export function HowToUpload() {
  return (
    <Empty title="Nothing has been uploaded yet" icon="upload">
      <p>Bring in a bill of materials (CycloneDX, SPDX) or a lockfile as it is. Project and release are created with it.</p>
      <p><Link href={paths.upload} className="button primary"><Icon name="upload" /> Upload a document</Link></p>
      <p className="quiet">Or from a terminal or a pipeline:</p>
      <Curl />
    </Empty>
  );
}
