/**
 * `npm run variance`: samples transmit designs and copies in several processes, writes the samples to a file, and
 * prints which components their variance has. `--analyse` prints the same of a file. What it found on one host is
 * docs/design/0033-where-the-variance-comes-from.md.
 */
import { randomInt } from 'node:crypto';
import { addon } from '../../lib/addon/addon.js';
import { thisHost } from '../../lib/bench/host/this-host.js';
import { usageError } from '../../lib/cli/options/usage.js';
import { parseInteger } from '../../lib/cli/options/values.js';
import { Interrupt } from '../../lib/cli/terminal/interrupt.js';
import { EXIT_FINE, errorLine } from '../../lib/cli/terminal/print-error.js';
import { ProgressLine, timeText } from '../../lib/cli/terminal/progress.js';
import { requireWritable } from '../files/json-file.js';
import { Experiment } from '../variance/experiment.js';
import { varianceReport } from '../variance/tables.js';
import type { VarianceData, VarianceSettings } from '../variance/turn.js';
import { readVariance, writeVariance } from '../variance/variance-file.js';
import { parseSeed } from './fixed-options.js';

export interface VarianceOptions {
  readonly out?: string;
  readonly minutes?: string;
  readonly processes?: string;
  readonly sampleMs?: string;
  readonly seed?: string;
  readonly analyse?: string;
}

const LEAST_MINUTES = 0.05;
const MOST_MINUTES = 240;
/** Each has its own memory, about 100 MiB. */
const PROCESSES = { min: 2, max: 32 };
const SAMPLE_MS = { min: 5, max: 1000 };
/** How often the file is replaced: a killed experiment loses no more than that. */
const KEEP_MS = 10_000;

function parseMinutes(text: string): number {
  const minutes = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (minutes >= LEAST_MINUTES && minutes <= MOST_MINUTES) return minutes;
  throw usageError(`--minutes '${text}' is not a number from ${LEAST_MINUTES} to ${MOST_MINUTES}`, { given: text });
}

function settingsOf({ minutes = '8', processes = '6', sampleMs = '60', seed }: VarianceOptions): VarianceSettings {
  return {
    minutes: parseMinutes(minutes),
    processes: parseInteger('--processes', processes, PROCESSES),
    sampleMs: parseInteger('--sample-ms', sampleMs, SAMPLE_MS),
    seed: seed === undefined ? randomInt(2 ** 32) : parseSeed('--seed', seed),
  };
}

function hostOf(): VarianceData['host'] {
  const { cpu, hypervisor } = thisHost();
  return { cpu: cpu.model, cpus: addon().affinity().length, hypervisor: hypervisor.vendor };
}

function print(data: VarianceData): void {
  process.stdout.write(`${varianceReport(data).join('\n')}\n`);
}

/**
 * Resolves to the exit code. Rejects with ERR_USAGE, ERR_RESULT_FILE, ERR_RESULT_SCHEMA, or what ended the experiment.
 */
export async function varianceCommand(options: VarianceOptions): Promise<number> {
  const { out, analyse } = options;
  if ((out === undefined) === (analyse === undefined)) throw usageError('give either --out or --analyse');
  if (analyse !== undefined) {
    print(readVariance(analyse));
    return EXIT_FINE;
  }
  const settings = settingsOf(options);
  requireWritable(out!);
  const progress = new ProgressLine(process.stderr);
  let keptMs = performance.now();
  const interrupt = new Interrupt(() => {
    progress.clear();
    try {
      writeVariance(out!, experiment.data);
    } catch (error) {
      process.stderr.write(`${errorLine(error)}\n`);
    }
    process.exit(interrupt.exitCode);
  });
  const { signal } = interrupt;
  const experiment = new Experiment(settings, hostOf(), addon().affinity(), {
    signal,
    onStep: (data, leftMs) => {
      const { turns, failures } = data;
      const failed = failures.length === 0 ? '' : `, ${failures.length} failures`;
      progress.update('', () => `variance: ${turns.length} turns${failed}${timeText(Math.max(0, leftMs))}`);
      if (performance.now() - keptMs < KEEP_MS) return;
      writeVariance(out!, data);
      keptMs = performance.now();
    },
  });
  try {
    await experiment.run();
  } finally {
    interrupt.close();
    progress.clear();
    writeVariance(out!, experiment.data);
  }
  print(experiment.data);
  return signal.aborted ? interrupt.exitCode : EXIT_FINE;
}
