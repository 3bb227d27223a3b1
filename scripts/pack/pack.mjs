// `prepack` and `postpack` of npm: between them, dist holds what is shipped instead of what was compiled. An end in
// between does no harm: the next start finds that compiled files are missing, and compiles.
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIST = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist');
const FOLDERS = ['lib', 'benchmarks'];
/** What was compiled, while the package is packed. */
const COMPILED = join(DIST, '.compiled');
const BUNDLED = join(DIST, '.bundled');
const LICENCES = 'lib/parts/LICENCES.txt';

function replace(from, kept) {
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept);
  for (const folder of FOLDERS) {
    renameSync(join(DIST, folder), join(kept, folder));
    renameSync(join(from, folder), join(DIST, folder));
  }
  rmSync(from, { recursive: true });
}

async function before() {
  // Loaded here, because a package that is packed without it needs no tools to be restored.
  const { bundle } = await import('./bundle.mjs');
  rmSync(BUNDLED, { recursive: true, force: true });
  const { licences } = await bundle(dirname(DIST), BUNDLED);
  const head = 'Of these packages, parts are in the files of this folder.';
  writeFileSync(join(BUNDLED, LICENCES), `${[head, ...licences].join(`\n\n${'='.repeat(80)}\n\n`)}\n`);
  const isDeclaration = (file) => !/\.[^/]*$/.test(file.slice(file.lastIndexOf('/'))) || file.endsWith('.d.ts');
  for (const folder of FOLDERS) {
    cpSync(join(DIST, folder), join(BUNDLED, folder), { recursive: true, filter: isDeclaration });
  }
  replace(BUNDLED, COMPILED);
}

function after() {
  replace(COMPILED, BUNDLED);
  rmSync(BUNDLED, { recursive: true });
}

await { before, after }[process.argv[2]]();
