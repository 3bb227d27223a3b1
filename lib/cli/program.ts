/**
 * The command line: commands, options and their help. What a command does is in its own file, which is loaded when the
 * command is run: none should wait for the libraries of another.
 */
import { Command, CommanderError } from 'commander';
import { FREE_DISPATCH_CHOICES, SCENARIO_NAMES } from '../bench/settings.js';
import { DEVICE_MODES } from '../dma/device-engine.js';
import { FLAVOURS } from '../flavour.js';
import { GROWTH_MODES } from '../host/config.js';
import { DESIGN_NAMES } from '../net/designs.js';
import { type BenchOptions, COPY_NAMES } from './bench-options.js';
import type { ExploreOptions } from './explore.js';
import type { FaultOptions } from './fault.js';
import { PACKAGE_VERSION } from './package-facts.js';
import { EXIT_FINE, errorLine, exitCodeOf } from './print-error.js';
import type { StressOptions } from './stress.js';
import { oneOf, usageError } from './usage.js';

const BENCH_HELP = `
Lists are parted by commas; sizes are bytes, or 64K, 4M, 1G.
The report goes to stdout, progress to stderr. Ctrl-C ends the run and reports what it has.
Exit codes: 0 measured, 1 failed, 2 wrong usage, 130 interrupted.`;

function benchOptions(command: Command): Command {
  return command
    .description('price bouncing on this host, and what each design would give back')
    .option('--quick', 'fewer cells, within 15 seconds')
    .option('--full', 'more cells and rounds, some minutes')
    .option(
      '--sweep',
      'transmit designs over senders, queues, messages, ACK delay, pool and percent, beside a model, some minutes',
    )
    .option('--only <list>', `scenarios: ${SCENARIO_NAMES.join(', ')} (the last five only when named, or with --full)`)
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

/** Commander's own words for wrong usage, as one line without its prefix. */
function asUsageError(error: CommanderError) {
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\(Did you mean (.+)\?\)/, ': did you mean $1?');
  return usageError(message, { commander: error.code });
}

/** Runs a command line without node and script. Resolves to the exit code; writes to stdout and stderr; never rejects. */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode = EXIT_FINE;
  const program = new Command('copytax')
    .description('Prices the copies that bounce buffering puts on the transmit path, on the machine it runs on.')
    .version(PACKAGE_VERSION)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .helpCommand(false)
    .usage('<command> [options]')
    .argument('[name]')
    .action((name: string | undefined) => {
      const commands = program.commands.map((command) => command.name());
      if (name === undefined) throw usageError(`no command given: there are ${commands.join(', ')}`);
      oneOf('command', name, commands);
    });
  benchOptions(program.command('bench').copyInheritedSettings(program)).action(async (options: BenchOptions) => {
    const { benchCommand } = await import('./bench.js');
    exitCode = await benchCommand(options);
  });
  program
    .command('explore')
    .description('search schedules of small machines for one that breaks an invariant')
    .option('--seeds <number>', 'so many machines and schedules (1000)')
    .option('--from <seed>', 'the first of them (0)')
    .option('--parallel <number>', 'so many machines at a time (as many as there are CPUs)')
    .option('--design <design>', `only this one: ${DESIGN_NAMES.join(', ')}`)
    .option('--cpus <number>', 'so many CPUs, instead of a few')
    .option('--flavour <flavour>', `${FLAVOURS.join(', ')}: the latter by default`)
    .option('--replay <schedule>', 'what a failure said: SEED or SEED:CPU@POINT>CPU,...')
    .action(async (options: ExploreOptions) => {
      const { exploreCommand } = await import('./explore.js');
      exitCode = await exploreCommand(options);
    });
  program
    .command('fault')
    .description('play what can go wrong with bounce memory, as it was posted and with the rules beside it')
    .argument('[name...]', 'faults; all of them when none is named')
    .option('--flavour <flavour>', `only this one: ${FLAVOURS.join(', ')}`)
    .option('--json', 'as JSON')
    .action(async (names: string[], options: FaultOptions) => {
      const { faultCommand } = await import('./fault.js');
      exitCode = await faultCommand(names, options);
    });
  program
    .command('machine')
    .description('print the facts of this host that decide what copies cost')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }) => {
      const { machineCommand } = await import('./machine.js');
      process.stdout.write(machineCommand(options));
    });
  program
    .command('plot')
    .description('draw the pictures of a result file as SVG')
    .argument('<result>', 'file that bench --json wrote')
    .requiredOption('--out <folder>', 'where to put them; made if missing')
    .action(async (file: string, options: { out: string }) => {
      const { plotCommand } = await import('./plot.js');
      process.stdout.write(await plotCommand(file, options));
    });
  program
    .command('stress')
    .description('play small machines of every kind on real threads, and look at the invariants all the while')
    .option('--seconds <number>', 'for so long (10)')
    .option('--from <seed>', 'the first machine (0); the next seed is the next machine')
    .option('--seed <seed>', 'only this machine, again and again')
    .option('--design <design>', `only this one: ${DESIGN_NAMES.join(', ')}`)
    .option('--cpus <number>', 'so many CPUs, instead of a few')
    .option('--flavour <flavour>', `only this one: ${FLAVOURS.join(', ')}`)
    .action(async (options: StressOptions) => {
      const { stressCommand } = await import('./stress.js');
      exitCode = await stressCommand(options);
    });
  program
    .command('verify')
    .description('replay traces of the real slot allocator and compare every decision')
    .argument('<trace...>', 'oracle traces, JSON Lines, plain or gzipped')
    .option('--json', 'as JSON')
    .action(async (files: string[], options: { json?: boolean }) => {
      const { verifyCommand } = await import('./verify.js');
      exitCode = await verifyCommand(files, options);
    });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_FINE;
    const known = error instanceof CommanderError ? asUsageError(error) : error;
    process.stderr.write(`${errorLine(known)}\n`);
    return exitCodeOf(known);
  }
}
