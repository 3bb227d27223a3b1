/**
 * `npm run explore`: searches the schedules of small machines, makes failing ones shorter, and plays them again.
 * Prints a few lines for each failure, with the command that shows it again; the last line counts.
 */
import { availableParallelism } from 'node:os';
import { usageError } from '../../lib/cli/options/usage.js';
import { parseInteger } from '../../lib/cli/options/values.js';
import { Interrupt } from '../../lib/cli/terminal/interrupt.js';
import { EXIT_FAILED, EXIT_FINE } from '../../lib/cli/terminal/print-error.js';
import { ProgressLine, timeText } from '../../lib/cli/terminal/progress.js';
import type { ErrorCode } from '../../lib/errors.js';
import { exploredMachine, type FixedChoices, threadsOf } from '../machine/explored-machine.js';
import { type Preemption, parseSchedule, type Schedule, scheduleText } from '../schedule/schedule.js';
import { Explorer, type Run } from '../search/explorer.js';
import { Search } from '../search/search.js';
import { type FixedOptions, fixedChoices, fixedText, LAST_SEED, parseSeed } from './fixed-options.js';

export interface ExploreOptions extends FixedOptions {
  readonly seeds?: string;
  readonly from?: string;
  readonly parallel?: string;
  readonly replay?: string;
}

const DEFAULT_SEEDS = 1000;
/** The longest list of preemptions that is printed. Instead of a longer one, the seed alone is replayed. */
const MAX_PREEMPTIONS = 200;
/** Failures that end the search: more of them tend to show the same bug. */
const MAX_FAILURES = 5;
/** Machines at a time: each takes memory, and a thread for every CPU that it has. */
const MAX_PARALLEL = 64;

async function settingsOf(options: ExploreOptions) {
  const from = parseSeed('--from', options.from ?? '0');
  const most = LAST_SEED - from + 1;
  const seeds = parseInteger('--seeds', options.seeds ?? String(Math.min(DEFAULT_SEEDS, most)), { min: 1, max: most });
  const parallelText = options.parallel ?? String(Math.min(availableParallelism(), MAX_PARALLEL));
  const parallel = parseInteger('--parallel', parallelText, { min: 1, max: MAX_PARALLEL });
  return { fixed: await fixedChoices(options), from, seeds, parallel };
}

function replayOf(text: string): Schedule {
  try {
    return parseSchedule(text);
  } catch (error) {
    throw usageError(`--replay ${(error as Error).message}`);
  }
}

function failureLines(run: Run, schedule: Schedule, options: ExploreOptions): string[] {
  const { failure, machine, steps } = run;
  const { config, strategy } = machine;
  const { code, message, thread } = failure!;
  const needed = schedule.preemptions === null ? '' : `, ${schedule.preemptions.length} of them needed`;
  const preemptions = `${run.preemptions?.length ?? 'too many'} preemptions (${strategy.kind})${needed}`;
  const { design, flavour, cpus, sockets, devices } = config;
  const sizes = `CPUs ${cpus.count}, senders ${sockets.senders}, queues ${devices.queues}`;
  return [
    `seed ${run.schedule.seed}: ${code as ErrorCode}: ${message}`,
    `  on thread ${thread}, after ${steps} points, ${preemptions}`,
    `  ${design}, ${flavour}, ${sizes}, device ${devices.completion}`,
    `  again: npm run explore --${fixedText(options)} --replay '${scheduleText(schedule)}'`,
  ];
}

const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);

/** Refuses a schedule that names a thread which its machine has not: it would play as if nothing had been named. */
function requireThreads({ seed, preemptions }: Schedule, fixed: FixedChoices): void {
  const threads = threadsOf(exploredMachine(seed, fixed));
  const named = (preemptions ?? []).flatMap(({ cpu, next }) => [cpu, next]);
  const absent = named.find((cpu) => cpu >= threads);
  if (absent === undefined) return;
  throw usageError(`--replay: the machine of seed ${seed} has the CPUs 0 to ${threads - 1}, and no CPU ${absent}`);
}

/** Refuses a schedule of which a point was never reached. One that fails need not reach all. */
function requirePoints({ schedule, failure, steps }: Run): void {
  const absent = (schedule.preemptions ?? []).find(({ point }) => point < 1 || point > steps);
  if (failure !== null || absent === undefined) return;
  throw usageError(`--replay: there is no point ${absent.point} of CPU ${absent.cpu}: the run has 1 to ${steps}`);
}

/** Plays one schedule. Resolves to the exit code. */
async function replayCommand(schedule: Schedule, fixed: FixedChoices, options: ExploreOptions): Promise<number> {
  requireThreads(schedule, fixed);
  const explorer = new Explorer(fixed);
  const run = await explorer.run(schedule).finally(() => explorer.close());
  requirePoints(run);
  if (run.failure !== null) print([...failureLines(run, schedule, options), run.failure.stack]);
  print([run.failure === null ? '1 passed, 0 failed' : '0 passed, 1 failed']);
  return run.failure === null ? EXIT_FINE : EXIT_FAILED;
}

/** Resolves to the exit code: 1 when a schedule failed. Rejects with ERR_USAGE or ERR_DESIGN before anything ran. */
export async function exploreCommand(options: ExploreOptions): Promise<number> {
  const { fixed, from, seeds, parallel } = await settingsOf(options);
  if (options.replay !== undefined) return replayCommand(replayOf(options.replay), fixed, options);
  const began = performance.now();
  const progress = new ProgressLine(process.stderr);
  const search = new Search({ fixed, from, seeds, parallel, maxFailures: MAX_FAILURES });
  const printCounts = () => {
    progress.clear();
    print([`${search.passed} passed, ${search.failed} failed`]);
  };
  const printRest = () => {
    const { resumeFrom } = search;
    const rest = from + seeds - resumeFrom;
    const command = `npm run explore --${fixedText(options)} --from ${resumeFrom} --seeds ${rest}`;
    if (rest > 0) process.stderr.write(`copytax: stopped; continue with ${command}\n`);
  };
  const interrupt = new Interrupt(() => {
    printCounts();
    printRest();
    process.exit(interrupt.exitCode);
  });
  const watcher = {
    onFailure(run: Run, shortest: readonly Preemption[] | null) {
      const preemptions = shortest !== null && shortest.length <= MAX_PREEMPTIONS ? shortest : null;
      progress.clear();
      print(failureLines(run, { seed: run.schedule.seed, preemptions }, options));
    },
    onSeed() {
      const done = search.passed + search.failed;
      const leftMs = ((performance.now() - began) / done) * (seeds - done);
      const failed = search.failed === 0 ? '' : `, ${search.failed} failed`;
      if (leftMs > 0) progress.update('', () => `explore: ${done} of ${seeds} seeds${failed}${timeText(leftMs)}`);
    },
  };
  try {
    await search.run(watcher, interrupt.signal);
    printCounts();
    if (!interrupt.signal.aborted) return search.failed === 0 ? EXIT_FINE : EXIT_FAILED;
    printRest();
    return interrupt.exitCode;
  } finally {
    progress.clear();
    interrupt.close();
  }
}
