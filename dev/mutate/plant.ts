/**
 * An error that is planted on purpose, to see whether a test notices it: a text of one source file, and what stands
 * there instead. Pure.
 */

/** What kind of mistake it is. */
export type PlantKind =
  | 'a lock left out'
  | 'an order turned around'
  | 'a plain access where an atomic one is due'
  | 'an atomic step taken in two'
  | 'copies booked wrongly'
  | 'a control law changed'
  | 'a signal that is not heeded'
  | 'a file written in place'
  | 'buffers that are not filled'
  | 'a mean for a median'
  | 'bounds and arithmetic'
  | 'captures'
  | 'caches and CPUs'
  | 'copy kernels and counters'
  | 'what is shown'
  | 'sockets and tools';

/** A planted error. */
export interface Plant {
  /** What is wrong, for a reader; no two have the same. */
  readonly name: string;
  readonly kind: PlantKind;
  /** The source file, from the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  readonly replacement: string;
  /** What could notice it, in the order in which it is tried: `isFinder` says how they read. */
  readonly finders: readonly string[];
}

/** A plant of a table that is all of one kind. */
export type PlantOfKind = Omit<Plant, 'kind'>;

/** The plants of a table, with their kind. */
export function ofKind(kind: PlantKind, plants: readonly PlantOfKind[]): Plant[] {
  return plants.map((plant) => ({ ...plant, kind }));
}

/** The source text with the error in it; null if the plant is stale: the text stands there not once, or not alone. */
export function planted(source: string, { text, replacement }: Plant): string | null {
  const [before, after, ...more] = source.split(text);
  return after === undefined || more.length > 0 ? null : before + replacement + after;
}

/** True for `test/a/folder`, tests by their path as Jest takes it, and for `explore N`, seeds of the explorer. */
export function isFinder(finder: string): boolean {
  return /^(test\/\S+|explore [1-9]\d*)$/.test(finder);
}
