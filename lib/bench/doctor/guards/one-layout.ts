/** The same copy at one place in memory, and at places of fresh mappings: what a run with one layout does not see. */
import { timedCopy } from '../../../memory/copy.js';
import type { Region } from '../../../memory/region.js';
import { type Random, random, randomInt } from '../../../random.js';
import { KIB } from '../../../units.js';
import { type Findings, inTurns, quantile, spread, type Task } from './guard.js';
import { PAGE_BYTES, smallPages } from './scratch-memory.js';

const COPY_BYTES = 16 * KIB;
const REGION_BYTES = COPY_BYTES + 2 * PAGE_BYTES;
const LINE_BYTES = 64;
/** Repeats, or layouts, whose spread is one sample. */
const GROUP = 8;

interface Layout {
  readonly to: Region;
  readonly from: Region;
  readonly toOffset: number;
  readonly fromOffset: number;
}

function freshLayout(next: Random): Layout {
  const offset = () => randomInt(next, PAGE_BYTES / LINE_BYTES) * LINE_BYTES;
  return { to: smallPages(REGION_BYTES), from: smallPages(REGION_BYTES), toOffset: offset(), fromOffset: offset() };
}

function close({ to, from }: Layout): void {
  to.close();
  from.close();
}

/** Nanoseconds of a copy in a layout: the median of a few batches. */
function timeOf({ to, from, toOffset, fromOffset }: Layout, copyKernel: number): number {
  const destination = { dstRegion: to.id, dstOffset: toOffset, dstSpan: COPY_BYTES };
  const source = { srcRegion: from.id, srcOffset: fromOffset, srcSpan: COPY_BYTES };
  const batch = 20;
  return quantile([...timedCopy({ copyKernel, bytes: COPY_BYTES, batch, ...destination, ...source }, 5)], 0.5) / batch;
}

/** The samples are spreads: that of repeats in one layout without the guard, that between layouts with it. */
export function oneLayout({ ms, copyKernel }: Task): Findings {
  const next = random(1);
  const only = freshLayout(next);
  const all: number[] = [];
  const repeats = () => Array.from({ length: GROUP }, () => timeOf(only, copyKernel));
  const layouts = () =>
    Array.from({ length: GROUP }, () => {
      const fresh = freshLayout(next);
      const ns = timeOf(fresh, copyKernel);
      close(fresh);
      return ns;
    });
  const between = () => {
    const times = layouts();
    all.push(...times);
    return spread(times);
  };
  repeats();
  const samples = inTurns({ without: () => spread(repeats()), with: between }, ms);
  const here = timeOf(only, copyKernel);
  close(only);
  return {
    pairs: [{ what: 'spread of 8 copies of 16 KiB', unit: 'share', ...samples }],
    facts: [
      {
        what: `the one layout, beside the median of ${all.length} others`,
        value: here / quantile(all, 0.5) - 1,
        unit: 'share',
      },
    ],
  };
}
