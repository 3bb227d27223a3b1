/**
 * The command line of `npm run explore` and `npm run stress`, for changes of the model, and of `npm run variance`,
 * `npm run repeatability`, `npm run fleet-speed`, `npm run yardstick` and `npm run tool-agreement`, for those of the
 * instrument, and of `npm run mutate`, for those of the tests. Not part of the package.
 */

import type { Command } from 'commander';
import { addLoadOption } from '../lib/cli/options/load-designs.js';
import { EXIT_FINE } from '../lib/cli/terminal/print-error.js';
import { commandLine, runProgram } from '../lib/cli/terminal/run-program.js';
import { DESIGN_NAMES } from '../lib/designs/designs.js';
import { type ExploreOptions, exploreCommand } from './commands/explore.js';
import { type FleetSpeedOptions, fleetSpeedCommand } from './commands/fleet-speed.js';
import { type MutateOptions, mutateCommand } from './commands/mutate.js';
import { type RepeatabilityOptions, repeatabilityCommand } from './commands/repeatability.js';
import { type StressOptions, stressCommand } from './commands/stress.js';
import { type ToolAgreementOptions, toolAgreementCommand } from './commands/tool-agreement.js';
import { type VarianceOptions, varianceCommand } from './commands/variance.js';
import { type YardstickOptions, yardstickCommand } from './commands/yardstick.js';

const FLAVOUR_TEXT =
  'faithful: the patch as posted, with its known defects; hardened: with the fixes of docs/findings.md';

/** Adds the options that both commands have. */
function withFixedOptions(command: Command, flavourDefault: string): Command {
  return addLoadOption(command)
    .usage('-- [options]') // npm takes the options before the dashes for its own
    .option('--design <design>', `${DESIGN_NAMES.join(', ')} (default: chosen by the seed)`)
    .option('--cpus <number>', 'number of CPUs (default: chosen by the seed)')
    .option('--flavour <flavour>', `${FLAVOUR_TEXT} (default: ${flavourDefault})`);
}

/**
 * Runs a command line without node and script. Resolves to the exit code; writes to stdout and stderr; never rejects.
 */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode = EXIT_FINE;
  const program = commandLine('npm run', 'Runs small machines to find one that breaks an invariant.');
  const explore = program
    .command('explore')
    .description('Searches the schedules of small machines for one that breaks an invariant.')
    .option('--seeds <number>', 'number of seeds: each stands for a machine and a schedule (default: 1000)')
    .option('--from <seed>', 'first seed (default: 0)')
    .option('--parallel <number>', 'number of machines at a time (default: number of CPUs)')
    .option('--replay <schedule>', 'play one schedule, as printed for a failure: SEED or SEED:CPU@POINT>CPU,...');
  withFixedOptions(explore, 'hardened').action(async (options: ExploreOptions) => {
    exitCode = await exploreCommand(options);
  });
  const stress = program
    .command('stress')
    .description('Runs random small machines on real threads, checking invariants continuously.')
    .option('--seconds <number>', 'how long to run (default: 10)')
    .option('--from <seed>', 'first seed: each stands for a machine (default: 0)')
    .option('--seed <seed>', 'run only the machine of this seed, again and again');
  withFixedOptions(stress, 'chosen by the seed').action(async (options: StressOptions) => {
    exitCode = await stressCommand(options);
  });
  program
    .command('variance')
    .description('Samples designs and copies in several processes, and parts the variance into its components.')
    .usage('-- --out <file> [options], or -- --analyse <file>')
    .option('--out <file>', 'write what was sampled there; compressed if it ends with .gz')
    .option('--minutes <number>', 'how long to sample, such as 8 or 0.5 (default: 8)')
    .option('--processes <number>', 'number of processes at a time (default: 6)')
    .option('--sample-ms <number>', 'how long a sample of a design sends, milliseconds (default: 60)')
    .option('--seed <seed>', 'decides what is sampled when (default: chosen by chance)')
    .option('--analyse <file>', 'print the components of a file that was written before, and sample nothing')
    .action(async (options: VarianceOptions) => {
      exitCode = await varianceCommand(options);
    });
  program
    .command('repeatability')
    .description('Takes runs of the benchmark one after the other, and prints how often their intervals agree.')
    .usage('-- --out <file> [options], or -- --analyse <file...>')
    .option('--out <file>', 'write what is kept of each run there, after each; goes on with a series that it holds')
    .option('--runs <number>', 'how many runs the series is to have (default: 20)')
    .option('--quick', 'runs of `bench --quick`')
    .option('--only <list>', 'only these scenarios')
    .option('--rounds <number>', 'exactly N rounds in each run')
    .option('--seed <seed>', 'the seeds of the runs follow from it (default: chosen by chance)')
    .option('--keep <folder>', 'write the whole result of each run there, too')
    .option('--analyse <file...>', 'print the same of series or results that were written before, and run nothing')
    .action(async (options: RepeatabilityOptions) => {
      exitCode = await repeatabilityCommand(options);
    });
  program
    .command('fleet-speed')
    .description('Makes a fleet of result files, and prints what comparing it takes in time and memory.')
    .usage('-- [options]')
    .option('--files <number>', 'how many files (default: 1000)')
    .option('--base <file>', 'result that the files are variations of (default: one of this repository)')
    .action(async (options: FleetSpeedOptions) => {
      exitCode = await fleetSpeedCommand(options);
    });
  program
    .command('mutate')
    .description('Plants errors in a copy of what was built, one after the other, and prints which no test noticed.')
    .usage('-- [options]')
    .option('--only <text>', 'only errors with this text in their name, kind or file')
    .option('--out <file>', 'write the findings there, for docs/mutations.md')
    .option('--list', 'print the errors, and plant none')
    .action(async (options: MutateOptions) => {
      exitCode = await mutateCommand(options);
    });
  program
    .command('yardstick')
    .description('Prints how much slower machines of the model are than a C++ program that makes the same copies.')
    .usage('-- [options]')
    .option('--message <size>', 'bytes that a sender sends at a time (default: 64K)')
    .option('--senders <number>', 'number of senders (default: 2)')
    .option('--queues <number>', 'number of transmit queues (default: 1)')
    .option('--window <size>', 'bytes of a send buffer (default: 4M)')
    .option('--pool <size>', 'bytes of the slot pool (default: 64M)')
    .option('--rounds <number>', 'number of rounds, at least six (default: 20)')
    .option('--program <file>', 'another program than bare_copies')
    .action(async (options: YardstickOptions) => {
      exitCode = await yardstickCommand(options);
    });
  program
    .command('tool-agreement')
    .description('Prints whether mbw, perf bench and stress-ng measure the same bandwidth as copytax, and why not.')
    .usage('-- [options], or -- --analyse <file>')
    .option('--tools <list>', 'only these tools: mbw, perf, stress-ng')
    .option('--sizes <list>', 'bytes of an array (default: one that the last-level cache holds, and one beyond it)')
    .option('--rounds <number>', 'number of rounds, at least six (default: 10)')
    .option('--out <file>', 'write what was measured there')
    .option('--analyse <file>', 'print the same of a file that was written before, and measure nothing')
    .action(async (options: ToolAgreementOptions) => {
      exitCode = await toolAgreementCommand(options);
    });
  return runProgram(program, args, () => exitCode);
}
