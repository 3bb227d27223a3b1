/**
 * `npm run yardstick`: how much does the control plane slow down the copies? Runs machines of the model and, in turn
 * with them, a C++ program that makes the same copies and does nothing else, and prints the ratio of their rates,
 * paired by rounds.
 *
 * A machine without a queueing discipline makes the same copies as the program in the same places: each sender bounces
 * its own data under the lock of the queue. With the discipline of most devices (`fifo`) one CPU bounces for all. The
 * program has one lock, and none for bounce-pages: its counterpart there is a machine with a queue for each sender.
 */
import { execFileSync } from 'node:child_process';
import { median } from 'simple-statistics';
import { nativeProgram } from '../../benchmarks/shared/native-program.js';
import { addon } from '../../lib/addon/addon.js';
import { requireOptimizer, setEngineFlags } from '../../lib/bench/host/engine-flags.js';
import { WarmUp } from '../../lib/bench/run/warm-up.js';
import { pairedRatio, type RatioSummary } from '../../lib/bench/statistics/paired-ratio.js';
import { usageError } from '../../lib/cli/options/usage.js';
import { parseInteger, parsePowerOfTwo, parseSize } from '../../lib/cli/options/values.js';
import { EXIT_FINE } from '../../lib/cli/terminal/print-error.js';
import type { DesignName } from '../../lib/designs/designs.js';
import type { QdiscName } from '../../lib/machine/build/choices.js';
import { machineConfig } from '../../lib/machine/build/config.js';
import { ThreadedMachine } from '../../lib/machine/run/threaded-machine.js';
import type { TxTrial } from '../../lib/machine/run/tx-trial.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { random, shuffled } from '../../lib/random.js';

const SAMPLE_MS = 150;
const WARMUP_MS = 30;
const MAX_WARM_UP_ROUNDS = 30;
const SEED = 1;

type Bare = Readonly<Record<'bounceGbps' | 'bouncePagesGbps', number>>;
const MACHINES = [
  { design: 'bounce', qdisc: 'none', bare: 'bounceGbps' },
  { design: 'bounce', qdisc: 'fifo', bare: 'bounceGbps' },
  { design: 'bounce-pages', qdisc: 'none', bare: 'bouncePagesGbps' },
  { design: 'bounce-pages', qdisc: 'fifo', bare: 'bouncePagesGbps' },
] as const satisfies readonly { design: DesignName; qdisc: QdiscName; bare: keyof Bare }[];

export interface YardstickOptions {
  readonly message?: string;
  readonly senders?: string;
  readonly queues?: string;
  readonly window?: string;
  readonly pool?: string;
  readonly rounds?: string;
  readonly program?: string;
}

const SIZE = { min: 4096, max: 1 << 30 };
const SENDERS = { min: 1, max: 64 };
const QUEUES = { min: 1, max: 64 };
/** Fewer have no interval of 95 %. */
const ROUNDS = { min: 6, max: 1000 };

function parsed(options: YardstickOptions) {
  const { message = '64K', senders = '2', queues = '1', window = '4M', pool = '64M', rounds = '20' } = options;
  return {
    sizes: {
      message: parseSize('--message', message, { min: 1, max: SIZE.max }),
      senders: parseInteger('--senders', senders, SENDERS),
      window: parseSize('--window', window, SIZE),
      pool: parsePowerOfTwo('--pool', pool, SIZE),
    },
    queues: parseInteger('--queues', queues, QUEUES),
    rounds: parseInteger('--rounds', rounds, ROUNDS),
    program: options.program ?? nativeProgram('bare_copies'),
  };
}

/** Runs the program. @throws ERR_USAGE if it is none, or prints no rates */
function bareRates(program: string, args: readonly string[]): Bare {
  try {
    return JSON.parse(execFileSync(program, args, { encoding: 'utf8' })) as Bare;
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    throw usageError(`the program ${program} does not print rates: ${why}`);
  }
}

function describe(
  name: string,
  trials: readonly TxTrial[],
  bare: readonly number[],
  ratio: RatioSummary | null,
): string {
  const of = (value: (trial: TxTrial) => number) => median(trials.map(value));
  const perSkb = (ns: (trial: TxTrial) => number) =>
    of((trial) => (ns(trial) * trial.cpuPerBusyNs) / trial.skbs).toFixed(0);
  return [
    name.padEnd(20),
    `${of((trial) => trial.gbps).toFixed(1)} of ${median(bare).toFixed(1)} Gbit/s,`,
    ratio === null ? 'no ratio' : `${ratio.median.toFixed(2)} [${ratio.low.toFixed(2)}, ${ratio.high.toFixed(2)}];`,
    `ns per skb of ${of((trial) => trial.bytes / trial.skbs).toFixed(0)} B:`,
    `user copy ${perSkb(({ time }) => time.userCopy)},`,
    `bounce copy ${perSkb(({ time }) => time.bounceCopy + time.headerCopy)},`,
    `slots and pages ${perSkb(({ time }) => time.slotPage)},`,
    `locks ${perSkb(({ time }) => time.lockWait)},`,
    `rest ${perSkb(({ time }) => time.rest)}, idle ${perSkb(({ time }) => time.idle)}`,
  ].join(' ');
}

/**
 * Resolves to the exit code. Rejects with ERR_USAGE, ERR_ENGINE_FLAGS or ERR_NO_COMPILER, or with what a machine of
 * these sizes cannot have.
 */
export async function yardstickCommand(options: YardstickOptions): Promise<number> {
  const { sizes, queues, rounds, program } = parsed(options);
  requireOptimizer();
  setEngineFlags();
  const hostCpus = addon().affinity();
  const cpus = Math.min(sizes.senders, hostCpus.length);
  const configs = MACHINES.map(({ design, qdisc }) =>
    machineConfig({
      design,
      cpus: { count: cpus, copyKernel: copyKernelIndex('libc') },
      sockets: { senders: sizes.senders, messageBytes: sizes.message, sendBufferBytes: sizes.window },
      slotPool: { bytes: sizes.pool },
      devices: { queues, qdisc },
    }),
  );
  const args = Object.entries({ ...sizes, ms: SAMPLE_MS }).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const machine = new ThreadedMachine(hostCpus);
  const measured: TxTrial[][] = MACHINES.map(() => []);
  const bare: Bare[] = [];
  const next = random(SEED);
  const warmUp = new WarmUp();
  for (let round = 0; round < MAX_WARM_UP_ROUNDS && !warmUp.isSteady; round++) {
    for (const [at, { design, qdisc }] of MACHINES.entries()) {
      const { gbps } = await machine.run(configs[at]!, { warmupMs: WARMUP_MS, measureMs: SAMPLE_MS });
      warmUp.add({ id: `${design}, ${qdisc}`, higherIsBetter: true }, gbps);
    }
    warmUp.endRound();
  }
  for (let round = 0; round < rounds; round++) {
    const yardstick = bareRates(program, args);
    for (const at of shuffled([...MACHINES.keys()], next)) {
      measured[at]!.push(await machine.run(configs[at]!, { warmupMs: WARMUP_MS, measureMs: SAMPLE_MS }));
    }
    bare.push(yardstick);
  }
  await machine.close();
  MACHINES.forEach(({ design, qdisc, bare: key }, at) => {
    const yardstick = bare.map((rates) => rates[key]);
    const ratio = pairedRatio(
      measured[at]!.map(({ gbps }) => gbps),
      yardstick,
    );
    process.stdout.write(`${describe(`${design}, ${qdisc}`, measured[at]!, yardstick, ratio)}\n`);
  });
  return EXIT_FINE;
}
