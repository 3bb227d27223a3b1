/** What another thread could do between two steps of this one, done on one thread. */

const OPERATIONS = ['load', 'store', 'add', 'sub', 'and', 'or', 'exchange', 'compareExchange'] as const;
/** More atomic operations than any call has that takes turns with another. */
const MANY = 1000;

type Operation = (words: Int32Array, at: number, value: number, other: number) => number;

/** Two calls over the same words, and what can be seen once both have ended. */
export interface TwoCalls {
  readonly first: () => unknown;
  readonly second: () => unknown;
  readonly end?: () => unknown;
}

/**
 * Calls `before` in front of each atomic operation, with its words and how many there were until then. Returns what
 * ends it. It must not outlive the call of the test.
 */
export function interleave(before: (words: Int32Array, operations: number) => void): () => void {
  const own = Object.fromEntries(OPERATIONS.map((name) => [name, Atomics[name] as Operation]));
  let [operations, isInside] = [0, false];
  const watched = (operation: Operation) => (words: Int32Array, at: number, value: number, other: number) => {
    if (!isInside) {
      isInside = true; // what `before` does is one step for the caller
      before(words, operations++);
      isInside = false;
    }
    return operation(words, at, value, other);
  };
  for (const name of OPERATIONS) Object.assign(Atomics, { [name]: watched(own[name]!) });
  return () => void Object.assign(Atomics, own);
}

/**
 * What two calls and their end return, in that order, when the second takes place in front of each atomic operation of
 * the first, and after it: each outcome once. `make` is called for each place. The second must not wait for a lock
 * that the first holds there.
 */
export function outcomes(make: () => TwoCalls): unknown[] {
  const found = new Map<string, unknown>();
  for (let at = 0; at < MANY; at++) {
    const { first, second, end } = make();
    let [returned, isDone]: [unknown, boolean] = [undefined, false];
    const undo = interleave((_words, operations) => {
      if (operations !== at) return;
      returned = second();
      isDone = true;
    });
    let own: unknown;
    try {
      own = first();
    } finally {
      undo();
    }
    const outcome = [own, isDone ? returned : second(), end?.()];
    found.set(JSON.stringify(outcome), outcome);
    if (!isDone) return [...found.values()];
  }
  throw new Error(`the first call does not end within ${MANY} atomic operations`);
}
