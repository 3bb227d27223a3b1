/** What helps against a failure, and what cannot, with its own numbers. Pure. */
import { KIB, MIB, nextPowerOfTwo, SEGMENT_BYTES, SEGMENT_SLOTS, SLOT_SIZE, slotsOf } from '../units.js';
import { type FailureClass, fewestThatBlock, impossibleNumbers } from './failure-class.js';
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

const inBytes = (slots: number) =>
  slots * SLOT_SIZE < MIB ? `${(slots * SLOT_SIZE) / KIB} KiB` : `${(slots * SLOT_SIZE) / MIB} MiB`;
const pool = (slots: number) => `\`swiotlb=${slots}\` (${inBytes(slots)})`;
const percent = (used: number, total: number) => `${Math.floor((100 * used) / total)} %`;

/** What a larger pool would be, next to that of the message. Empty where the pool is as large as can be. */
function larger(total: number | null): string[] {
  if (total === null) return [`a larger pool, if ${IN_DEBUGFS.used} stays near ${IN_DEBUGFS.total}`];
  const slots = Math.min(LARGEST_POOL_SLOTS, Math.max(FEW_SLOTS, nextPowerOfTwo(2 * total)));
  if (slots <= total) return [];
  const restricted =
    total < DEFAULT_SLOTS ? ' (a restricted pool: enlarge its reserved memory in the device tree)' : '';
  return [`a larger pool: boot with ${pool(slots)} instead of ${total} slots (${inBytes(total)})${restricted}`];
}

/** Advice that changes nothing because it is what there is. */
function same(total: number | null): string[] {
  if (total === null) return [];
  const isDefault = total === DEFAULT_SLOTS ? ', the default of most kernels' : '';
  const isLargest =
    total >= LARGEST_POOL_SLOTS ? `, and a larger one than ${inBytes(total)} is hard to find below 4 GiB` : '';
  return [`\`swiotlb=${total}\`: this pool has that size already${isDefault}${isLargest}`];
}

/** Files in which newer kernels tell of a pool. */
const IN_DEBUGFS = { used: '`io_tlb_used`', total: '`io_tlb_nslabs`' };
const LEAK =
  'if `io_tlb_used` never falls, also when the device is idle: its driver leaks mappings, and needs a repair';

/** A request of n slots, which may be more than the whole pool has. */
function ofFragmented(n: number, total: number, used: number): Advice {
  const smaller = `smaller requests: ${n} free slots in a row are needed, within one segment of ${SEGMENT_SLOTS}`;
  if (n > total)
    return { helps: [...larger(total), smaller], doesNotHelp: [`to wait: the pool has ${total} slots in all`] };
  return {
    helps: [smaller, ...larger(total), 'fewer areas (`swiotlb=SLOTS,AREAS`), if mappings of one CPU fill its own'],
    doesNotHelp: [
      `to count free slots: ${percent(used, total)} of the pool were in use, and ${fewestThatBlock(n, total)} slots, ` +
        'badly spread, are enough to be in the way',
      ...same(total),
    ],
  };
}

/** Numbers that cannot be: nothing follows from them but that they are wrong. */
const ofImpossible = (why: string): Advice => ({
  helps: [
    `the line as the kernel printed it (\`dmesg\`): ${why}, so the line was changed on its way, or the kernel's ` +
      'memory was overwritten',
  ],
  doesNotHelp: ['a larger pool, or any option of swiotlb, as long as nothing else tells of a full one'],
});

function ofFull(kind: FailureClass, message: Message): Advice {
  const { size, total, used } = message;
  const impossible = impossibleNumbers(message);
  if (impossible !== null) return ofImpossible(impossible);
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
        helps: [...larger(total), 'less data in flight (fewer buffers, shorter rings, smaller socket buffers)', LEAK],
        doesNotHelp: same(total),
      };
    case 'fragmented':
      return ofFragmented(slotsOf(Math.max(1, size!)), total!, used!);
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
          `numbers: this message has none of the pool; read ${IN_DEBUGFS.used} and ${IN_DEBUGFS.total} in ` +
            '/sys/kernel/debug/swiotlb when it happens (Linux 5.0 and newer have them)',
          ...(size === null
            ? []
            : [`the size: ${size} bytes can be bounced, so the pool is full, fragmented or leaking`]),
        ],
        doesNotHelp: size === null ? [] : [`to take ${size} for the size of the pool: it is that of the request`],
      };
  }
}

/** Which address is out of reach of what. A limit of 0 is none. */
function reachOf({ address, size, mask, limit }: Message): string {
  if (mask === null) return 'the device has none that fits';
  if (address === null) return `the mask is ${mask}`;
  const [ofDevice, ofBus] = [BigInt(mask), BigInt(limit ?? 0)];
  const isBus = ofBus > 0n && ofBus < ofDevice;
  const least = isBus ? ofBus : ofDevice;
  const isAbove = BigInt(address) + BigInt(Math.max(1, size ?? 1)) - 1n > least;
  const name = isBus ? 'bus limit' : 'mask';
  if (isAbove) return `${address} is above what the device can reach (${name} 0x${least.toString(16)})`;
  return `${address} is below the ${name} 0x${least.toString(16)}, so the bus or the platform maps nothing there`;
}

function ofMask(message: Message): Advice {
  if (message.kind === 'slot-overflow') {
    return {
      helps: [`a pool that lies lower, or a driver that sets the mask of its device right: ${reachOf(message)}`],
      doesNotHelp: ['a larger pool: it would lie where this one does'],
    };
  }
  return {
    helps: [
      `a driver that sets the mask of its device right, or bounces: ${reachOf(message)}`,
      'a pool, if there is none: boot without `iommu=off`, `swiotlb=noforce` and the like',
    ],
    doesNotHelp: ['a larger pool: the buffer was not bounced'],
  };
}

/** On the number of slots in `swiotlb=`, as it is written there; null if there is none. */
export function adviceOnToken(count: number | null): Advice {
  if (count === null || count === 0 || count >= FEW_SLOTS) return NONE;
  const meant = (count * MIB) / SLOT_SIZE;
  return {
    helps: [`the right unit, if ${count} MiB were meant: \`swiotlb=\` counts slots of 2 KiB, boot with ${pool(meant)}`],
    doesNotHelp: [`${pool(count)}, unless so little is meant: old advice counts megabytes, or pages of 128 KiB`],
  };
}

/** Returns what helps against what a message of this class tells. */
export function adviceOn(kind: FailureClass, message: Message): Advice {
  if (message.kind === 'boot-token') return adviceOnToken(message.count);
  if (kind === 'device-mask') return ofMask(message);
  if (message.kind === 'pool-not-made') {
    return {
      helps: ['nothing, unless a later line fails: where devices reach all memory, no pool is needed'],
      doesNotHelp: [],
    };
  }
  if (message.kind === 'pool-freed') {
    return {
      helps: [
        'nothing, unless a later line fails for lack of a pool: Linux gave it back, as it expected to bounce ' +
          'nothing; `swiotlb=32768,force` keeps it',
      ],
      doesNotHelp: [],
    };
  }
  if (message.kind === 'alignment-warned') {
    return {
      helps: [
        'nothing, unless a later line fails for this device: a request as large as dma_max_mapping_size() allows may ' +
          'not fit with so wide an alignment; smaller requests do',
      ],
      doesNotHelp: ['a larger pool: a mapping has to lie in one segment of 256 KiB'],
    };
  }
  if (message.kind === 'outside-mapping') {
    return {
      helps: ['a repair of the driver: it synchronises bytes that it has not mapped'],
      doesNotHelp: ['a larger pool, or any option of swiotlb'],
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
