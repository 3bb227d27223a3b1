/** What became of the conditions of a build: which rows met them, with numbers, and which could not be told. Pure. */
import type { Comparison } from '../../bench/compare/comparison.js';
import type { ConditionVerdict, MetRow, UntoldRow } from '../../bench/compare/fail-condition.js';
import { count, REPORT_WIDTH, wrap } from '../tables/format.js';
import { shortened } from './group-labels.js';
import { factor, valueText, whatOf } from './row-words.js';

const NAME_WIDTH = 24;
const ID_WIDTH = 90;
const MOST_UNTOLD = 3;

function metLine({ group, id, value, difference }: MetRow, { groups }: Comparison): string {
  const { row, base, value: now, low, high, ratio } = difference;
  const both = `${valueText(base, row)} -> ${valueText(now, row)}`;
  const worse = value === ratio ? '' : `, ${factor(value)} times as bad`;
  const where = shortened(groups[group]!.name, NAME_WIDTH);
  const times = `${factor(ratio)} [${factor(low)}, ${factor(high)}]${worse}`;
  return `${shortened(id, ID_WIDTH)}, ${whatOf(row)}: ${both}: ${times} (${where})`;
}

/** A line for each reason. */
function untoldLines(untold: readonly UntoldRow[]): string[] {
  return [...new Set(untold.map(({ reason }) => reason))].map((reason) => {
    const rows = untold.filter((one) => one.reason === reason);
    const said = rows.slice(0, MOST_UNTOLD).map(({ id }) => shortened(id, ID_WIDTH));
    const more = rows.length > MOST_UNTOLD ? ` and ${rows.length - MOST_UNTOLD} more` : '';
    return `cannot be told of ${count(rows.length, 'row')} (${shortened(reason, ID_WIDTH)}): ${said.join(', ')}${more}`;
  });
}

function resultWords({ met, told }: ConditionVerdict): string {
  if (told === 0) return 'FAILED: it could not be told of any row';
  if (met.length === 0) return `not met by any of ${count(told, 'row')}`;
  return `FAILED: met by ${met.length} of ${count(told, 'row')}`;
}

/** Returns the lines, without a title. */
export function failLines(verdicts: readonly ConditionVerdict[], comparison: Comparison): string[] {
  return verdicts.flatMap((verdict) => {
    const { condition, met, untold } = verdict;
    return [
      ...wrap(`--fail-if '${shortened(condition.text, ID_WIDTH)}': ${resultWords(verdict)}`, REPORT_WIDTH, '    '),
      ...met.flatMap((row) => wrap(metLine(row, comparison), REPORT_WIDTH, '    ', '  ')),
      ...untoldLines(untold).flatMap((line) => wrap(line, REPORT_WIDTH, '    ', '  ')),
    ];
  });
}
