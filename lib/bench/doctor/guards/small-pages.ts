/** Short copies from random places: with small pages each also pays for the translation of its address. */
import { CopytaxError } from '../../../errors.js';
import { CopyList, LIST_CAPACITY } from '../../../memory/copy-list.js';
import { Region } from '../../../memory/region.js';
import { random, randomInt } from '../../../random.js';
import { MIB } from '../../../units.js';
import { type Findings, inTurns, type Task } from './guard.js';
import { CHUNK_BYTES, largeBytes, smallPages } from './scratch-memory.js';

const COPY_BYTES = 64;
const SITE = 1;
/** Runs of a full list that make a sample. */
const RUNS = 4;

/** @throws ERR_REGION_MAP when Linux gives no huge pages, and says so */
export function smallPagesGuard({ ms, copyKernel }: Task): Findings {
  const size = largeBytes();
  using destination = smallPages(CHUNK_BYTES);
  using small = smallPages(size);
  using huge = Region.create({ bytes: size, lock: 'no', hugePages: 'thp' });
  const { hugeBytes } = huge.info();
  requireHugePages(size, hugeBytes);
  const list = CopyList.ofThisThread();
  const next = random(size);
  const run = (source: Region) => {
    list.reset();
    for (let copy = 0; copy < LIST_CAPACITY; copy++) {
      const from = randomInt(next, size / COPY_BYTES) * COPY_BYTES;
      list.push(destination.id, (copy * COPY_BYTES) % CHUNK_BYTES, source.id, from, COPY_BYTES, SITE);
    }
    list.awaitStores();
    list.run(copyKernel);
    return list.ns(SITE) / LIST_CAPACITY;
  };
  const sample = (source: Region) => Array.from({ length: RUNS }, () => run(source)).reduce((a, b) => a + b) / RUNS;
  const samples = inTurns({ without: () => sample(small), with: () => sample(huge) }, ms);
  return {
    pairs: [{ what: `64 B from random places in ${size / MIB} MiB`, unit: 'ns', ...samples }],
    facts: [{ what: 'of it in huge pages, with them', value: hugeBytes < 0 ? null : hugeBytes, unit: 'bytes' }],
  };
}

function requireHugePages(size: number, hugeBytes: number): void {
  if (hugeBytes < 0 || hugeBytes >= size / 2) return;
  const message = `Linux gave huge pages for ${hugeBytes / MIB} of ${size / MIB} MiB`;
  throw new CopytaxError('ERR_REGION_MAP', message, { hugeBytes });
}
