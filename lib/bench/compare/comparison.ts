/**
 * A comparison of groups of runs: the first is the base, and each other group is compared with it. Whatever shows it,
 * as text, as JSON or as an exit code, reads this. Pure.
 */
import { CopytaxError } from '../../errors.js';
import { checkOptions, oneOf, outOfRange, shown } from '../../limits.js';
import { type CompareOptions, compareGroups, type GroupComparison } from './compare-groups.js';
import { KINDS, type Kind, type RunFacts } from './run-facts.js';
import { deviationsOf, type RunDeviations } from './run-to-run.js';
import { type Group, MODES, type Mode, type Unlike, unlikesOf } from './unlike.js';

export const COMPARISON_SCHEMA = 'copytax.comparison/1';

/** What a group differs in from the base. */
export interface ComparedGroup extends GroupComparison {
  /** Position of the group among all; that of the base is 0. */
  readonly group: number;
}

/** Groups of runs beside a base: what `compare` returns. */
export interface Comparison {
  /** Whether the groups are of one machine. */
  readonly mode: Mode;
  /** At least two; the first is the base. */
  readonly groups: readonly Group[];
  /** Smaller effects are not called significant: 0.03 is 3 %. */
  readonly minimalEffect: number;
  /** True if the chances of all rows were corrected together. */
  readonly isStrict: boolean;
  /** The caller chose the mode: whatever is known of the hosts, they are one, or each group is of another. */
  readonly isTold: boolean;
  /** In what the groups are unlike. */
  readonly unlikes: readonly Unlike[];
  /** One for each group but the base. */
  readonly compared: readonly ComparedGroup[];
}

/** How `compare` judges, and whether the groups are of one machine. */
export interface ComparisonOptions extends Pick<CompareOptions, 'minimalEffect' | 'isStrict'> {
  /** Default: the same machine if all runs have the same fingerprint, and it is known. */
  readonly mode?: Mode;
}

const fingerprintsOf = (groups: readonly Group[]) =>
  new Set(groups.flatMap(({ runs }) => runs.map(({ machine }) => machine.fingerprint)));

/** True if each run has a fingerprint, and all are made alike: `2-` before one tells of its making. */
export function areHostsKnown(groups: readonly Group[]): boolean {
  const versions = [...fingerprintsOf(groups)].map((fingerprint) => fingerprint?.split('-')[0] ?? null);
  return !versions.includes(null) && new Set(versions).size === 1;
}

function modeOf(groups: readonly Group[]): Mode {
  return fingerprintsOf(groups).size === 1 && areHostsKnown(groups) ? 'same machine' : 'across machines';
}

/** A machine's own copies are its unit, and it has to be another machine for that to say something. */
const KINDS_OF: Readonly<Record<Mode, readonly Kind[]>> = {
  'same machine': KINDS.filter((kind) => kind !== 'worth'),
  'across machines': KINDS,
};

function withKinds(run: RunFacts, kinds: readonly Kind[]): RunFacts {
  return { ...run, numbers: new Map([...run.numbers].filter(([, { row }]) => kinds.includes(row.kind))) };
}

/**
 * Returns how much the numbers vary from run to run on each host of which that can be seen. Hosts without a fingerprint
 * are one host only if the caller says so.
 */
function deviationsByHost(groups: readonly Group[], isToldSame: boolean): (group: Group) => RunDeviations {
  const known = new Map<string | null, RunDeviations>();
  return ({ runs }) => {
    const { fingerprint } = runs[0]!.machine;
    if (fingerprint === null && !isToldSame) return new Map();
    const ofHost = ({ machine }: RunFacts) => machine.fingerprint === fingerprint;
    const found = known.get(fingerprint) ?? deviationsOf(groups.map((group) => group.runs.filter(ofHost)));
    known.set(fingerprint, found);
    return found;
  };
}

/** True if the hosts of both groups are known to be different ones. */
function areKnownOthers(...groups: readonly [Group, Group]): boolean {
  const isApart = (ofRun: (run: RunFacts) => string | null) => {
    const [ofBase, ofOther] = groups.map(({ runs }) => runs.map(ofRun)) as [(string | null)[], (string | null)[]];
    return ![...ofBase, ...ofOther].includes(null) && ofOther.every((value) => !ofBase.includes(value));
  };
  const areHostsApart = areHostsKnown(groups) && isApart(({ machine }) => machine.fingerprint);
  return areHostsApart || isApart(({ likeness }) => likeness.coreType);
}

function requireGroups(given: readonly Group[]): void {
  const isGroup = (group: Group) =>
    typeof group?.name === 'string' && Array.isArray(group.runs) && group.runs.length > 0;
  if (Array.isArray(given) && given.length >= 2 && given.every(isGroup)) return;
  const message = `compare() takes at least two groups, each with a name and at least one run, not ${shown(given)}`;
  throw new CopytaxError('ERR_INVALID_ARG_TYPE', message, { name: 'groups' });
}

function requireOptions(options: ComparisonOptions): void {
  checkOptions('compare()', options ?? null, ['mode', 'minimalEffect', 'isStrict']);
  const { mode, minimalEffect, isStrict } = options;
  if (mode !== undefined) oneOf('mode', mode, MODES);
  if (!(typeof minimalEffect === 'number' && minimalEffect >= 0 && minimalEffect <= 1)) {
    throw outOfRange(`minimalEffect must be a share, 0 to 1, not ${shown(minimalEffect)}`);
  }
  if (typeof isStrict === 'boolean') return;
  throw new CopytaxError('ERR_INVALID_ARG_TYPE', `isStrict must be a boolean, not ${shown(isStrict)}`);
}

/**
 * Compares at least two groups, each of at least one run.
 * @throws ERR_UNKNOWN_OPTION, ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
 */
export function compare(given: readonly Group[], options: ComparisonOptions): Comparison {
  requireOptions(options);
  requireGroups(given);
  const mode = options.mode ?? modeOf(given);
  const groups = given.map(({ name, runs }) => ({ name, runs: runs.map((run) => withKinds(run, KINDS_OF[mode])) }));
  const deviations = deviationsByHost(groups, options.mode === 'same machine');
  const [base, ...others] = groups;
  const { minimalEffect, isStrict } = options;
  return {
    mode,
    groups,
    minimalEffect,
    isStrict,
    isTold: options.mode !== undefined,
    unlikes: unlikesOf(groups, mode),
    compared: others.map((group, at) => ({
      group: at + 1,
      ...compareGroups(base!.runs, group.runs, {
        minimalEffect,
        isStrict,
        isElsewhere: options.mode === 'across machines' || (mode === 'across machines' && areKnownOthers(base!, group)),
        deviations: [deviations(base!), deviations(group)],
      }),
    })),
  };
}

/** True if the files tell of the hosts of the base and of this group how far their runs vary. */
export function knowsItsRuns({ groups, mode, isTold }: Comparison, group: number): boolean {
  const known = deviationsByHost(groups, isTold && mode === 'same machine');
  return [groups[0]!, groups[group]!].every((one) => known(one).size > 0);
}
