/**
 * The messages of Linux about bounce buffers, in their wordings from 2.6 to 7: what each says, before anything is made
 * of it. A message may be broken anywhere, and two may stand on one line.
 * Sources: kernel/dma/swiotlb.c, kernel/dma/direct.c and lib/swiotlb.c of their times, by their printed words.
 */
import { deviceBefore, NAME, NAME_BEGIN } from './device-before.js';
import { folded, unfolded } from './folded-pattern.js';

/** What a message is about. */
export type MessageKind =
  | 'full'
  | 'out-of-space'
  | 'pool-not-grown'
  | 'coherent-failed'
  | 'iommu-bounce-failed'
  | 'mask-overflow'
  | 'slot-overflow'
  | 'outside-mapping'
  | 'no-mapping'
  | 'no-pool'
  | 'pool'
  | 'pool-not-made'
  | 'pool-freed'
  | 'alignment-warned'
  | 'boot-token'
  | 'suppressed'
  | 'not-swiotlb';

/** A message as it was found in the text. Numbers that it does not print are null. */
export interface Message {
  readonly kind: MessageKind;
  /** Where it begins and ends in the text that was searched. */
  readonly start: number;
  readonly end: number;
  /** The words of the kernel, without line breaks. */
  readonly words: string;
  readonly device: string | null;
  /** In bytes. */
  readonly size: number | null;
  /** In slots. */
  readonly total: number | null;
  readonly used: number | null;
  /** The address that does not fit, and the mask of the device and the limit of its bus, as printed, with 0x. */
  readonly address: string | null;
  readonly mask: string | null;
  readonly limit: string | null;
  /** How many lines were suppressed, or the slots of a boot token. */
  readonly count: number | null;
  /** The first number that nothing here can have, as printed, whose own field is null. Null if there is none. */
  readonly beyond: string | null;
}

const SLOTS = String.raw`\( ?slots ?\)`;
const LAST_NAME = `<<${NAME_BEGIN}~${NAME}>>`;
const HEX = '[0-9a-f]{1,16}';
const RANGE = String.raw`\[ ?mem 0x${HEX}-0x${HEX} ?\]`;
const POOL = '(?:Xen-)?SWIOTLB';

/** What finds a message in a text that may be broken, and what matches its words from begin to end. */
interface Pattern {
  readonly anywhere: RegExp;
  readonly whole: RegExp;
}

function pattern(...texts: string[]): Pattern {
  const source = texts.map(folded).join('|');
  return { anywhere: new RegExp(source, 'gi'), whole: new RegExp(`^(?:${source})$`, 'i') };
}

