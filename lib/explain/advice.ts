/** What helps against a failure, and what cannot, with its own numbers. Pure. */
import { MIB, nextPowerOfTwo, SEGMENT_BYTES, SEGMENT_SLOTS, SLOT_SIZE, slotsOf } from '../units.js';
import { type FailureClass, fewestThatBlock } from './failure-class.js';
import type { Message } from './messages.js';

/** Sentences for a reader, the most useful first. */
export interface Advice {
  readonly helps: readonly string[];
  readonly doesNotHelp: readonly string[];
}

const NONE: Advice = { helps: [], doesNotHelp: [] };

/** The largest pool that is advised: 1 GiB, which already is hard to find below 4 GiB. */
const LARGEST_POOL_SLOTS = 2 ** 19;
/** Where the default of no option is 64 MiB. */
const DEFAULT_SLOTS = 2 ** 15;
/** Below this a value was meant in another unit: no default is as small. */
const FEW_SLOTS = 1024;

const inMib = (slots: number) => `${(slots * SLOT_SIZE) / MIB} MiB`;
const pool = (slots: number) => `\`swiotlb=${slots}\` (${inMib(slots)})`;
const percent = (used: number, total: number) => `${Math.floor((100 * used) / total)} %`;

/** What a larger pool would be, next to that of the message. */
function larger(total: number | null): string {
  if (total === null) return 'a larger pool, if `io_tlb_used` in debugfs stays near `io_tlb_nslabs`';
  const slots = nextPowerOfTwo(2 * total);
  if (total >= LARGEST_POOL_SLOTS) {
    return `less data in flight: this pool has ${inMib(total)}, and a larger one is hard to find below 4 GiB`;
  }
  return `a larger pool: boot with ${pool(slots)} instead of ${total} slots (${inMib(total)})`;
}

/** Advice that changes nothing because it is what there is. */
function same(total: number | null): string[] {
  if (total === null) return [];
  const isDefault = total === DEFAULT_SLOTS ? ', the default of most kernels' : '';
  return [`\`swiotlb=${total}\`: this pool has that size already${isDefault}`];
}

const LEAK =
  'if `io_tlb_used` never falls, also when the device is idle: its driver leaks mappings, and needs a repair';

function ofFull(kind: FailureClass, { size, total, used }: Message): Advice {
  switch (kind) {
    case 'no-pool':
      return {
        helps: [
          'a pool: boot without `iommu=off`, `swiotlb=noforce` and the like, or with `swiotlb=32768,force`',
          'a device or driver that reaches all memory (a wider DMA mask, an IOMMU), so that nothing is bounced',
        ],
        doesNotHelp: [`a larger pool, as long as there is none${total === 0 ? ': the total is 0 slots' : ''}`],
      };
    case 'too-large':
      return {
        helps: [
          `smaller requests: ${size} bytes are asked for, and no mapping has more than ${SEGMENT_BYTES}; ` +
            'a driver has to heed dma_max_mapping_size(), and for disks `max_sectors_kb` can be lowered',
          'a reason why this device is bounced at all: a 64-bit device does without, unless it is untrusted, its ' +
            'mask is too narrow, or the guest is confidential',
        ],
        doesNotHelp: [
          'a larger pool, of any size: a mapping has to lie in one segment of 256 KiB',
          ...(total !== null && used !== null ? [`to wait: ${used} of ${total} slots were in use`] : []),
        ],
      };
    case 'exhausted':
      return {
        helps: [larger(total), 'less data in flight (fewer buffers, shorter rings, smaller socket buffers)', LEAK],
        doesNotHelp: same(total),
      };
    case 'fragmented':
      return {
        helps: [
          `smaller requests: ${slotsOf(size!)} free slots in a row are needed, within one segment of ${SEGMENT_SLOTS}`,
          larger(total),
          'fewer areas (`swiotlb=SLOTS,AREAS`), if mappings of one CPU fill its own',
        ],
        doesNotHelp: [
          `to count free slots: ${percent(used!, total!)} of the pool were in use, which may be enough to be in the ` +
            `way (${fewestThatBlock(slotsOf(size!), total!)} slots can be)`,
          ...same(total),
        ],
      };
    case 'alignment':
      return {
        helps: [
          'a kernel or driver with another alignment or address limit for this device (`min_align_mask`, its DMA ' +
            'mask, its page size): report it with this line',
          `smaller requests: with an offset that the device wants kept, less than ${SEGMENT_BYTES} bytes fit`,
        ],
        doesNotHelp: [
          `a larger pool: ${used} of ${total} slots were in use, and with fewer than ` +
            `${fewestThatBlock(slotsOf(Math.max(1, size!)), total!)} some segment has room for ${size} bytes; as ` +
            'printed the pool was neither full nor fragmented (Linux reads the number after the search)',
        ],
      };
    case 'corrupted':
      return {
        helps: [
          `a repair of the driver: ${size} bytes are no length that anything asks for, its memory was overwritten`,
        ],
        doesNotHelp: ['a larger pool, or any option of swiotlb'],
      };
    default:
      return {
        helps: [
          'numbers: this kernel prints none of its pool; read `io_tlb_used` and `io_tlb_nslabs` in ' +
            '/sys/kernel/debug/swiotlb when it happens',
          ...(size === null
            ? []
            : [`the size: ${size} bytes can be bounced, so the pool is full, fragmented or leaking`]),
        ],
        doesNotHelp: size === null ? [] : [`to take ${size} for the size of the pool: it is that of the request`],
      };
  }
}

function ofMask({ kind, address, mask }: Message): Advice {
  const reach = `${address} is above what the device can reach (mask ${mask})`;
  if (kind === 'slot-overflow') {
    return {
      helps: [`a pool that lies lower, or a driver that sets the mask of its device right: ${reach}`],
      doesNotHelp: ['a larger pool: it would lie where this one does'],
    };
  }
  return {
    helps: [`a driver that sets the mask of its device right, or bounces: ${reach}`],
    doesNotHelp: ['a larger pool: the buffer was not bounced'],
  };
}

function ofToken({ count }: Message): Advice {
  if (count === null || count >= FEW_SLOTS) return NONE;
  return {
    helps: [
      `the right unit: \`swiotlb=\` counts slots of 2 KiB; for ${count} MiB boot with ` +
        pool((count * MIB) / SLOT_SIZE),
    ],
    doesNotHelp: [`${pool(count)}: old advice counts megabytes, or pages of 128 KiB`],
  };
}

/** Returns what helps against what a message of this class tells. */
export function adviceOn(kind: FailureClass, message: Message): Advice {
  if (message.kind === 'boot-token') return ofToken(message);
  if (kind === 'device-mask') return ofMask(message);
  if (message.kind === 'pool-not-made') {
    return {
      helps: ['nothing, unless a later line fails: where devices reach all memory, no pool is needed'],
      doesNotHelp: [],
    };
  }
  if (kind === 'informational') return NONE;
  if (kind === 'not-swiotlb') {
    return {
      helps: ['the driver, or what this line is about: it is not about bounce buffers'],
      doesNotHelp: ['a pool'],
    };
  }
  return ofFull(kind, message);
}
