/** What stands below the tables: what was measured, and what this host has not. Pure. */
import { FRAG_BYTES } from '../../lib/page/page-source.js';
import { KIB, MIB } from '../../lib/units.js';
import type { Writer } from './queue-rig.js';
import { MEMORY_SHARE, type QueueSizes } from './queue-sizes.js';

const sizeText = (bytes: number) => (bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / KIB} KiB`);
const roughText = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;

function largestText({ sizes, cacheBytes }: QueueSizes): string {
  const largest = sizes.at(-1)!;
  if (cacheBytes === null) return `The last-level cache is not told; the longest queue has ${sizeText(largest)}.`;
  const factor = Number((largest / cacheBytes).toPrecision(2));
  const times = `${factor} times the last-level cache of ${sizeText(cacheBytes)}`;
  const below = largest > cacheBytes ? '' : ': no queue is known to lie in memory';
  return `The longest queue has ${sizeText(largest)}, ${times} that the host tells${below}.`;
}

export function legendOf(queues: QueueSizes, writers: readonly Writer[], availableBytes: number): string[] {
  const { leftOut } = queues;
  const [first, last] = [leftOut[0], leftOut.at(-1)];
  const range = first === last ? sizeText(first ?? 0) : `${sizeText(first!)} to ${sizeText(last!)}`;
  return [
    'Time of the second copy of 64 KiB. Down: bytes that are copied between the first and the second copy of a byte. ' +
      `Copies have ${sizeText(FRAG_BYTES)}, as fragments of a socket, or half of a shorter queue; slots are used ` +
      'again at once. What reading the clock takes is subtracted.',
    'same core, another core: which wrote the queue by first copies; aged: the same, and all caches have lost it ' +
      'since, as when programs use them meanwhile.',
    'floor: what is left for 64 KiB where the first copy writes to slots: finding slots, asking for the type of a ' +
      'page, and releasing slots, by this implementation.',
    largestText(queues),
    ...(leftOut.length === 0
      ? []
      : [
          `Left out: ${range}, because a queue may take 1/${1 / MEMORY_SHARE} of the memory that is available ` +
            `(${roughText(availableBytes)}).`,
        ]),
    ...(writers.includes('another core') ? [] : ['Left out: another core, because this run has one CPU.']),
    ...(writers.includes('aged') ? [] : ['Left out: aged, because programs cannot empty caches on this architecture.']),
  ];
}
