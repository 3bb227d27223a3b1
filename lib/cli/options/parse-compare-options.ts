/** Turns the options of `copytax compare` into what a comparison takes. Refuses what is unknown or contradictory. */
import type { ComparisonOptions } from '../../bench/compare/comparison.js';
import { type FailCondition, parseFailCondition } from '../../bench/compare/fail-condition.js';
import type { Mode } from '../../bench/compare/unlike.js';
import { MINIMAL_EFFECT } from '../../bench/statistics/paired-ratio.js';
import { oneOf } from '../../limits.js';
import { unknownWord, usageError } from './usage.js';
import { type BarsChoice, parseBars } from './values.js';

/** The options as commander returns them: text, or true for a flag. */
export interface CompareOptions {
  readonly all?: boolean;
  readonly bars?: string;
  readonly base?: string;
  readonly email?: boolean;
  readonly failIf?: readonly string[];
  readonly fleet?: boolean;
  readonly json?: boolean;
  readonly minEffect?: string;
  readonly mode?: string;
  readonly name?: string;
  readonly parquet?: string;
  readonly sql?: string;
  readonly strict?: boolean;
}

export interface ParsedCompareOptions {
  readonly comparison: ComparisonOptions;
  readonly conditions: readonly FailCondition[];
  readonly output: 'text' | 'email' | 'json';
  readonly bars: BarsChoice;
}

const MODES: Readonly<Record<'same' | 'across', Mode>> = { same: 'same machine', across: 'across machines' };

/** Parses `3%` or `0.03` into a share. @throws ERR_USAGE */
function parseEffect(text: string): number {
  const found = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(text);
  const share = found === null ? Number.NaN : Number(found[1]) / (found[2] === '%' ? 100 : 1);
  if (share >= 0 && share <= 1) return share;
  throw usageError(`--min-effect '${text}' is not a share: write 3% or 0.03, at most 100%`, { given: text });
}

function outputOf({ json, email, all }: CompareOptions): ParsedCompareOptions['output'] {
  if (json && email) throw usageError('--json and --email contradict each other');
  if (email && all) throw usageError('--email has room for few rows: leave out --all');
  return json ? 'json' : email ? 'email' : 'text';
}

/** @throws ERR_USAGE */
export function parseCompareOptions(options: CompareOptions): ParsedCompareOptions {
  const { mode, minEffect, strict = false, failIf = [] } = options;
  const words = Object.keys(MODES) as (keyof typeof MODES)[];
  const comparison = {
    minimalEffect: minEffect === undefined ? MINIMAL_EFFECT : parseEffect(minEffect),
    isStrict: strict,
    ...(mode === undefined ? {} : { mode: MODES[oneOf('mode', mode, words, unknownWord)] }),
  };
  const bars = parseBars(options.bars);
  return { comparison, conditions: failIf.map(parseFailCondition), output: outputOf(options), bars };
}
