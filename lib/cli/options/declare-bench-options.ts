/** The options of `copytax bench` and their help, from the table of options and the list of scenarios. */
import type { Command } from 'commander';
import { SCENARIOS } from '../../../benchmarks/index.js';
import { BENCH_OPTIONS } from '../../bench/plan/bench-option-table.js';
import { flagOf, type Numbers, type OptionRow } from '../../bench/plan/option-row.js';
import { durationText, sizeText } from './values.js';

const AFTER = `
Lists are comma-separated; sizes are bytes, or 64K, 4M, 1G.
The report goes to stdout, progress to stderr. Ctrl-C ends the run and reports what it has.
Exit codes: 0 measured, 1 failed, 2 wrong usage, 130 interrupted.`;

function scenariosText(): string {
  const names = (onRequest: boolean) =>
    SCENARIOS.filter((entry) => (entry.onRequest ?? false) === onRequest)
      .map(({ name }) => name)
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

/** The help of an option: its sentence, and the words or the range that it takes. */
export function helpOf({ help, values }: OptionRow): string {
  if (values.kind === 'scenario') return `${help}; ${scenariosText()}`;
  if (values.kind === 'word') return `${help}: ${wordsText(values.meanings)}`;
  return values.kind === 'CPU' ? help : `${help} (${rangeText(values)})`;
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
  return command.option('--json <file>', 'write the results there, after each scenario').addHelpText('after', AFTER);
}
