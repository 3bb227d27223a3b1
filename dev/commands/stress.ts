/**
 * `npm run stress`: runs small machines of every kind on real threads, with the device oracle and the invariants on,
 * for a given time. Prints a few lines for each failure, with the command that runs the machine again. The last two
 * lines count packets and checks, and machines that passed and failed.
 */

import { parseInteger } from '../../lib/cli/options/values.js';
import { Interrupt } from '../../lib/cli/terminal/interrupt.js';
import { EXIT_FAILED, EXIT_FINE } from '../../lib/cli/terminal/print-error.js';
import { ProgressLine, timeText } from '../../lib/cli/terminal/progress.js';
import { Stress, type StressRun } from '../stress/stress.js';
import { type FixedOptions, fixedChoices, fixedText, LAST_SEED, parseSeed } from './fixed-options.js';

export interface StressOptions extends FixedOptions {
  readonly seconds?: string;
  readonly from?: string;
  readonly seed?: string;
}

const DEFAULT_SECONDS = '10';
const MAX_SECONDS = 1e6;
/** Running time of one machine: long enough for the host to take its threads off their CPUs in the middle of a step. */
const MACHINE_MS = 100;
/** Number of failures after which the run ends: further ones tend to show the same bug. */
const MAX_FAILURES = 5;
/** Pauses of a machine in which all threads have taken enough steps to send something. */
const FAIR_PAUSES = 8;
/** Number of machines in such a time, all without a packet, after which the run ends. */
const MAX_SILENT = 20;

function failureLines({ seed, failure, machine, packets }: StressRun, options: StressOptions): string[] {
  const { config, disturbance } = machine;
  const { code, message, thread } = failure!;
  const {
    design,
    flavour,
    cpus: { count: cpus },
    sockets: { senders, traffic },
    slotPool: { growth },
    devices: { queues, completion: device },
  } = config;
  const sizes = `CPUs ${cpus}, senders ${senders}, queues ${queues}`;
  return [
    `seed ${seed}: ${code}: ${message}`,
    `  on thread ${thread}, after ${packets} packets${disturbance === null ? '' : ', disturbed'}`,
    `  ${design}, ${flavour}, ${sizes}, traffic ${traffic}, device ${device}, growth ${growth}`,
    `  the same machine again and again: npm run stress --${fixedText(options)} --seed ${seed}`,
  ];
}

/** What a stress has come to. */
interface Counts {
  passed: number;
  failed: number;
  packets: number;
  pauses: number;
  /** Machines that ran for a fair time and sent no packet. */
  silent: number;
}

function count(counts: Counts, { failure, packets, pauses }: StressRun): void {
  counts[failure === null ? 'passed' : 'failed']++;
  counts.packets += packets;
  counts.pauses += pauses;
  if (failure === null && packets === 0 && pauses >= FAIR_PAUSES) counts.silent++;
}

/** True if there was nothing that could have failed: no machine has sent a packet, though `silent` had the time. */
function hasSentNothing({ packets, silent, failed }: Counts, atLeast: number): boolean {
  return packets === 0 && failed === 0 && silent >= atLeast;
}

/**
 * Resolves to the exit code: 1 when a machine failed, or none has sent a packet. Rejects with ERR_USAGE or ERR_DESIGN
 * before anything ran.
 */
export async function stressCommand(options: StressOptions): Promise<number> {
  const fixed = await fixedChoices(options);
  const seconds = parseInteger('--seconds', options.seconds ?? DEFAULT_SECONDS, { min: 1, max: MAX_SECONDS });
  const only = options.seed === undefined ? null : parseSeed('--seed', options.seed);
  const from = parseSeed('--from', options.from ?? '0');
  const end = performance.now() + seconds * 1000;
  const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);
  const counts: Counts = { passed: 0, failed: 0, packets: 0, pauses: 0, silent: 0 };
  const progress = new ProgressLine(process.stderr);
  const printCounts = () => {
    const { passed, failed, packets, pauses } = counts;
    progress.clear();
    print([`${packets} packets; every invariant checked ${pauses} times`, `${passed} passed, ${failed} failed`]);
  };
  const interrupt = new Interrupt(() => {
    printCounts();
    process.exit(interrupt.exitCode);
  });
  const { signal } = interrupt;
  const stress = new Stress(fixed);
  try {
    const isOver = () =>
      performance.now() >= end || counts.failed >= MAX_FAILURES || hasSentNothing(counts, MAX_SILENT) || signal.aborted;
    for (let played = 0; !isOver(); played++) {
      const seed = only ?? (from + played) % (LAST_SEED + 1);
      const run = await stress.run(seed, MACHINE_MS, signal);
      count(counts, run);
      if (run.failure !== null) {
        progress.clear();
        print(failureLines(run, options));
      }
      const leftMs = end - performance.now();
      if (leftMs > 0) progress.update('', () => `stress: ${played + 1} played${timeText(leftMs)}`);
    }
    if (!signal.aborted && hasSentNothing(counts, 1)) {
      progress.clear();
      const design = fixed.design === undefined ? '' : `: does the filler of the design '${fixed.design}' add bytes?`;
      print([`no machine has sent a packet, so nothing was checked${design}`]);
      counts.failed = counts.passed;
      counts.passed = 0;
    }
    printCounts();
    if (signal.aborted) return interrupt.exitCode;
    return counts.failed === 0 ? EXIT_FINE : EXIT_FAILED;
  } finally {
    interrupt.close();
    await stress.close();
  }
}
