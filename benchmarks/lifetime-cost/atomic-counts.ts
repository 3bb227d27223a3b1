/**
 * Counts of the atomic operations that a piece of code does, observed by functions put in the place of those of the
 * global `Atomics`. The engine does not compile code as well afterwards, so a thread that has counted measures nothing.
 * Owner: the calling thread.
 */
import { CopytaxError } from '../../lib/errors.js';

/** Operations that write, all of which are locked instructions or exchanges of the processor. */
const WRITES = ['add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange', 'store'] as const;
const LOADS = ['load'] as const;
type AtomicName = (typeof WRITES)[number] | (typeof LOADS)[number];
type AtomicFunction = (...args: unknown[]) => unknown;

const atomics = Atomics as unknown as Record<AtomicName, AtomicFunction>;
const ORIGINALS = new Map([...WRITES, ...LOADS].map((name) => [name, atomics[name]]));

export interface AtomicCounts {
  readonly writes: number;
  readonly loads: number;
}

let hasCounted = false;

/** Returns how many atomic operations `work` does. */
export function countAtomics(work: () => void): AtomicCounts {
  const counts = { writes: 0, loads: 0 };
  const put = (name: AtomicName, kind: keyof typeof counts) => {
    const original = ORIGINALS.get(name)!;
    atomics[name] = (...args) => {
      counts[kind]++;
      return original.apply(Atomics, args);
    };
  };
  hasCounted = true;
  for (const name of WRITES) put(name, 'writes');
  for (const name of LOADS) put(name, 'loads');
  try {
    work();
  } finally {
    for (const [name, original] of ORIGINALS) atomics[name] = original;
  }
  return counts;
}

/** @throws ERR_SCENARIO in a thread that counts or has counted, whose times would not be those of other threads */
export function assertUncounted(): void {
  const isReplaced = [...ORIGINALS].some(([name, original]) => atomics[name] !== original);
  if (!hasCounted && !isReplaced) return;
  throw new CopytaxError('ERR_SCENARIO', 'a thread that counts atomic operations was to be timed');
}
