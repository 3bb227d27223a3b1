// Of an installed package: `node check-doors.mjs FOLDER` fails unless each door but the pictures loads few files, none
// of another package, none of Node's modules that take long, and no native code. What that saves is time, which a
// test cannot hold; what it comes from, it can.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A door, its part, and parts that it shares with others. */
const MAX_FILES = 8;
/** Node needs most of the time to compile. */
const MAX_KILOBYTES = 500;
/** Modules of Node, of which each takes as long as a door. */
const SLOW_BUILTINS = ['crypto', 'child_process', 'worker_threads', 'zlib', 'fs/promises', 'stream'];
const LIBRARY_DOOR = 'copytax/plots';

const folder = resolve(process.argv[2]);
const { exports } = JSON.parse(readFileSync(join(folder, 'node_modules/copytax/package.json'), 'utf8'));
const doors = Object.entries(exports).flatMap(([name, { default: file }]) =>
  file === undefined ? [] : [`copytax${name.slice(1)}`],
);

/** Returns the files that an import loads, as V8 counts them, modules of Node, and whether native code was loaded. */
function loadedBy(door) {
  const coverage = mkdtempSync(join(tmpdir(), 'copytax-doors-'));
  try {
    const program = `let native = 0; const { dlopen } = process;
      process.dlopen = (...args) => { native++; return dlopen.apply(process, args); };
      const before = new Set(process.moduleLoadList);
      await import('${door}');
      const builtins = process.moduleLoadList.filter((name) => !before.has(name)).map((name) => name.split(' ')[1]);
      process.stdout.write(JSON.stringify({ native, builtins }));`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_V8_COVERAGE: coverage },
    });
    if (status !== 0) throw new Error(`${door}: ${stderr}`);
    const results = readdirSync(coverage).flatMap((file) => JSON.parse(readFileSync(join(coverage, file))).result);
    return { files: results.map(({ url }) => url).filter((url) => /^file:.*\.js$/.test(url)), ...JSON.parse(stdout) };
  } finally {
    rmSync(coverage, { recursive: true });
  }
}

let failed = 0;
for (const door of doors) {
  const { files, native, builtins } = loadedBy(door);
  const foreign = files.filter((url) => !url.includes('/node_modules/copytax/dist/'));
  const kilobytes = files.reduce((sum, url) => sum + statSync(fileURLToPath(url)).size, 0) / 1000;
  const isLibraryDoor = door === LIBRARY_DOOR;
  const problems = [
    files.length === 0 && 'no file was seen',
    native > 0 && 'native code is loaded',
    ...SLOW_BUILTINS.map((name) => builtins.includes(name) && `node:${name} is loaded`),
    foreign.length > 0 && `${foreign.length} files of other packages are loaded, as ${foreign[0]}`,
    files.length > MAX_FILES && `${files.length} files are loaded, more than ${MAX_FILES}`,
    !isLibraryDoor && kilobytes > MAX_KILOBYTES && `more than ${MAX_KILOBYTES} kB are loaded`,
    !isLibraryDoor && files.some((url) => url.endsWith('/plots.js')) && 'the plotting library is loaded',
  ].filter(Boolean);
  console.log(
    `${door}: ${files.length} files, ${kilobytes.toFixed(0)} kB${problems.map((problem) => `; ${problem}`).join('')}`,
  );
  failed += problems.length;
}
process.exit(failed === 0 && doors.length > 0 ? 0 : 1);
