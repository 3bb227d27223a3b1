/** Turns the options of `copytax bench` into settings. Refuses what is unknown, impossible or contradictory. */
import { SCENARIOS } from '../../../benchmarks/index.js';
import { formatCpuList } from '../../bench/facts/cpu-list.js';
import { BENCH_OPTIONS, type OptionKey } from '../../bench/plan/bench-option-table.js';
import { flagOf, type OptionRow } from '../../bench/plan/option-row.js';
import {
  type BenchSettings,
  defaultSettings,
  type Effort,
  longestAckDelayNs,
  sweepSettings,
} from '../../bench/plan/settings.js';
import { UNKNOWN_MEMORY } from '../../bench/plan/swept-pools.js';
import { oneOf } from '../../limits.js';
import { unknownWord, usageError } from './usage.js';
import {
  durationText,
  parseCpus,
  parseDuration,
  parseInteger,
  parseList,
  parsePowerOfTwo,
  parseSize,
} from './values.js';

/** The options as commander returns them: text, or true for a flag. The table of options has the names. */
export type BenchOptions = {
  readonly [Key in OptionKey as (typeof BENCH_OPTIONS)[Key]['option']]?: string;
} & {
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly sweep?: boolean;
  readonly json?: string;
  /** The page of the result. */
  readonly html?: string;
  /** When bars are beside numbers. */
  readonly bars?: string;
  /** Files of modules that add designs. They are loaded before the other options are parsed. */
  readonly load?: readonly string[];
  /** Set by `--runs` for each of its runs: the result goes to the process that has started this one. */
  readonly asRun?: boolean;
};

const ROWS: readonly (readonly [string, OptionRow])[] = Object.entries(BENCH_OPTIONS);
const SCENARIO_NAMES = SCENARIOS.map(({ name }) => name);

function textOf(options: BenchOptions, { option }: OptionRow): string | undefined {
  return options[option as keyof BenchOptions] as string | undefined;
}

/** Parses one value of a row. @throws ERR_USAGE */
function parseValue(row: OptionRow, text: string): string | number {
  const flag = flagOf(row);
  const { values } = row;
  switch (values.kind) {
    case 'word':
      return oneOf(values.noun, text, Object.keys(values.meanings), unknownWord);
    case 'scenario':
      return oneOf('scenario', text, SCENARIO_NAMES, unknownWord);
    case 'bytes':
      return parseSize(flag, text, values);
    case 'power of two':
      return parsePowerOfTwo(flag, text, values);
    case 'nanoseconds':
      return parseDuration(flag, text, values);
    case 'count':
    case 'percent':
      return parseInteger(flag, text, values);
    case 'CPU':
      throw new Error(`${flag} is always a list`);
  }
}

/** Parses the text of an option into its setting. @throws ERR_USAGE */
function parseSetting(row: OptionRow, text: string, affinity: readonly number[]): unknown {
  if (row.values.kind === 'CPU') return parseCpus(flagOf(row), text, affinity, formatCpuList(affinity));
  return row.amount === 'many' ? parseList(flagOf(row), text, (item) => parseValue(row, item)) : parseValue(row, text);
}

function effortOf({ quick, full, sweep }: BenchOptions): Effort {
  if (quick && full) throw usageError('--quick and --full contradict each other: choose one');
  if (quick && sweep) throw usageError('--quick and --sweep contradict each other: a sweep takes minutes');
  return quick ? 'quick' : full ? 'full' : 'default';
}

function rowsGiven(options: BenchOptions): readonly OptionRow[] {
  return ROWS.map(([, row]) => row).filter((row) => textOf(options, row) !== undefined);
}

/**
 * Refuses options of transmit designs, or of one scenario, if --only names no scenario that reads them.
 * @throws ERR_USAGE
 */
