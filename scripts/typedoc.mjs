// `node scripts/typedoc.mjs`: what documentation tools say of the declarations of the doors. Each name and member must
// have a comment, each type that a signature mentions must be importable, and each link must lead somewhere. Prints
// each warning, then `N passed, N failed`: doors without a warning, and warnings.
//
// TypeDoc does not read the compiler that this package is built with, so both it and a compiler that it reads are
// fetched into npm's cache when this runs, at the versions below.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doorsOf } from './api.mjs';

const TYPEDOC = 'typedoc@0.28.20';
const TYPESCRIPT = 'typescript@5.9.3';
/** Parameters are not among them: the comment of their function tells of them. */
const MUST_BE_DOCUMENTED = [
  'Enum',
  'EnumMember',
  'Variable',
  'Function',
  'Class',
  'Interface',
  'Property',
  'Method',
  'Accessor',
  'TypeAlias',
];

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'copytax-typedoc-'));

/** Runs npm. What it says goes to a file: of a pipe, a process that ends leaves the end unwritten. */
function npm(...words) {
  const file = join(folder, 'said');
  const said = openSync(file, 'w');
  const { status } = spawnSync('npm', words, { stdio: ['ignore', said, said], env: { ...process.env, NO_COLOR: '1' } });
  closeSync(said);
  return { status, said: readFileSync(file, 'utf8') };
}

const typedoc = (...words) =>
  npm('exec', '--yes', `--package=${TYPEDOC}`, `--package=${TYPESCRIPT}`, '--', 'typedoc', ...words);

/** What TypeDoc warns of; that a door has no names, too, would be wrong. */
function warningsOf(doors) {
  const options = join(folder, 'options.json');
  const tsconfig = join(folder, 'tsconfig.json');
  const json = join(folder, 'doors.json');
  const files = doors.map((file) => join(root, file));
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      include: [],
      files,
      compilerOptions: { incremental: false, typeRoots: [join(root, 'node_modules/@types')] },
    }),
  );
  writeFileSync(
    options,
    JSON.stringify({
      entryPoints: files,
      basePath: root,
      tsconfig,
      json,
      readme: 'none',
      disableSources: true, // links into a repository, of which there may be none
      disableGit: true,
      excludeExternals: true,
      validation: { notExported: true, invalidLink: true, notDocumented: true },
      requiredToBeDocumented: MUST_BE_DOCUMENTED,
      treatWarningsAsErrors: true,
    }),
  );
  const { status, said } = typedoc('--options', options);
  const warnings = said.split('\n').filter((line) => /^\[(warning|error)\] (?!Found \d)/.test(line));
  if (warnings.length > 0) return warnings;
  if (status !== 0) return [`TypeDoc ended with ${status}: ${said}`];
  const { children } = JSON.parse(readFileSync(json, 'utf8'));
  const named = children.filter((door) => (door.children ?? []).length > 0);
  return named.length === doors.length ? [] : [`of ${doors.length} doors, ${named.length} have names`];
}

try {
  if (typedoc('--version').status !== 0 && npm('view', TYPEDOC, 'version').status !== 0) {
    console.log('SKIPPED: TypeDoc cannot be fetched, so that comments of declarations were not looked at');
    console.log('1 passed, 0 failed');
  } else {
    const doors = Object.values(doorsOf(root));
    const warnings = warningsOf(doors);
    for (const warning of warnings) console.log(warning);
    console.log(`${warnings.length === 0 ? doors.length : 0} passed, ${warnings.length} failed`);
    process.exitCode = warnings.length === 0 ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
