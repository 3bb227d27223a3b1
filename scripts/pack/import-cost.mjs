// `npm run import-cost -- [FOLDER] [ROUNDS]`: what importing each door costs beyond Node's own start, in milliseconds.
// FOLDER: where a program stands that imports copytax, for an installed package; default: this checkout, whose files
// are not bundled. Each round starts one process for each door and one without, in turn; medians of differences are
// printed, because other processes come and go.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const [folder = ROOT, rounds = '21'] = process.argv.slice(2);

const { exports } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
const doors = Object.entries(exports).flatMap(([name, { default: file }]) =>
  file === undefined ? [] : [`copytax${name.slice(1)}`],
);

/** Returns the milliseconds of wall clock and of CPU that a process needs to its end. */
function run(source) {
  const program = `${source}; import { writeSync } from 'node:fs'; const { user, system } = process.cpuUsage();
    writeSync(1, JSON.stringify([performance.now(), (user + system) / 1000]))`;
  const args = ['--input-type=module', '-e', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: resolve(folder), encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const costs = new Map(doors.map((door) => [door, []]));
const starts = [];
for (let round = 0; round < Number(rounds); round++) {
  for (const [door, taken] of costs) {
    const [none, one] = [run(''), run(`import '${door}'`)];
    starts.push(none[0]);
    taken.push(one.map((value, column) => value - none[column]));
  }
}
console.log(`Node's own start: ${median(starts).toFixed(1)} ms, a measure of this host`);
for (const [door, taken] of costs) {
  const [wall, cpu] = [0, 1].map((column) => median(taken.map((costsOf) => costsOf[column])).toFixed(1));
  console.log(`${door.padEnd(16)} ${wall.padStart(7)} ms, ${cpu.padStart(7)} ms of CPU time`);
}
