/** Relations over at most 32 events: row i has a bit for every event that event i is related to. */
export type Relation = number[];

export const MAX_EVENTS = 32;

// Globals are slow to find in jest's contexts, and these are used millions of times.
const { clz32 } = Math;
const NewArray = Array;

export const empty = (events: number): Relation => new NewArray<number>(events).fill(0);

/** Adds a pair to a relation. */
export function relate(relation: Relation, from: number, to: number): void {
  relation[from]! |= 1 << to;
}

export const isRelated = (relation: Relation, from: number, to: number): boolean =>
  ((relation[from]! >>> to) & 1) === 1;

export function union(...relations: Relation[]): Relation {
  const all = [...relations[0]!];
  for (let other = 1; other < relations.length; other++) {
    for (let event = 0; event < all.length; event++) all[event]! |= relations[other]![event]!;
  }
  return all;
}

/** Adds every event's relation to itself. */
export const orSame = (relation: Relation): Relation => relation.map((row, event) => row | (1 << event));

/** Returns the pairs that begin in one set and end in another; sets are bits. */
export const between = (begin: number, relation: Relation, end: number): Relation =>
  relation.map((row, event) => ((begin >>> event) & 1 ? row & end : 0));

/** Returns the pairs that are related through a pair of the first and then one of the second. */
export function compose(first: Relation, second: Relation): Relation {
  return first.map((row) => {
    let reached = 0;
    for (let left = row; left !== 0; left &= left - 1) reached |= second[31 - clz32(left & -left)]!;
    return reached;
  });
}

/** Returns the transitive closure. */
export function closure(relation: Relation): Relation {
  const reached = [...relation];
  for (let via = 0; via < reached.length; via++) {
    for (let from = 0; from < reached.length; from++) {
      if (isRelated(reached, from, via)) reached[from]! |= reached[via]!;
    }
  }
  return reached;
}

export const isIrreflexive = (relation: Relation): boolean =>
  relation.every((row, event) => ((row >>> event) & 1) === 0);

export const isAcyclic = (relation: Relation): boolean => isIrreflexive(closure(relation));
