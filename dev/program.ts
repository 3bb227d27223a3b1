/** The command line of those who change the model: `npm run explore` and `npm run stress`. Not part of the package. */

import { EXIT_FINE } from '../lib/cli/terminal/print-error.js';
import { commandLine, runProgram } from '../lib/cli/terminal/run-program.js';
import { FLAVOURS } from '../lib/flavour.js';
import { DESIGN_NAMES } from '../lib/net/designs.js';
import { type ExploreOptions, exploreCommand } from './commands/explore.js';
import { type StressOptions, stressCommand } from './commands/stress.js';

/** Runs a command line without node and script. Resolves to the exit code; writes to stdout and stderr; never rejects. */
export async function run(args: readonly string[]): Promise<number> {
  let exitCode = EXIT_FINE;
  const program = commandLine('npm run', 'Plays small machines for one that breaks an invariant.');
  program
    .command('explore')
    .description('search schedules of small machines for one that breaks an invariant')
    .option('--seeds <number>', 'number of machines and schedules (1000)')
    .option('--from <seed>', 'the first of them (0)')
    .option('--parallel <number>', 'number of machines at a time (as many as there are CPUs)')
    .option('--design <design>', `only this one: ${DESIGN_NAMES.join(', ')}`)
    .option('--cpus <number>', 'number of CPUs (default: chosen by the seed)')
    .option('--flavour <flavour>', `${FLAVOURS.join(', ')}: the latter by default`)
    .option('--replay <schedule>', 'what a failure said: SEED or SEED:CPU@POINT>CPU,...')
    .action(async (options: ExploreOptions) => {
      exitCode = await exploreCommand(options);
    });
  program
    .command('stress')
    .description('run random small machines on real threads, checking invariants continuously')
    .option('--seconds <number>', 'how long (10)')
    .option('--from <seed>', 'the first machine (0); the next seed is the next machine')
    .option('--seed <seed>', 'only this machine, again and again')
    .option('--design <design>', `only this one: ${DESIGN_NAMES.join(', ')}`)
    .option('--cpus <number>', 'number of CPUs (default: chosen by the seed)')
    .option('--flavour <flavour>', `only this one: ${FLAVOURS.join(', ')}`)
    .action(async (options: StressOptions) => {
      exitCode = await stressCommand(options);
    });
  return runProgram(program, args, () => exitCode);
}