function refuseUnused(options: BenchOptions, wanted: readonly string[]): void {
  const unread = rowsGiven(options).find(({ scenario }) => scenario !== undefined && !wanted.includes(scenario));
  if (unread !== undefined) {
    const flag = flagOf(unread);
    throw usageError(`${flag} contradicts --only ${options.only}: it needs '${unread.scenario}' among the scenarios`);
  }
  const measuring = SCENARIOS.filter(({ measuresDesigns }) => measuresDesigns);
  const whole = measuring.filter(({ measuresDesigns }) => measuresDesigns === true);
  const isWanted = ({ name }: { readonly name: string }) => wanted.includes(name);
  const named = (scenarios: typeof measuring) => scenarios.map(({ name }) => `'${name}'`).join(' or ');
  if (whole.some(isWanted)) return;
  if (options.sweep) {
    throw usageError(`--sweep contradicts --only ${options.only}: it needs ${named(whole)} among the scenarios`);
  }
  const rows = ROWS.map(([, row]) => row);
  const given = rows.find((row) => row.designsOnly === 'always' && textOf(options, row) !== undefined);
  if (given !== undefined && !measuring.some(isWanted)) {
    throw usageError(
      `${flagOf(given)} contradicts --only ${options.only}: it needs ${named(measuring)} among the scenarios`,
    );
  }
  const several = rows.find((row) => row.designsOnly === 'several' && textOf(options, row)?.includes(','));
  if (several === undefined) return;
  throw usageError(
    `several ${flagOf(several)} contradict --only ${options.only}: only ${named(whole)} measures more than one`,
  );
}

/** The scenarios of --only, in the order in which they run; undefined without it. @throws ERR_USAGE */
function scenariosOf(options: BenchOptions): readonly string[] | undefined {
  const { scenarios: row } = BENCH_OPTIONS;
  const text = textOf(options, row);
  if (text === undefined) return undefined;
  const wanted = parseList(flagOf(row), text, (name) => oneOf('scenario', name, SCENARIO_NAMES, unknownWord));
  refuseUnused(options, wanted);
  return SCENARIO_NAMES.filter((name) => wanted.includes(name));
}

/** Adds the scenarios that a given option belongs to, in the order in which they run. */
function withAsked(scenarios: readonly string[], options: BenchOptions): readonly string[] {
  const asked = rowsGiven(options).map(({ scenario }) => scenario);
  return SCENARIO_NAMES.filter((name) => scenarios.includes(name) || asked.includes(name));
}

/**
 * The settings of a run. `affinity`: CPUs that this process may use, at least one. `seed`: used if the options have
 * none. `memory`: decides which sizes of the slot pool a sweep has.
 * @throws ERR_USAGE
 */
export function benchSettings(
  options: BenchOptions,
  affinity: readonly number[],
  seed: number,
  memory = UNKNOWN_MEMORY,
): BenchSettings {
  const effort = effortOf(options);
  const scenarios = scenariosOf(options);
  const given = ROWS.flatMap(([key, row]): (readonly [string, unknown])[] => {
    const text = textOf(options, row);
    return text === undefined ? [] : [[key, parseSetting(row, text, affinity)]];
  });
  const settings = Object.fromEntries(given) as Partial<BenchSettings>;
  const cpus = settings.cpus ?? affinity;
  const defaults = options.sweep
    ? sweepSettings(cpus, seed, memory, SCENARIOS)
    : defaultSettings(effort, cpus, seed, SCENARIOS);
  const all = {
    ...defaults,
    ...settings,
    scenarios: scenarios ?? withAsked(defaults.scenarios, options),
    poolsLeftOut: settings.pools === undefined ? defaults.poolsLeftOut : [],
    ...(settings.designs === undefined ? {} : { designsNamed: true }),
  };
  requireShape(all);
  requireTime(all);
  return all;
}

/** Refuses settings that leave no cell: a queue without a sender is not measured. @throws ERR_USAGE */
function requireShape({ queues, senders }: BenchSettings): void {
  const [fewest, most] = [Math.min(...queues), Math.max(...senders)];
  if (fewest <= most) return;
  throw usageError(
    `--queues ${fewest} needs at least ${fewest} --senders, and ${most} is the most here: change either`,
  );
}

/** Refuses delays in whose samples nothing, or one burst, would arrive in the time of the run. @throws ERR_USAGE */
function requireTime(settings: BenchSettings): void {
  const longest = longestAckDelayNs(settings);
  const given = Math.max(...settings.ackDelaysNs);
  if (given <= longest) return;
  const best = durationText(longest);
  const atMost = durationText(longestAckDelayNs(defaultSettings('full', settings.cpus, settings.seed)));
  throw usageError(
    `--ack-delay ${durationText(given)} is too long for samples of this run, which last ten delays: ` +
      `the longest is ${best}${settings.effort === 'full' ? '' : `, and ${atMost} with --full`}`,
    { option: '--ack-delay', given: durationText(given), nearest: best },
  );
}
