/**
 * How much does the control plane slow down the copies? Runs machines of the model and, in turn with them, a C++
 * program that makes the same copies and does nothing else, and prints the ratio of their rates, paired by rounds.
 *
 *   npm run yardstick -- [--message BYTES] [--senders N] [--queues N] [--window BYTES] [--pool BYTES] [--rounds N]
 *                        [--program PATH]
 *
 * `--window`: bytes of the send buffer; `--pool`: bytes of the slot pool; `--program`: another program than
 * bare_copies. A machine without a queueing discipline makes the same copies as the program in the same places: each
 * sender bounces its own data under the lock of the queue. With the discipline of most devices (`fifo`) one CPU bounces
 * for all. The program has one lock, and none for bounce-pages: its counterpart there is a machine with a queue for
 * each sender.
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { addon } from '../lib/addon/addon.js';
import { requireOptimizer, setEngineFlags } from '../lib/bench/host/engine-flags.js';
import { WarmUp } from '../lib/bench/run/warm-up.js';
import { pairedRatio, type RatioSummary } from '../lib/bench/statistics/paired-ratio.js';
import type { DesignName } from '../lib/designs/designs.js';
import type { QdiscName } from '../lib/machine/build/choices.js';
import { machineConfig } from '../lib/machine/build/config.js';
import { ThreadedMachine } from '../lib/machine/run/threaded-machine.js';
import type { TxTrial } from '../lib/machine/run/tx-trial.js';
import { copyKernelIndex } from '../lib/memory/copy-kernels.js';
import { random, shuffled } from '../lib/random.js';
import { nativeProgram } from './shared/native-program.js';

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

function options() {
  const number = (fallback: number) => ({ type: 'string', default: String(fallback) }) as const;
  const { values } = parseArgs({
    options: {
      message: number(65536),
      senders: number(2),
      window: number(4 << 20),
      pool: number(64 << 20),
      queues: number(1),
      rounds: number(20),
      program: { type: 'string' },
    },
  });
  const { message, senders, window, pool, queues, rounds, program } = values;
  return {
    sizes: { message: Number(message), senders: Number(senders), window: Number(window), pool: Number(pool) },
    queues: Number(queues),
    rounds: Number(rounds),
    program,
  };
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

async function main(): Promise<void> {
  requireOptimizer();
  setEngineFlags();
  const { sizes, queues, rounds, program = nativeProgram('bare_copies') } = options();
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
    const yardstick = JSON.parse(execFileSync(program, args, { encoding: 'utf8' })) as Bare;
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
    console.log(describe(`${design}, ${qdisc}`, measured[at]!, yardstick, ratio));
  });
}

await main();
