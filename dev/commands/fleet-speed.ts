/**
 * `npm run fleet-speed`: makes a fleet of result files, compares it with `copytax compare` as a process of its own, and
 * prints how long that took and how much memory.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readResult } from '../../lib/bench/result/result-file.js';
import { parseInteger } from '../../lib/cli/options/values.js';
import { EXIT_FAILED, EXIT_FINE } from '../../lib/cli/terminal/print-error.js';
import { writeFleet } from '../fleet/fleet-files.js';

export interface FleetSpeedOptions {
  readonly files?: string;
  readonly base?: string;
}

const BASE = 'benchmarks/results/amd-epyc-2-cpu-kvm.json';
const PROGRAM = fileURLToPath(new URL('../../lib/cli/program.js', import.meta.url));
const FILES = { min: 2, max: 100_000 };

/** Runs the command line, and writes what its process used as the last line of stderr. */
const WATCHED = `
const [program, ...args] = process.argv.slice(1);
const { run } = await import(program);
process.exitCode = await run(args);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stderr.write('\\n' + JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, mebibytes: maxRSS / 1024 }));
`;

interface Used {
  readonly cpu: number;
  readonly mebibytes: number;
}

/** Returns what one call took, or null after printing why it failed. */
function timed(what: string, args: readonly string[]): string | null {
  const began = performance.now();
  const argv = ['--input-type=module', '--eval', WATCHED, PROGRAM, 'compare', ...args];
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const seconds = (performance.now() - began) / 1000;
  if (status !== EXIT_FINE) {
    process.stderr.write(stderr);
    return null;
  }
  const { cpu, mebibytes } = JSON.parse(stderr.slice(stderr.lastIndexOf('\n'))) as Used;
  return `${what}: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU time, ${mebibytes.toFixed(0)} MiB`;
}

/** Resolves to the exit code. Makes the files below the folder for temporary files, and removes them. */
export async function fleetSpeedCommand({ files = '1000', base = BASE }: FleetSpeedOptions): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'copytax-fleet-'));
  try {
    const fingerprints = ['1-aaaaaaaaaaaaaaaa', '1-aaaaaaaaaaaaaaaa', '1-bbbbbbbbbbbbbbbb'];
    const number = parseInteger('--files', files, FILES);
    const slower = new Map([[1, 1.25]]);
    writeFleet(folder, {
      base: readResult(resolve(base)),
      files: number,
      seed: 1,
      deviation: 0.04,
      fingerprints,
      slower,
    });
    process.stdout.write(`${number} files on ${availableParallelism()} CPUs\n`);
    const query = 'SELECT kind, count(*) AS n, median(median) AS middle FROM numbers GROUP BY kind ORDER BY kind';
    for (const [what, args] of [
      ['compare', [folder]],
      ['compare --json', [folder, '--json']],
      ['compare --sql', [folder, '--sql', query]],
      ['compare --parquet', [folder, '--parquet', join(folder, 'out')]],
    ] as const) {
      const line = timed(what, args);
      if (line === null) return EXIT_FAILED;
      process.stdout.write(`${line}\n`);
    }
    return EXIT_FINE;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
