/**
 * Finds plain accesses that race: two CPUs access a word, at least one of them plainly and at least one to write it,
 * and nothing that both did orders the two. What orders them is a chain of atomic operations on words in between, as
 * in the memory model of JavaScript. A race is found from one execution in which the CPUs took turns: it does not have
 * to go wrong, and on x86 it never would. Pure, but for its own tables.
 */

/** What is done to a word. `update`: an atomic operation that reads and writes. */
export type Access = 'read' | 'write' | 'load' | 'store' | 'update';

/** Two accesses that nothing orders, in the order in which they happened. */
export interface Race {
  readonly word: string;
  readonly first: { readonly access: Access; readonly where: unknown };
  readonly second: Access;
}

interface Past {
  /** By CPU, its time when it last did this; 0 for never. */
  readonly at: number[];
  /** By CPU, where that was. */
  readonly where: unknown[];
}

/** What is known of a word. */
interface Word {
  readonly past: Partial<Record<Access, Past>>;
  /** What a CPU that loads the word has seen of each CPU; null: the word has never been stored atomically. */
  released: number[] | null;
}

/** The earlier accesses that each access races with. */
const CONFLICTS: Readonly<Record<Access, readonly Access[]>> = {
  read: ['write', 'store', 'update'],
  write: ['read', 'write', 'load', 'store', 'update'],
  load: ['write'],
  store: ['read', 'write'],
  update: ['read', 'write'],
};

export class RaceDetector {
  readonly #cpus: number;
  readonly #words = new Map<string, Word>();
  /** By CPU, what it has seen of each CPU; its own time is at its own place. */
  readonly #seen: number[][];

  constructor(cpus: number) {
    this.#cpus = cpus;
    this.#seen = Array.from({ length: cpus }, (_, cpu) =>
      Array.from({ length: cpus }, (_, of) => (of === cpu ? 1 : 0)),
    );
  }

  /** Enters an access. `where`: kept, and returned with a race. Returns the races that it makes. */
  access(cpu: number, word: string, access: Access, where: unknown): Race[] {
    const known = this.#words.get(word) ?? { past: {}, released: null };
    this.#words.set(word, known);
    const seen = this.#seen[cpu]!;
    if ((access === 'load' || access === 'update') && known.released !== null) join(seen, known.released);
    const races = CONFLICTS[access].flatMap((before) => {
      const past = known.past[before];
      if (past === undefined) return [];
      const racing = past.at.findIndex((time, other) => other !== cpu && time > seen[other]!);
      return racing < 0 ? [] : [{ word, first: { access: before, where: past.where[racing] }, second: access }];
    });
    known.past[access] ??= { at: new Array<number>(this.#cpus).fill(0), where: [] };
    known.past[access].at[cpu] = seen[cpu]!;
    known.past[access].where[cpu] = where;
    if (access === 'store' || access === 'update') {
      known.released = [...seen];
      seen[cpu] = seen[cpu]! + 1; // what follows was not released by it
    }
    return races;
  }
}

function join(seen: number[], other: readonly number[]): void {
  for (const [cpu, time] of other.entries()) seen[cpu] = Math.max(seen[cpu]!, time);
}
