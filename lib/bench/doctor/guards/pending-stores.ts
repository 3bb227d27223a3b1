/** Copies whose last stores still wait for their cache lines when the last instruction is done. */
import { CopyList } from '../../../memory/copy-list.js';
import { KIB } from '../../../units.js';
import { type Findings, inTurns, quantile, type Task } from './guard.js';
import { largeBytes, PAGE_BYTES, smallPages } from './scratch-memory.js';

const SIZES = [KIB, 16 * KIB];
const SITE = 1;
/** Copies in a sample; their median counts, because one run in 64 is charged with the wait of all. */
const COPIES = 50;

/** Without the guard, the time at which the copy returns; with it, that at which its stores are done. */
export function pendingStores({ ms, copyKernel }: Task): Findings {
  const size = largeBytes();
  using source = smallPages(Math.max(...SIZES));
  using destination = smallPages(size);
  const list = CopyList.ofThisThread();
  let at = 0;
  const copy = (length: number, awaits: boolean) => {
    at = (at + Math.max(length, PAGE_BYTES)) % size; // long out of the cache
    list.reset();
    list.push(destination.id, at, source.id, 0, length, SITE);
    if (awaits) list.awaitStores();
    list.run(copyKernel);
    return list.ns(SITE);
  };
  const sample = (length: number, awaits: boolean) =>
    quantile(
      Array.from({ length: COPIES }, () => copy(length, awaits)),
      0.5,
    );
  const pairs = SIZES.map((length) => {
    const arms = { without: () => sample(length, false), with: () => sample(length, true) };
    return { what: `${length / KIB} KiB copied to memory`, unit: 'ns' as const, ...inTurns(arms, ms / SIZES.length) };
  });
  return { pairs, facts: [] };
}
