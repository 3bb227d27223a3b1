/** Copies into memory that was never written: Linux faults each page in, and zeroes it, while the copy is timed. */
import { addon } from '../../../addon/addon.js';
import { timedCopy } from '../../../memory/copy.js';
import { MIB } from '../../../units.js';
import { type Findings, inTurns, quantile, type Task } from './guard.js';
import { PAGE_BYTES, smallPages } from './scratch-memory.js';

const WALKED_BYTES = 4 * MIB;
const PAGES = WALKED_BYTES / PAGE_BYTES;

/** Without the guard, the first walk through a fresh region is timed; with it, the second. */
export function firstTouch({ ms, copyKernel }: Task): Findings {
  using source = smallPages(PAGE_BYTES);
  const faults: number[] = [];
  const walk = (populate: boolean) => {
    using fresh = smallPages(WALKED_BYTES, { populate });
    const sides = { dstRegion: fresh.id, dstSpan: WALKED_BYTES, srcRegion: source.id, srcSpan: PAGE_BYTES };
    const before = addon().threadUsage().minorFaults;
    const [ns] = timedCopy({ copyKernel, bytes: PAGE_BYTES, batch: PAGES, ...sides }, 1);
    if (!populate) faults.push(addon().threadUsage().minorFaults - before);
    return ns! / PAGES;
  };
  const samples = inTurns({ without: () => walk(false), with: () => walk(true) }, ms);
  return {
    pairs: [{ what: `4 KiB copied into ${WALKED_BYTES / MIB} MiB`, unit: 'ns', ...samples }],
    facts: [{ what: `page faults without it, in ${PAGES} copies`, value: quantile(faults, 0.5), unit: 'count' }],
  };
}
