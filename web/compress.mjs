// Replaces each file of dist/ by its gzip. fflate rather than zlib: its output
// is the same bytes on every machine, so that a build can be compared with the
// committed one.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'fflate';

const dist = join(import.meta.dirname, 'dist');
let raw = 0;
let packed = 0;
for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
  const file = join(dist, name);
  if (!statSync(file).isFile()) continue;
  const content = readFileSync(file);
  const gzip = gzipSync(content, { level: 9, mtime: 0 });
  writeFileSync(`${file}.gz`, gzip);
  rmSync(file);
  raw += content.length;
  packed += gzip.length;
}
console.log(`dist: ${raw} bytes, ${packed} gzipped`);
