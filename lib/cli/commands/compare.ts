/** `copytax compare A.json B.json ...`: says which numbers of results differ, and which only seem to. */
import { type Comparison, compare } from '../../bench/compare/comparison.js';
import { comparisonDocument } from '../../bench/compare/comparison-document.js';
import { type ConditionVerdict, judgeCondition } from '../../bench/compare/fail-condition.js';
import { type LoadedGroups, readGroups } from '../../bench/compare/read-groups.js';
import { CopytaxError } from '../../errors.js';
import { comparisonText } from '../../report/compare/comparison-text.js';
import { emailText } from '../../report/compare/email.js';
import { failLines } from '../../report/compare/fail-lines.js';
import { LOWER_BOUND } from '../../report/verdict.js';
import { baseFirst, fileGroups } from '../options/file-groups.js';
import { isFleet, withResultsOfFolders } from '../options/fleet-arguments.js';
import {
  type CompareOptions,
  type ParsedCompareOptions,
  parseCompareOptions,
} from '../options/parse-compare-options.js';
import type { BarsChoice } from '../options/values.js';
import { canvasOf } from '../terminal/canvas-of.js';
import { EXIT_FAILED, EXIT_FINE } from '../terminal/print-error.js';

function requireRows({ groups, compared }: Comparison): void {
  const lacking = compared.filter(({ differences }) => differences.length === 0);
  if (lacking.length < compared.length) return;
  const names = groups.map(({ name }) => name).join(', ');
  throw new CopytaxError('ERR_COMPARE', `${names}: no cell is in common`, {
    remedy: 'measure the same scenarios with the same settings',
  });
}

interface Shown extends Omit<LoadedGroups, 'groups'> {
  readonly comparison: Comparison;
  readonly conditions: readonly ConditionVerdict[];
  readonly all: boolean;
  readonly bars: BarsChoice;
}

/** Conditions are no part of a block that stands for itself: what became of them goes to stderr then. */
function print(output: ParsedCompareOptions['output'], shown: Shown): void {
  const { comparison, conditions } = shown;
  switch (output) {
    case 'json':
      process.stdout.write(`${JSON.stringify(comparisonDocument({ ...shown, notMeasured: LOWER_BOUND }), null, 1)}\n`);
      return;
    case 'email':
      process.stdout.write(emailText(comparison));
      process.stderr.write(
        failLines(conditions, comparison)
          .map((line) => `${line}\n`)
          .join(''),
      );
      return;
    case 'text':
      process.stdout.write(comparisonText(comparison, { ...shown, canvas: canvasOf(process.stdout, shown.bars) }));
  }
}

/**
 * Resolves to the exit code: 1 if a condition is met, or none of its rows can be told.
 * @throws ERR_USAGE, ERR_RESULT_FILE, ERR_RESULT_SCHEMA, ERR_COMPARE
 */
export async function compareCommand(args: readonly string[], options: CompareOptions): Promise<number> {
  const parsed = parseCompareOptions(options);
  if (isFleet(args, options)) return (await import('./fleet.js')).fleetCommand(args, options);
  const { groups, repeated, shared, isSame } = readGroups(
    baseFirst(fileGroups(withResultsOfFolders(args), options.name), options.base),
  );
  const comparison = compare(groups, isSame ? { ...parsed.comparison, mode: 'same machine' } : parsed.comparison);
  requireRows(comparison);
  const conditions = parsed.conditions.map((condition) => judgeCondition(condition, comparison));
  print(parsed.output, {
    comparison,
    conditions,
    repeated,
    shared,
    isSame,
    all: options.all ?? false,
    bars: parsed.bars,
  });
  return conditions.some(({ failed }) => failed) ? EXIT_FAILED : EXIT_FINE;
}
