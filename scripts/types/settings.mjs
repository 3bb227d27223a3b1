// The settings of a run that options make, as a type with a comment for each: from the table of options.
import { BENCH_OPTIONS } from '../../dist/lib/bench/plan/bench-option-table.js';
import { comment } from './comment.mjs';

export const FILE = 'lib/bench/plan/option-settings.ts';

/** The types of words, by the noun of their row, and where they are declared. */
const WORD_TYPES = {
  design: { name: 'DesignName', from: '../../designs/design-table.js' },
  growth: { name: 'GrowthMode', from: '../../machine/build/choices.js' },
  flavour: { name: 'Flavour', from: '../../flavour.js' },
  'way of freeing': { name: 'FreeDispatchChoice', from: './option-words.js' },
  'copy kernel': { name: 'CopyChoice', from: './option-words.js' },
  device: { name: 'CompletionMode', from: '../../dma/completion-modes.js' },
};

function valueType({ kind, noun }) {
  if (kind === 'word') return WORD_TYPES[noun].name;
  return kind === 'scenario' ? 'string' : 'number';
}

function typeOf({ values, amount }) {
  const type = valueType(values);
  return { many: `readonly ${type}[]`, one: type, 'one or none': `${type} | null` }[amount];
}

function importLines() {
  const froms = [...new Set(Object.values(WORD_TYPES).map(({ from }) => from))].sort();
  const namesOf = (wanted) =>
    Object.values(WORD_TYPES)
      .filter(({ from }) => from === wanted)
      .map(({ name }) => name);
  return froms.map((from) => `import type { ${namesOf(from).sort().join(', ')} } from '${from}';`);
}

/** The text of the file. */
export function settingsFile() {
  const fields = Object.entries(BENCH_OPTIONS).flatMap(([key, row]) => [
    ...comment(row.setting ?? row.help, '  '),
    `  readonly ${key}: ${typeOf(row)};`,
  ]);
  const lines = [
    '/** The settings that options make. Written by `npm run docs` from the table of options: change that. */',
    ...importLines(),
    '',
    '/** The settings that the rows of the table of options make. */',
    'export interface OptionSettings {',
    ...fields,
    '}',
    '',
    '/** A setting that a row makes. */',
    'export type OptionKey = keyof OptionSettings;',
  ];
  return `${lines.join('\n')}\n`;
}
