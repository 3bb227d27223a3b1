/** A comparison as text: what is compared and how, the rows that differ, and how far to trust them. Pure. */
import type { Comparison } from '../../bench/compare/comparison.js';
import type { ConditionVerdict } from '../../bench/compare/fail-condition.js';
import type { Canvas } from '../bars/canvas.js';
import { marksLegend } from '../bars/legend.js';
import { count, harmless, REPORT_WIDTH, wrap } from '../tables/format.js';
import { differenceLines } from './difference-tables.js';
import { failLines } from './fail-lines.js';
import { shortened } from './group-labels.js';
import { headLines } from './head.js';
import { machinesLines } from './machines.js';
import { noiseParagraph, type SameRuns } from './noise.js';
import { unlikeLines } from './unlike-lines.js';
import { valuelessLines } from './valueless-lines.js';

export interface ComparisonView extends SameRuns {
  /** All groups have the same runs. */
  readonly isSame: boolean;
  /** All rows, not only those that differ significantly. */
  readonly all: boolean;
  /** What became of the conditions of a build. */
  readonly conditions: readonly ConditionVerdict[];
  /** What marks are drawn on beside the differences; without, there are none. */
  readonly canvas?: Canvas | null;
}

const NAME_WIDTH = 40;

function countLines({ groups, compared }: Comparison): string[] {
  return compared.flatMap(({ group, differences }) => {
    const differing = differences.filter(({ significant }) => significant).length;
    const name = groups.length > 2 ? `${shortened(groups[group]!.name, NAME_WIDTH)}: ` : '';
    const rest = differences.length - differing;
    const others = rest === 0 ? '' : `; ${rest} ${rest === 1 ? 'does' : 'do'} not (~)`;
    const said =
      differing === 0
        ? `None of ${count(differences.length, 'row')} differs significantly.`
        : `${count(differing, 'row')} of ${differences.length} ${differing === 1 ? 'differs' : 'differ'}${others}.`;
    return wrap(`${name}${said}`, REPORT_WIDTH, '  ');
  });
}

const titled = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [[title, ...lines]]);

/** Returns the whole text, which ends with a line end. */
export function comparisonText(
  comparison: Comparison,
  { all, conditions, isSame, canvas = null, ...same }: ComparisonView,
): string {
  const tables = differenceLines(comparison, all, canvas);
  const failed = failLines(conditions, comparison);
  const blocks = [
    headLines(comparison),
    ...(isSame ? [['The groups hold the same runs, so that there is nothing to compare.']] : []),
    ...(isSame ? [] : titled('Unlike, or not known to be alike', unlikeLines(comparison))),
    ...titled("Machines, in their own copies' worth of time", machinesLines(comparison)),
    ...(tables.length > 0 ? [tables] : []),
    ...(tables.length > 0 && canvas !== null ? [[marksLegend(canvas)]] : []),
    countLines(comparison),
    ...titled('Without a value', valuelessLines(comparison)),
    ...(failed.length > 0 ? [failed] : []),
    wrap(noiseParagraph(comparison, same), REPORT_WIDTH),
  ];
  return harmless(`${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}