const PATTERNS: readonly (readonly [MessageKind, Pattern])[] = [
  [
    'full',
    pattern(
      String.raw`swiotlb buffer is full(?: ?\( ?sz: ?(?<size>-?\d+) bytes ?\))?` +
        String.raw`(?: ?, ?total (?<total>\d+) ${SLOTS} ?, ?used (?<used>\d+) ${SLOTS})?`,
    ),
  ],
  [
    'out-of-space',
    pattern(
      String.raw`(?:PCI-)?DMA: Out of SW-IOMMU space(?: for (?<size>\d+) bytes)?(?: at device (?<at>${LAST_NAME}|\?))?`,
      'DMA: Memory would be corrupted',
      'DMA: Random memory (?:would|could) be DMA(?:ed| accessed| read| written)',
    ),
  ],
  ['pool-not-grown', pattern('software IO TLB: Failed to allocate (?:a )?new pool')],
  [
    'coherent-failed',
    pattern(String.raw`(?:swiotlb: )?coherent allocation failed(?: for device (?<at>${NAME})|,) size=(?<size><<\d+>>)`),
  ],
  [
    'iommu-bounce-failed',
    pattern(String.raw`Device bounce map: (?<hexSize>${HEX})@(?<address>(?:0x)?${HEX}) dir \d+ ?-+ ?failed`),
  ],
  [
    'slot-overflow',
    pattern(
      String.raw`swiotlb addr (?<address>0x${HEX})\+(?<size>\d+) overflow ` +
        String.raw`\( ?mask (?<mask>${HEX}), bus (?:limit|mask) (?<limit>${HEX}) ?\)`,
      `hwdev DMA mask = (?<mask2>0x${HEX}), dev_addr = (?<address2>0x<<${HEX}>>)`,
      'swiotlb_alloc_coherent: allocated memory is out of range for device',
    ),
  ],
  [
    'outside-mapping',
    pattern(
      String.raw`Buffer overflow detected\. Allocation size: \d+\. Mapping size: (?<size><<\d+>>)`,
      String.raw`Attempt for buffer overflow\. Original size: \d+, Mapping size: (?<size2><<\d+>>)`,
      'Access before mapping start detected',
    ),
  ],
  [
    'no-mapping',
    pattern(String.raw`nommu_map_\w+: overflow (?<address>${HEX})\+(?<size>\d+) of device mask (?<mask><<${HEX}>>)`),
  ],
  [
    'mask-overflow',
    pattern(
      String.raw`overflow (?<address>0x${HEX})\+(?<size>\d+) of (?:DMA|device) mask ` +
        `(?:(?<mask>${HEX}) bus (?:limit|mask) (?<limit><<${HEX}>>)|(?<mask3><<${HEX}>>))`,
      String.raw`DMA addr (?<address2>0x${HEX})\+(?<size2>\d+) overflow ` +
        String.raw`\( ?mask (?<mask2>${HEX}), bus (?:limit|mask) (?<limit2>${HEX}) ?\)`,
      '(?:DMA map|call) on device without dma_mask',
    ),
  ],
  [
    'no-pool',
    pattern(
      `Can ?not allocate ${POOL} (?:overflow )?buffer!?` +
        `(?: earlier and can't now provide you with the DMA bounce buffer)?`,
      String.raw`(?:swiotlb_\w+: )?(?:failed|unable) to allocate tlb structure`,
      String.raw`swiotlb_\w+: Failed to (?:allocate|remap) (?:\d+ bytes|areas)`,
      String.raw`(?:pci|dma)_map_\w+: high address but no IOMMU`,
      'DMA bounce buffers are inactive, unable to map unaligned transaction',
      'Restricted DMA pool must be accessible within the linear mapping',
      'Failed to get contiguous memory for DMA from Xen!',
      'software IO TLB disabled',
    ),
  ],
  [
    'pool',
    pattern(
      String.raw`(?:PCI-DMA: )?Using software bounce buffering for IO \( ?SWIOTLB ?\)`,
      String.raw`software IO TLB: mapped ${RANGE}(?: \( ?\d+ ?[KMG]B ?\))?`,
      String.raw`software IO TLB ${RANGE}(?: \( ?\d+ ?[KMG]B ?\))?(?: mapped at \[[^\]]{1,80}\])?`,
      String.raw`(?:software IO TLB: )?SWIOTLB bounce buffer size (?:adjusted|roundup) to \d+ ?[KMG]?B`,
      String.raw`(?:software IO TLB: )?area num \d+\.?`,
      String.raw`Reserved memory: created restricted DMA pool at 0x${HEX}, size \d+ [KMG]iB`,
      String.raw`Placing (?:\d+ ?[KMG]B )?software IO TLB between (?:0x)?${HEX} (?:- )?(?:0x)?${HEX}`,
      `software IO TLB at phys 0x${HEX} - 0x${HEX}`,
      'software IO TLB enabled',
      '(?:Memory encryption|SME|SEV) is active(?: and system is using|, device will require) DMA bounce buffers',
      String.raw`Warning: only able to allocate \d+ [KMG]B for software IO TLB`,
      String.raw`software IO TLB: only able to allocate \d+ [KMG]B`,
      'Intel-IOMMU: disabled; falling back to SWIOTLB',
    ),
  ],
  ['pool-freed', pattern('software IO TLB: tearing down default memory pool')],
  ['alignment-warned', pattern('Alloc alignment may prevent fulfilling requests with max mapping_size')],
  ['pool-not-made', pattern('(?:software IO TLB|swiotlb): (?:Cannot allocate buffer|No low mem)')],
  ['boot-token', pattern(String.raw`\bswiotlb=(?:(?<count><<\d+>>)\b)?<<[\w,]*>>`)],
  [
    'suppressed',
    pattern(String.raw`(?:\w{0,16}swiotlb_\w+|dma_direct_\w+|report_addr): (?<count>\d+) callbacks suppressed`),
  ],
  [
    'not-swiotlb',
    pattern(
      'transfer buffer not dma capable',
      String.raw`\b\w{1,64}: out of ATEs`,
      'unable to allocate shared pool',
      `(?:DMA: )?Failed to get suitable pool for ${LAST_NAME}`,
      'PCI-DMA: Out of IOMMU space',
      'PCI-DMA: Memory would be corrupted',
      'PCI-DMA: Random memory would be DMAed',
      String.raw`failed to allocate \d+ bytes for bounce buffer`,
    ),
  ],
];
/** Of these the device stands before them. */
const OF_DEVICE: readonly MessageKind[] = [
  'full',
  'out-of-space',
  'coherent-failed',
  'iommu-bounce-failed',
  'slot-overflow',
  'outside-mapping',
  'no-mapping',
  'mask-overflow',
  'no-pool',
  'alignment-warned',
];

