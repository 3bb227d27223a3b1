/** When `copytax compare` takes its files as a fleet, which is grouped by its hosts and not by the command line. */
import { findResults, isFolder } from '../../bench/fleet/find-results.js';
import { GROUP_MARK } from './file-groups.js';
import type { CompareOptions } from './parse-compare-options.js';
import { usageError } from './usage.js';

/** With more results than this, and no groups, they are a fleet. */
const MOST_GROUPS = 8;

/** Options of a comparison of groups, which a fleet does not have. */
const OF_GROUPS = {
  all: '--all',
  bars: '--bars',
  name: '--name',
  mode: '--mode',
  minEffect: '--min-effect',
  failIf: '--fail-if',
} as const satisfies Partial<Record<keyof CompareOptions, string>>;

const OF_FLEETS = { fleet: '--fleet', sql: '--sql', parquet: '--parquet' } as const;

function given<Key extends keyof CompareOptions>(options: CompareOptions, names: Readonly<Record<Key, string>>) {
  const key = (Object.keys(names) as Key[]).find((name) => options[name] !== undefined);
  return key === undefined ? undefined : names[key];
}

/** True if the arguments are a fleet. @throws ERR_USAGE if they, or the options, are groups as well */
export function isFleet(args: readonly string[], options: CompareOptions): boolean {
  const asked = given(options, OF_FLEETS);
  if (args.includes(GROUP_MARK)) {
    if (asked === undefined) return false;
    throw usageError(`${asked} takes all files together: leave out -- between them`, { option: asked });
  }
  const folder = args.find(isFolder);
  if (asked === undefined && folder === undefined && args.length <= MOST_GROUPS) return false;
  const option = given(options, OF_GROUPS);
  if (option === undefined) return true;
  const why = asked ?? (folder === undefined ? `more than ${MOST_GROUPS} files` : `the folder ${folder}`);
  throw usageError(`${option} is for groups, and ${why} makes a fleet: put -- between groups of files`, { option });
}

/** Returns the arguments of groups with the results below each folder in its place. @throws ERR_RESULT_FILE */
export function withResultsOfFolders(args: readonly string[]): string[] {
  return args.flatMap((arg) => (arg !== GROUP_MARK && isFolder(arg) ? findResults([arg]) : [arg]));
}
