/**
 * `npm run tool-agreement`: does the bandwidth that copytax measures agree with that of other tools? Runs `mbw`,
 * `perf bench mem memcpy` and `stress-ng` in turn with the same copies by copytax, on one CPU, and prints for each rate
 * whether both agree within 10 %, or which measurement explains why not. `--analyse` prints the same of a file.
 *
 * A tool that is not installed is said loudly, and the others are compared. The exit code is 0 if each rate agrees or
 * is explained; 1 if one does not, or nothing was compared; 2 for wrong usage, and for a tool that prints something
 * else than rates.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeProgram } from '../../benchmarks/shared/native-program.js';
import { addon } from '../../lib/addon/addon.js';
import { lastLevelCacheBytes } from '../../lib/bench/facts/memory/last-level-cache.js';
import { pinErrno, pinIfAllowed } from '../../lib/bench/host/pinning.js';
import { thisHost } from '../../lib/bench/host/this-host.js';
import { unknownWord, usageError } from '../../lib/cli/options/usage.js';
import { parseInteger, parseList, parsePowerOfTwo } from '../../lib/cli/options/values.js';
import { EXIT_FAILED, EXIT_FINE } from '../../lib/cli/terminal/print-error.js';
import { ProgressLine } from '../../lib/cli/terminal/progress.js';
import { oneOf } from '../../lib/limits.js';
import { allCopyKernels } from '../../lib/memory/copy-kernels.js';
import { packageVersion } from '../../lib/package-facts.js';
import { requireWritable } from '../files/json-file.js';
import { AGREEMENT_SCHEMA, type AgreementData, readAgreement, writeAgreement } from '../tools/agreement-file.js';
import type { Conditions } from '../tools/plan.js';
import { findProgram, missingLine, TOOL_NAMES, type ToolName, versionOf } from '../tools/programs.js';
import { groupsOf, measureRounds } from '../tools/rounds.js';
import { agreementReport } from '../tools/tables.js';

export interface ToolAgreementOptions {
  readonly tools?: string;
  readonly sizes?: string;
  readonly rounds?: string;
  readonly out?: string;
  readonly analyse?: string;
}

const MIB = 2 ** 20;
/** Of an array: mbw takes whole MiB. */
const SIZES = { min: MIB, max: 2 ** 30 };
/** Fewer have no interval of 95 %. */
const ROUNDS = { min: 6, max: 1000 };
const USUAL_CACHE_BYTES = 32 * MIB;
const THP = '/sys/kernel/mm/transparent_hugepage/enabled';

/** A size whose two arrays a last-level cache holds, and one that it does not hold, powers of two. */
export function usualSizes(cacheBytes: number | null): readonly number[] {
  const log = Math.floor(Math.log2(Math.max(cacheBytes ?? USUAL_CACHE_BYTES, 8 * MIB)));
  return [Math.min(2 ** (log - 3), 16 * MIB), Math.min(2 ** (log + 1), SIZES.max / 2)];
}

/** The mode that stands in brackets; null where Linux does not say. */
function transparentHugePages(): string | null {
  try {
    return /\[(\w+)\]/.exec(readFileSync(THP, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

function print({ lines, isFine }: ReturnType<typeof agreementReport>): number {
  process.stdout.write(`${lines.join('\n')}\n`);
  return isFine ? EXIT_FINE : EXIT_FAILED;
}

function loopsOrWhy(): { readonly loops: string | null; readonly why: string | null } {
  try {
    return { loops: nativeProgram('tool_loops'), why: null };
  } catch (error) {
    const { message } = error as Error;
    return { loops: null, why: `SKIPPED: the loops of stress-ng, so that its rates stay unexplained: ${message}` };
  }
}

/** Resolves to the exit code. Rejects with ERR_USAGE, ERR_RESULT_FILE or ERR_RESULT_SCHEMA. */
export async function toolAgreementCommand(options: ToolAgreementOptions): Promise<number> {
  const { out, analyse } = options;
  if (analyse !== undefined) {
    if (Object.keys(options).length > 1) throw usageError('--analyse measures nothing, and goes with no other option');
    return print(agreementReport(readAgreement(analyse)));
  }
  const tool = (name: string): ToolName => oneOf('tool', name, TOOL_NAMES, unknownWord);
  const wanted = parseList('--tools', options.tools ?? TOOL_NAMES.join(','), tool);
  const rounds = parseInteger('--rounds', options.rounds ?? '10', ROUNDS);
  const size = (text: string) => parsePowerOfTwo('--sizes', text, SIZES);
  const given = options.sizes === undefined ? null : parseList('--sizes', options.sizes, size);
  if (out !== undefined) requireWritable(out);

  const cpus = addon().affinity();
  const cpu = pinErrno() === null ? cpus.at(-1)! : null;
  const { cpu: facts, hypervisor, kernel, ...host } = thisHost();
  const cacheBytes = lastLevelCacheBytes(host, cpu === null ? cpus : [cpu]);
  const mode = transparentHugePages();
  const installed = [...new Set(wanted)].map((name) => ({ name, file: findProgram(name) }));
  const skipped = installed.filter(({ file }) => file === null).map(({ name }) => missingLine(name));
  const found = installed.flatMap(({ name, file }) => (file === null ? [] : [{ name, file }]));
  for (const line of skipped) process.stderr.write(`${line}\n`);
  const { loops, why } = found.some(({ name }) => name === 'stress-ng') ? loopsOrWhy() : { loops: null, why: null };
  if (why !== null) skipped.push(why);
  const folder = mkdtempSync(join(tmpdir(), 'copytax-tools-'));
  const progress = new ProgressLine(process.stderr);
  try {
    // The tools run on the CPU of the thread that starts them.
    if (cpu !== null) pinIfAllowed(cpu);
    const supported = allCopyKernels().filter((copyKernel) => copyKernel.supported);
    const conditions: Conditions = {
      sizes: given ?? usualSizes(cacheBytes),
      hugePages: mode === 'always' ? 'thp' : 'never',
      copyKernels: supported.map(({ name }) => name),
      loops,
      folder,
    };
    const groups = found.flatMap(({ name, file }) => groupsOf(name, file, conditions));
    const rates = await measureRounds(groups, rounds, (round, group) => {
      progress.update('', () => `tool-agreement: round ${round + 1} of ${rounds}, ${group.measures[0]!.keys[0]}`);
    });
    progress.clear();
    const data: AgreementData = {
      schema: AGREEMENT_SCHEMA,
      created: new Date().toISOString(),
      version: packageVersion(),
      node: process.version,
      host: {
        cpu: facts.model,
        cpus: cpus.length,
        hypervisor: hypervisor.vendor,
        linux: kernel.release,
        libc: addon().build().libc,
        lastLevelCacheBytes: cacheBytes,
        transparentHugePages: mode,
      },
      cpu,
      rounds,
      tools: found.map(({ name, file }) => ({ name, version: versionOf(name, file) })),
      skipped,
      comparisons: groups.flatMap(({ comparisons }) => [...comparisons]),
      rates,
    };
    if (out !== undefined) writeAgreement(out, data);
    return print(agreementReport(data));
  } finally {
    progress.clear();
    rmSync(folder, { recursive: true, force: true });
  }
}
