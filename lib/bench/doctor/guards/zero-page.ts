/** Copies out of memory that was never written: all of it is one page of zeros, which stays in the L1 cache. */
import { timedCopy } from '../../../memory/copy.js';
import type { Region } from '../../../memory/region.js';
import { MIB } from '../../../units.js';
import { type Findings, inTurns, type Task } from './guard.js';
import { CHUNK_BYTES, largeBytes, PAGE_BYTES, smallPages } from './scratch-memory.js';

export function zeroPage({ ms, copyKernel }: Task): Findings {
  const size = largeBytes();
  using destination = smallPages(CHUNK_BYTES);
  using unwritten = smallPages(size, { populate: false });
  using written = smallPages(size);
  const copies = size / CHUNK_BYTES;
  const read = (source: Region) => {
    const sides = { dstRegion: destination.id, dstSpan: CHUNK_BYTES, srcRegion: source.id, srcSpan: size };
    const [ns] = timedCopy({ copyKernel, bytes: CHUNK_BYTES, batch: copies, ...sides }, 1);
    return (ns! / copies / CHUNK_BYTES) * PAGE_BYTES;
  };
  read(unwritten); // maps the page of zeros everywhere: the faults are another guard's matter
  const samples = inTurns({ without: () => read(unwritten), with: () => read(written) }, ms);
  return { pairs: [{ what: `4 KiB copied out of ${size / MIB} MiB`, unit: 'ns', ...samples }], facts: [] };
}
