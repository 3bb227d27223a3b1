/**
 * `copytax explore`: searches schedules of small machines, makes those that fail short, and plays them again.
 * One line for each failure and what it takes to see it again; the last line counts.
 */
import type { ErrorCode } from '../errors.js';
import type { Fixed } from '../explore/explored-machine.js';
import { Explorer, type Run } from '../explore/explorer.js';
import { MAX_THREADS } from '../explore/headway.js';
import { parseSchedule, type Schedule, scheduleText } from '../explore/schedule.js';
import { FLAVOURS } from '../flavour.js';
import { DESIGN_NAMES } from '../net/designs.js';
import { Interrupt } from './interrupt.js';
import { EXIT_FAILED, EXIT_FINE, EXIT_INTERRUPTED } from './print-error.js';
import { oneOf, usageError } from './usage.js';
import { parseInteger } from './values.js';

export interface ExploreOptions {
  readonly seeds?: string;
  readonly from?: string;
  readonly design?: string;
  readonly cpus?: string;
  readonly flavour?: string;
  readonly replay?: string;
}

const DEFAULT_SEEDS = 1000;
const LAST_SEED = 0xffffffff;
/** Threads that may take turns, less the device's, the one in the background, and the one that disturbs. */
const MOST_CPUS = MAX_THREADS - 3;
/** A list that is longer says less than the seed, which is replayed as well. */
const LONGEST_LIST = 200;
/** More of the same bug are no news. */
const MOST_FAILURES = 5;

function settingsOf(options: ExploreOptions) {
  const { design, cpus, flavour } = options;
  const fixed: Fixed = {
    ...(design === undefined ? {} : { design: oneOf('design', design, DESIGN_NAMES) }),
    ...(cpus === undefined ? {} : { cpus: parseInteger('--cpus', cpus, { least: 1, most: MOST_CPUS }) }),
    ...(flavour === undefined ? {} : { flavour: oneOf('flavour', flavour, FLAVOURS) }),
  };
  const from = parseInteger('--from', options.from ?? '0', { least: 0, most: LAST_SEED });
  const most = LAST_SEED - from + 1;
  const seeds = parseInteger('--seeds', options.seeds ?? String(Math.min(DEFAULT_SEEDS, most)), { least: 1, most });
  return { fixed, from, seeds };
}

function replayOf(text: string): Schedule {
  try {
    return parseSchedule(text);
  } catch (error) {
    throw usageError(`--replay ${(error as Error).message}`);
  }
}

/** What has to be said besides the schedule to see a failure again. */
function flagsOf(options: ExploreOptions): string {
  const names = ['design', 'cpus', 'flavour'] as const;
  return names.map((name) => (options[name] === undefined ? '' : ` --${name} ${options[name]}`)).join('');
}

function failureLines(run: Run, schedule: Schedule, options: ExploreOptions): string[] {
  const { failure, machine, steps } = run;
  const { config, strategy } = machine;
  const { code, message, cpu } = failure!;
  const needed = schedule.preemptions === null ? '' : `, ${schedule.preemptions.length} of them needed`;
  return [
    `seed ${run.schedule.seed}: ${code as ErrorCode}: ${message}`,
    `  on CPU ${cpu}, after ${steps} points, ${run.preemptions?.length ?? 'too many'} preemptions (${strategy.kind})${needed}`,
    `  ${config.design}, ${config.flavour}, CPUs ${config.cpus}, senders ${config.senders}, queues ${config.queues}, device ${config.device}`,
    `  again: copytax explore${flagsOf(options)} --replay '${scheduleText(schedule)}'`,
  ];
}

/** Resolves to the exit code: 1 when a schedule failed. Rejects with ERR_USAGE before anything ran. */
export async function exploreCommand(options: ExploreOptions): Promise<number> {
  const { fixed, from, seeds } = settingsOf(options);
  const replay = options.replay === undefined ? null : replayOf(options.replay);
  const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);
  let passed = 0;
  let failed = 0;
  const tell = () => print([`${passed} passed, ${failed} failed`]);
  const interrupt = new Interrupt(() => {
    tell();
    process.exit(EXIT_INTERRUPTED);
  });
  const explorer = new Explorer(fixed);
  const { signal } = interrupt;
  try {
    if (replay !== null) {
      const run = await explorer.run(replay);
      if (run.failure === null) passed++;
      else {
        failed++;
        print([...failureLines(run, replay, options), run.failure.stack]);
      }
    }
    for (let seed = from; replay === null && seed < from + seeds; seed++) {
      if (signal.aborted || failed === MOST_FAILURES) break;
      const run = await explorer.run({ seed, preemptions: null });
      if (run.failure === null) {
        passed++;
        continue;
      }
      failed++;
      const shortest = signal.aborted ? null : await explorer.shrink(run);
      const preemptions = shortest !== null && shortest.length <= LONGEST_LIST ? shortest : null;
      print(failureLines(run, { seed, preemptions }, options));
    }
    tell();
    if (signal.aborted) return EXIT_INTERRUPTED;
    return failed === 0 ? EXIT_FINE : EXIT_FAILED;
  } finally {
    interrupt.close();
    await explorer.close();
  }
}
