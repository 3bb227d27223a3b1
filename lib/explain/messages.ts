/**
 * The messages of Linux about bounce buffers, in their wordings from 2.6 to 7: what each says, before anything is made
 * of it. A message may be broken anywhere between two words, and two may stand on one line.
 * Sources: kernel/dma/swiotlb.c, kernel/dma/direct.c and lib/swiotlb.c of their times, by their printed words.
 */

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
}

/** Stands between lines of which the second one begins a message of its own. No pattern crosses it. */
export const RECORD = '\u001e';

const NAME = String.raw`[\w.:@,+/-]{0,64}[\w@]`;
const SLOTS = String.raw`\( ?slots ?\)`;
const HEX = '[0-9a-f]{1,16}';
const RANGE = String.raw`\[ ?mem 0x${HEX}-0x${HEX} ?\]`;
const POOL = '(?:Xen-)?SWIOTLB';

/** Between two words may be a line break. */
const spaced = (text: string) => text.replaceAll(' ?', String.raw`\s*`).replaceAll(' ', String.raw`\s+`);
const pattern = (...texts: string[]) => new RegExp(spaced(texts.join('|')), 'gi');

/** What stands before the words: drivers print `driver device: `, and some of Linux a function or a part after it. */
const BEFORE = new RegExp(
  spaced(String.raw`(?:(?<driver>[\w.,+-]{1,64}) )?(?<device>${NAME}): (?:(?:DMAR|AMD-Vi|swiotlb|[a-z]+_\w+): )?$`),
);
/** Characters before a message that may name its device. */
const LONGEST_BEFORE = 200;

const PATTERNS: readonly (readonly [MessageKind, RegExp])[] = [
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
      String.raw`(?:PCI-)?DMA: Out of SW-IOMMU space(?: for (?<size>\d+) bytes)?(?: at device (?<at>${NAME}|\?))?`,
      'DMA: Memory would be corrupted',
      'DMA: Random memory (?:would|could) be DMA(?:ed| read| written)',
    ),
  ],
  ['pool-not-grown', pattern('software IO TLB: Failed to allocate (?:a )?new pool')],
  [
    'coherent-failed',
    pattern(String.raw`(?:swiotlb: )?coherent allocation failed(?: for device (?<at>${NAME})|,) size=(?<size>\d+)`),
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
      `hwdev DMA mask = (?<mask2>0x${HEX}), dev_addr = (?<address2>0x${HEX})`,
      'swiotlb_alloc_coherent: allocated memory is out of range for device',
    ),
  ],
  [
    'outside-mapping',
    pattern(
      String.raw`Buffer overflow detected\. Allocation size: \d+\. Mapping size: (?<size>\d+)`,
      String.raw`Attempt for buffer overflow\. Original size: \d+, Mapping size: (?<size2>\d+)`,
      'Access before mapping start detected',
    ),
  ],
  [
    'no-mapping',
    pattern(String.raw`nommu_map_\w+: overflow (?<address>${HEX})\+(?<size>\d+) of device mask (?<mask>${HEX})`),
  ],
  [
    'mask-overflow',
    pattern(
      String.raw`overflow (?<address>0x${HEX})\+(?<size>\d+) of (?:DMA|device) mask ` +
        `(?<mask>${HEX})(?: bus (?:limit|mask) (?<limit>${HEX}))?`,
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
      String.raw`Placing (?:\d+ ?[KMG]B )?software IO TLB between (?:0x)?${HEX} - (?:0x)?${HEX}`,
      `software IO TLB at phys 0x${HEX} - 0x${HEX}`,
      'software IO TLB enabled',
      '(?:Memory encryption|SME|SEV) is active(?: and system is using|, device will require) DMA bounce buffers',
      String.raw`Warning: only able to allocate \d+ [KMG]B for software IO TLB`,
      String.raw`software IO TLB: only able to allocate \d+ [KMG]B`,
      'Intel-IOMMU: disabled; falling back to SWIOTLB',
    ),
  ],
  ['pool-not-made', pattern('(?:software IO TLB|swiotlb): (?:Cannot allocate buffer|No low mem)')],
  ['boot-token', pattern(String.raw`\bswiotlb=(?:(?<count>\d+)\b)?[\w,]*`)],
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
      `(?:DMA: )?Failed to get suitable pool for ${NAME}`,
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
];

/** The device before a message, and how many characters it takes. A word of prose, as in "it says: ", is none. */
function deviceBefore(text: string, start: number): { device: string; length: number } | null {
  const before = BEFORE.exec(text.slice(Math.max(text.lastIndexOf(RECORD, start), start - LONGEST_BEFORE, 0), start));
  const { device = '', driver = '' } = before?.groups ?? {};
  const isDevice = /[\d_.:-]/.test(device) || (/[\d_-]/.test(driver) && !before![0].includes('\n'));
  return isDevice && !/swiotlb|^dma_/i.test(device) ? { device, length: before![0].length } : null;
}

const number = (text: string | undefined) => (text === undefined ? null : Number(text));
const hex = (text: string | undefined) => (text === undefined ? null : `0x${text.replace(/^0x/i, '')}`);

function messageOf(kind: MessageKind, match: RegExpMatchArray, text: string): Message {
  const { at, size, size2, hexSize, total, used, address, address2, mask, mask2, limit, limit2, count } =
    match.groups ?? {};
  const before = OF_DEVICE.includes(kind) ? deviceBefore(text, match.index!) : null;
  const start = match.index! - (before?.length ?? 0);
  const end = match.index! + match[0].length;
  return {
    kind,
    start,
    end,
    words: text.slice(start, end).replace(/\s+/g, ' ').trim(),
    device: before?.device ?? (at === '?' ? null : at) ?? null,
    size: hexSize === undefined ? number(size ?? size2) : Number.parseInt(hexSize, 16),
    total: number(total),
    used: number(used),
    address: hex(address ?? address2),
    mask: hex(mask ?? mask2),
    limit: hex(limit ?? limit2),
    count: number(count),
  };
}

/** Returns all messages in the text, in their order, none within another. */
export function messagesIn(text: string): Message[] {
  const all = PATTERNS.flatMap(([kind, one]) => [...text.matchAll(one)].map((match) => messageOf(kind, match, text)));
  const found: Message[] = [];
  for (const message of all.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (message.start >= (found.at(-1)?.end ?? 0)) found.push(message);
  }
  return found;
}
