/**
 * Compares two groups of runs, number by number. A run is the unit: where there are enough, the rank test says whether
 * the groups differ, and where not, the intervals of the runs and how much runs of this host vary. A number is called
 * different only if its chance, corrected for the others of its family, is below 5 %, and if it is larger than the
 * smallest effect that counts. Pure.
 */
import { median } from 'simple-statistics';
import { holm } from '../statistics/holm.js';
import { rankTest, SIGNIFICANCE, smallestChance } from '../statistics/rank-test.js';
import { ratioOfGroups } from '../statistics/ratio-of-groups.js';
import { commonPlace, isOnePlaceOf, runIn } from './places.js';
import type { Measured, Place, Row, RunFacts } from './run-facts.js';
import { compareFewRuns, type RunDeviations } from './run-to-run.js';

/**
 * The most rows of a family whose chances are corrected together: among more, five runs a side, of which the most
 * extreme order has a chance of 0.008, could never show a difference.
 */
export const FAMILY_ROWS = 6;

/** What a difference rests on: the order of runs, or the intervals of few runs. */
export type Method = 'runs' | 'intervals';

/** A number in two groups. */
export interface Difference {
  /** The number that is compared. */
  readonly row: Row;
  /** Median over the runs of the base, in the unit of the row. */
  readonly base: number;
  /** Median over the runs of the other group, in the unit of the row. */
  readonly value: number;
  /** By which factor the other group lies above the base, with its 95 % interval. */
  readonly ratio: number;
  /** Lower end of the 95 % interval of `ratio`. */
  readonly low: number;
  /** Upper end of the 95 % interval of `ratio`. */
  readonly high: number;
  /** Of such a difference between runs that do not differ; null: it cannot be told, for the reason of `untold`. */
  readonly chance: number | null;
  /** Corrected for the rows of the family. */
  readonly corrected: number | null;
  /** Names the rows whose chances are corrected together. */
  readonly family: string;
  /** True if the groups differ: the corrected chance is below 5 %, and the effect counts. */
  readonly significant: boolean;
  /** Why `chance` is null; null where it is not. */
  readonly untold: 'no interval' | 'CPUs elsewhere' | null;
}

/** What two groups of runs differ in, row by row. */
export interface GroupComparison {
  /** What the differences rest on. */
  readonly method: Method;
  /** Where the CPUs moved: the distances of which alone rounds of several CPUs were compared; null: all rounds. */
  readonly place: Place | null;
  /** One for each number that both groups have. */
  readonly differences: readonly Difference[];
  /** Keys of numbers that only one of the groups has. */
  readonly onlyBase: readonly string[];
  /** Keys of numbers that only the other group has. */
  readonly onlyOther: readonly string[];
}

/** How `compareGroups` judges. */
export interface CompareOptions {
  /** Smaller effects are not called significant: 0.03 is 3 %. */
  readonly minimalEffect: number;
  /** One family of all rows instead of many small ones. */
  readonly isStrict: boolean;
  /** The groups are of two machines, whose CPUs are as far apart as they are; each group has to be at one distance. */
  readonly isElsewhere?: boolean;
  /** From run to run, on the host of the base and on that of the other group. */
  readonly deviations: readonly [RunDeviations, RunDeviations];
}

/** By the order of runs if the most extreme order would be significant in a full family. */
export function methodFor(runs: number, others: number): Method {
  return smallestChance(runs, others) * FAMILY_ROWS < SIGNIFICANCE ? 'runs' : 'intervals';
}

type Found = Omit<Difference, 'corrected' | 'family' | 'significant'>;

function numbersOf(runs: readonly RunFacts[], key: string): Measured[] {
  return runs.flatMap(({ numbers }) => numbers.get(key) ?? []);
}