/** 2^53 slots of 2 KiB are all that 64 bits can address, and all that is counted exactly here. */
const LARGEST = 2 ** 53;

/** The part of Linux that speaks, which some messages have before their words. */
const PART = new RegExp(String.raw`${folded('software IO TLB:')}\s*$`);
const LONGEST_PART = 24;

const bare = (text: string) => text.replace(/\s/g, '');
const hex = (text: string | undefined) => (text === undefined ? null : `0x${bare(text).replace(/^0x/i, '')}`);

function messageOf(kind: MessageKind, { whole }: Pattern, match: RegExpMatchArray, text: string): Message {
  const { at, size, size2, hexSize, total, used, address, address2, mask, mask2, mask3, limit, limit2, count } =
    match.groups ?? {};
  let beyond: string | null = null;
  const number = (digits: string | undefined, prefix = '') => {
    if (digits === undefined) return null;
    const value = Number(`${prefix}${bare(digits)}`);
    if (Math.abs(value) < LARGEST) return value;
    beyond ??= `${prefix}${bare(digits)}`;
    return null;
  };
  // A pattern that begins with something optional may have taken the break before its first word.
  const found = match[0].trimStart();
  const end = match.index! + match[0].length;
  const begin = end - found.length;
  const before = OF_DEVICE.includes(kind) ? deviceBefore(text, begin) : null;
  const part = before === null ? PART.exec(text.slice(Math.max(0, begin - LONGEST_PART), begin)) : null;
  return {
    kind,
    start: begin - (before?.length ?? part?.[0].length ?? 0),
    end,
    words: `${before?.words ?? (part === null ? '' : 'software IO TLB: ')}${unfolded(found, whole)}`,
    device: before?.device ?? (at === '?' || at === undefined ? null : bare(at)),
    size: hexSize === undefined ? number(size ?? size2) : number(hexSize, '0x'),
    total: number(total),
    used: number(used),
    address: hex(address ?? address2),
    mask: hex(mask ?? mask2 ?? mask3),
    limit: hex(limit ?? limit2),
    count: number(count),
    beyond,
  };
}

/** Returns all messages in the text, in their order, none within another. */
export function messagesIn(text: string): Message[] {
  const all = PATTERNS.flatMap(([kind, one]) =>
    [...text.matchAll(one.anywhere)].map((match) => messageOf(kind, one, match, text)),
  );
  const found: Message[] = [];
  for (const message of all.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (message.start >= (found.at(-1)?.end ?? 0)) found.push(message);
  }
  return found;
}
