/**
 * The command line: commands, options and their help. What a command does is in its own file, which is loaded when the
 * command is run: none should wait for the libraries of another.
 */
import type { Command } from 'commander';
import { SCENARIOS } from '../../benchmarks/index.js';
import { FREE_DISPATCH_CHOICES } from '../bench/plan/settings.js';
import { DEVICE_MODES } from '../dma/device-engine.js';
import { FLAVOURS } from '../flavour.js';
import { GROWTH_MODES } from '../machine/build/choices.js';
import { DESIGN_NAMES } from '../net/designs.js';
import { PACKAGE_VERSION } from '../package-facts.js';
import type { FaultOptions } from './commands/fault.js';
import { type BenchOptions, COPY_NAMES } from './options/bench-options.js';
import { EXIT_FINE } from './terminal/print-error.js';
import { commandLine, runProgram } from './terminal/run-program.js';

const BENCH_HELP = `
Lists are parted by commas; sizes are bytes, or 64K, 4M, 1G.
The report goes to stdout, progress to stderr. Ctrl-C ends the run and reports what it has.
Exit codes: 0 measured, 1 failed, 2 wrong usage, 130 interrupted.`;

function namesOf(onRequest: boolean): string {
  return SCENARIOS.filter((entry) => (entry.onRequest ?? false) === onRequest)
    .map(({ name }) => name)
    .join(', ');
}

function benchOptions(command: Command): Command {
  return command
    .description('price bouncing on this host, and what each design would give back')
    .option('--quick', 'fewer cells, within 15 seconds')
    .option('--full', 'more cells and rounds, some minutes')
    .option(
      '--sweep',
      'transmit designs over senders, queues, messages, ACK delay, pool and percent, beside a model, some minutes',
    )
    .option('--only <list>', `scenarios: ${namesOf(false)}; only when named, or with --full: ${namesOf(true)}`)
    .option('--designs <list>', `transmit designs: ${DESIGN_NAMES.join(', ')}`)
    .option('--senders <list>', 'numbers of sending threads')
    .option('--queues <list>', 'numbers of transmit queues')
    .option('--messages <list>', 'sizes of a send call')
    .option('--window <list>', 'sizes that each sender may have in flight')
    .option('--pool <list>', 'sizes of the slot pool, powers of two')
    .option('--ack-delay <list>', 'how long acknowledgements take, such as 0,50us,1ms')
    .option('--percent <list>', 'occupancy of the slot pool from which on no pages are taken from it, 0 to 90')
    .option('--growth <list>', `how bounce memory grows: ${GROWTH_MODES.join(', ')}`)
    .option('--flavour <list>', `with the defects of what was posted, or without: ${FLAVOURS.join(', ')}`)
    .option('--free-dispatch <list>', `how pages are freed: ${FREE_DISPATCH_CHOICES.join(', ')}`)
    .option('--cpus <list>', 'CPUs to use, such as 0-3,8')
    .option('--rounds <number>', 'exactly so many rounds, however long they take')
    .option('--seed <number>', 'repeat the order of an earlier run')
    .option('--copy <kernel>', `copy kernel: ${COPY_NAMES.join(', ')}`)
    .option('--device <mode>', `when the device is done: ${DEVICE_MODES.join(', ')}`)
    .option('--json <file>', 'write the results there, after each scenario')
    .addHelpText('after', BENCH_HELP);
}

/** Runs a command line without node and script. Resolves to the exit code; writes to stdout and stderr; never rejects. */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode = EXIT_FINE;
  const program = commandLine(
    'copytax',
    'Prices the copies that bounce buffering puts on the transmit path, on the machine it runs on.',
  ).version(PACKAGE_VERSION);
  benchOptions(program.command('bench').copyInheritedSettings(program)).action(async (options: BenchOptions) => {
    const { benchCommand } = await import('./commands/bench.js');
    exitCode = await benchCommand(options);
  });
  program
    .command('fault')
    .description('play what can go wrong with bounce memory, as it was posted and with the rules beside it')
    .argument('[name...]', 'faults; all of them when none is named')
    .option('--flavour <flavour>', `only this one: ${FLAVOURS.join(', ')}`)
    .option('--json', 'as JSON')
    .action(async (names: string[], options: FaultOptions) => {
      const { faultCommand } = await import('./commands/fault.js');
      exitCode = await faultCommand(names, options);
    });
  program
    .command('machine')
    .description('print the facts of this host that decide what copies cost')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { machineCommand } = await import('./commands/machine.js');
      process.stdout.write(machineCommand(options));
    });
  program
    .command('plot')
    .description('draw the pictures of a result file as SVG')
    .argument('<result>', 'file that bench --json wrote')
    .requiredOption('--out <folder>', 'where to put them; made if missing')
    .action(async (file: string, options: { out: string }) => {
      const { plotCommand } = await import('./commands/plot.js');
      process.stdout.write(await plotCommand(file, options));
    });
  program
    .command('verify')
    .description('replay traces of the real slot allocator and compare every decision')
    .argument('<trace...>', 'oracle traces, JSON Lines, plain or gzipped')
    .option('--json', 'as JSON')
    .action(async (files: string[], options: { json?: boolean }) => {
      const { verifyCommand } = await import('./commands/verify.js');
      exitCode = await verifyCommand(files, options);
    });
  return runProgram(program, args, () => exitCode);
}