function difference(
  key: string,
  sides: readonly [readonly Measured[], readonly Measured[]],
  method: Method,
  options: CompareOptions,
  isMoved: boolean,
): Found {
  const [to, of] = sides;
  const [below, above] = sides.map((numbers) => numbers.map((number) => number.median)) as [number[], number[]];
  const { row } = to[0]!;
  const common = { row, base: median(below), value: median(above) };
  // A number that some runs lack may have too few for the test that the others have.
  if (method === 'runs' && methodFor(above.length, below.length) === 'runs') {
    return { ...common, ...ratioOfGroups(above, below), chance: rankTest(above, below), untold: null };
  }
  const [ofBase, ofOther] = options.deviations;
  const few = compareFewRuns(of, to, [ofOther.get(key), ofBase.get(key)]);
  if (few === null) {
    const ratio = common.value / common.base;
    return { ...common, ratio, low: ratio, high: ratio, chance: null, untold: 'no interval' };
  }
  // A run does not tell what another distance of its CPUs would have done to it.
  return isMoved && row.needsCpus
    ? { ...common, ...few, chance: null, untold: 'CPUs elsewhere' }
    : { ...common, ...few, untold: null };
}

/** Returns the family of each row, by position: neighbours of one kind and line, six at most. */
function familiesOf(rows: readonly Row[], method: Method, isStrict: boolean): string[] {
  const seen = new Map<string, number>();
  return rows.map(({ kind, line }) => {
    if (isStrict) return 'all';
    // The intervals of single runs are the weaker evidence, and nothing keeps them from a large family.
    if (method === 'intervals') return kind;
    const name = `${kind} ${line}`;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return `${name} ${Math.floor(before / FAMILY_ROWS) + 1}`;
  });
}

function correctedChances(found: readonly Found[], families: readonly string[]): (number | null)[] {
  const corrected = new Array<number | null>(found.length).fill(null);
  for (const family of new Set(families)) {
    const members = [...found.keys()].filter((at) => families[at] === family && found[at]!.chance !== null);
    const chances = holm(members.map((at) => found[at]!.chance!));
    for (const [order, at] of members.entries()) corrected[at] = chances[order]!;
  }
  return corrected;
}

const effectOf = (ratio: number) => (ratio >= 1 ? ratio : 1 / ratio) - 1;

/** Compares `runs` with those of `base`: both have at least one. Rows are in the order of the base. */
export function compareGroups(
  base: readonly RunFacts[],
  runs: readonly RunFacts[],
  options: CompareOptions,
): GroupComparison {
  const method = methodFor(runs.length, base.length);
  const keysOf = (group: readonly RunFacts[]) => new Set(group.flatMap(({ numbers }) => [...numbers.keys()]));
  const [baseKeys, otherKeys] = [keysOf(base), keysOf(runs)];
  const isMoved = options.isElsewhere ? !(isOnePlaceOf(base) && isOnePlaceOf(runs)) : !isOnePlaceOf([...base, ...runs]);
  const place = isMoved && !options.isElsewhere ? commonPlace([base, runs]) : null;
  const [baseThere, runsThere] = [base, runs].map((group) => group.map((run) => (place ? runIn(run, place) : run)));
  const found = [...baseKeys]
    .filter((key) => otherKeys.has(key))
    .map((key): Found => {
      const there = [numbersOf(baseThere!, key), numbersOf(runsThere!, key)] as const;
      const all = [numbersOf(base, key), numbersOf(runs, key)] as const;
      const methodOf = ([ofBase, ofRuns]: typeof all) => methodFor(ofRuns.length, ofBase.length);
      // All rounds, where too few runs have rounds there: the order of runs holds whatever they vary by.
      const isThere = there.every(({ length }) => length > 0) && methodOf(there) === methodOf(all);
      const sides = isThere ? there : all;
      return difference(key, sides, method, options, isMoved && !(isThere && place !== null));
    });
  const families = familiesOf(
    found.map(({ row }) => row),
    method,
    options.isStrict,
  );
  const corrected = correctedChances(found, families);
  const differences = found.map((one, at): Difference => {
    const chance = corrected[at]!;
    const significant = chance !== null && chance < SIGNIFICANCE && effectOf(one.ratio) >= options.minimalEffect;
    return { ...one, corrected: chance, family: families[at]!, significant };
  });
  return {
    method,
    place,
    differences,
    onlyBase: [...baseKeys].filter((key) => !otherKeys.has(key)),
    onlyOther: [...otherKeys].filter((key) => !baseKeys.has(key)),
  };
}
