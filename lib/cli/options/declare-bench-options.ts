/** The options of `copytax bench` and their help, from the table of options and the list of scenarios. */
import { type Command, Option } from 'commander';
import { SCENARIOS } from '../../../benchmarks/index.js';
import { BENCH_OPTIONS } from '../../bench/plan/bench-option-table.js';
import { flagOf, type Numbers, type OptionRow } from '../../bench/plan/option-row.js';
import { UNKNOWN_MEMORY } from '../../bench/plan/swept-pools.js';
import { addLoadOption } from './load-designs.js';
import { BARS_HELP, durationText, sizeText } from './values.js';

const AFTER = `
Lists are comma-separated; sizes are bytes, or 64K, 4M, 1G; times are 500ns, 50us, 1ms or 0.
The report goes to stdout, progress to stderr. Ctrl-C ends the run and reports what it has: of --runs, complete ones.
Exit codes: 0 measured, 1 failed, 2 wrong usage; interrupted: 130 (SIGINT), 143 (SIGTERM), 129 (SIGHUP).`;

function scenariosText(): string {
  const names = (isOnRequest: boolean) =>
    SCENARIOS.filter(({ onRequest }) => (onRequest === true) === isOnRequest)
      .map(({ name, onRequest }) => (onRequest === 'in quick runs' ? `${name} (not with --quick)` : name))
      .join(', ');
  return `default: ${names(false)}; by name or with --full: ${names(true)}`;
}

function wordsText(meanings: Readonly<Record<string, string>>): string {
  return Object.entries(meanings)
    .map(([word, meaning]) => (meaning === '' ? word : `${word} (${meaning})`))
    .join(', ');
}

const TEXTS: Readonly<Record<Numbers['kind'], (value: number) => string>> = {
  count: String,
  percent: String,
  bytes: sizeText,
  'power of two': sizeText,
  nanoseconds: durationText,
};

function rangeText({ kind, min, max }: Numbers): string {
  return `${TEXTS[kind](min)} to ${TEXTS[kind](max)}`;
}

/** The default of a row, as its option would be written; null for none or an empty one, or if the host decides. */
function defaultText(row: OptionRow): string | null {
  const on = (cpus: readonly number[], seed: number) =>
    row.default({ plan: 'default', cpus, seed, memory: UNKNOWN_MEMORY, entries: SCENARIOS });
  const value = on([0], 1);
  if (value === null || [value].flat().length === 0 || JSON.stringify(value) !== JSON.stringify(on([0, 1, 2, 3], 2)))
    return null;
  const { kind } = row.values;
  const textOf = (item: unknown) => (kind in TEXTS ? TEXTS[kind as Numbers['kind']](item as number) : String(item));
  return [value].flat().map(textOf).join(',');
}

/** The help of an option: its sentence, the words or the range that it takes, and its default. */
export function helpOf(row: OptionRow): string {
  const { help, values } = row;
  if (values.kind === 'scenario') return `${help}; ${scenariosText()}`;
  const fallback = defaultText(row);
  const said = fallback === null ? '' : `; default: ${fallback}`;
  if (values.kind === 'word') return `${help}: ${wordsText(values.meanings)}${said}`;
  return values.kind === 'CPU' ? help : `${help} (${rangeText(values)}${said})`;
}

/** Adds description, options and help to the command. */
export function addBenchOptions(command: Command): Command {
  command
    .description('price bouncing on this host, and what each design would give back')
    .option('--quick', 'fewer cells, takes less than 15 seconds')
    .option('--full', 'more cells and rounds, takes some minutes')
    .option(
      '--sweep',
      'transmit designs over senders, queues, messages, ACK delay, slot pool and percent, beside a model, ' +
        'takes some minutes',
    );
  for (const row of Object.values(BENCH_OPTIONS) as OptionRow[]) {
    command.option(`${flagOf(row)} <${row.argument ?? 'list'}>`, helpOf(row));
  }
  return addLoadOption(command)
    .option(
      '--json <file>',
      'write the results there, now and then; of several runs, after each; /dev/stdout: the report goes to stderr',
    )
    .option('--html <file>', 'write a page of the results there when the run has ended, as `copytax report` does')
    .option('--bars <when>', BARS_HELP)
    .addOption(new Option('--as-run').hideHelp())
    .addHelpText('after', AFTER);
}
