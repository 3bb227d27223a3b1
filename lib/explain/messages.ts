/**
 * The messages of Linux about bounce buffers, in their wordings from 2.6 to 7: what each says, before anything is made
 * of it. A message may be broken anywhere between two words, and two may stand on one line.
 * Sources: kernel/dma/swiotlb.c, kernel/dma/direct.c and lib/swiotlb.c of their times, by their printed words.
 */

/** What a message is about. */
export type MessageKind =
  | 'full'
  | 'out-of-space'
  | 'coherent-failed'
  | 'iommu-bounce-failed'
  | 'mask-overflow'
  | 'slot-overflow'
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
  /** The address and the mask that do not fit, as printed, with 0x. */
  readonly address: string | null;
  readonly mask: string | null;
  /** How many lines were suppressed, or the slots of a boot token. */
  readonly count: number | null;
}

/** Stands between lines of which the second one begins a message of its own. No pattern crosses it. */
export const RECORD = '\u001e';

const NAME = String.raw`[\w.:@,+/-]{0,64}[\w@]`;
/** Drivers print `driver device: `; a device alone, or nothing, is possible. */
const DEVICE = String.raw`(?:(?:[\w.,+-]{1,64} )?(?<device>${NAME}): )?`;
const SLOTS = String.raw`\( ?slots ?\)`;
const HEX = '[0-9a-f]{1,16}';

/** Between two words may be a line break. */
const pattern = (...texts: string[]) =>
  new RegExp(texts.join('|').replaceAll(' ?', String.raw`\s*`).replaceAll(' ', String.raw`\s+`), 'gi');

const PATTERNS: readonly (readonly [MessageKind, RegExp])[] = [
  [
    'full',
    pattern(
      String.raw`${DEVICE}swiotlb buffer is full(?: ?\( ?sz: ?(?<size>\d+) bytes ?\))?` +
        String.raw`(?: ?, ?total (?<total>\d+) ${SLOTS} ?, ?used (?<used>\d+) ${SLOTS})?`,
    ),
  ],
  [
    'out-of-space',
    pattern(String.raw`${DEVICE}DMA: Out of SW-IOMMU space(?: for (?<size>\d+) bytes)?(?: at device (?<at>${NAME}))?`),
  ],
  [
    'coherent-failed',
    pattern(String.raw`(?:swiotlb: )?coherent allocation failed for device (?<at>${NAME}) size=(?<size>\d+)`),
  ],
  [
    'iommu-bounce-failed',
    pattern(
      `${DEVICE.replace('(?<device>', '(?<device>(?!DMAR:)')}(?:DMAR: )?Device bounce map: ` +
        String.raw`(?<hexSize>${HEX})@(?<address>(?:0x)?${HEX}) dir \d+ ?-+ ?failed`,
    ),
  ],
  [
    'slot-overflow',
    pattern(
      String.raw`${DEVICE}(?:swiotlb|DMA) addr (?<address>0x${HEX})\+(?<size>\d+) overflow ` +
        String.raw`\( ?mask (?<mask>${HEX}), bus (?:limit|mask) ${HEX} ?\)`,
    ),
  ],
  [
    'no-mapping',
    pattern(
      String.raw`${DEVICE}nommu_map_\w+: overflow (?<address>${HEX})\+(?<size>\d+) of device mask (?<mask>${HEX})`,
    ),
  ],
  [
    'mask-overflow',
    pattern(
      String.raw`${DEVICE}(?:\w{1,64}: )?overflow (?<address>0x${HEX})\+(?<size>\d+) of (?:DMA|device) mask ` +
        `(?<mask>${HEX})(?: bus (?:limit|mask) ${HEX})?`,
    ),
  ],
  [
    'no-pool',
    pattern(
      `Can ?not allocate SWIOTLB buffer(?: earlier and can't now provide you with the DMA bounce buffer)?`,
      String.raw`(?:swiotlb_\w+: )?failed to allocate tlb structure`,
      String.raw`swiotlb_\w+: Failed to allocate \d+ bytes`,
      'Cannot allocate SWIOTLB overflow buffer!?',
      String.raw`(?:pci|dma)_map_\w+: high address but no IOMMU`,
    ),
  ],
  [
    'pool',
    pattern(
      String.raw`(?:PCI-DMA: )?Using software bounce buffering for IO \( ?SWIOTLB ?\)`,
      String.raw`software IO TLB: mapped \[ ?mem 0x${HEX}-0x${HEX} ?\](?: \( ?\d+ ?[KMG]B ?\))?`,
      String.raw`(?:software IO TLB: )?SWIOTLB bounce buffer size (?:adjusted|roundup) to \d+ ?[KMG]?B`,
      String.raw`(?:software IO TLB: )?area num \d+\.?`,
      String.raw`Reserved memory: created restricted DMA pool at 0x${HEX}, size \d+ [KMG]iB`,
      String.raw`Placing (?:\d+ ?[KMG]B )?software IO TLB between (?:0x)?${HEX} - (?:0x)?${HEX}`,
      `software IO TLB at phys 0x${HEX} - 0x${HEX}`,
      'Memory encryption is active and system is using DMA bounce buffers',
      String.raw`Warning: only able to allocate \d+ [KMG]B for software IO TLB`,
    ),
  ],
  ['pool-not-made', pattern('software IO TLB: Cannot allocate buffer', 'software IO TLB: No low mem')],
  ['boot-token', pattern(String.raw`\bswiotlb=(?:(?<count>\d+)\b)?[\w,]*`)],
  ['suppressed', pattern(String.raw`(?:__)?swiotlb_\w+: (?<count>\d+) callbacks suppressed`)],
  [
    'not-swiotlb',
    pattern(
      'transfer buffer not dma capable',
      String.raw`\w{1,64}: out of ATEs`,
      'unable to allocate shared pool',
      `(?:DMA: )?Failed to get suitable pool for ${NAME}`,
    ),
  ],
];

const number = (text: string | undefined) => (text === undefined ? null : Number(text));
const hex = (text: string | undefined) => (text === undefined ? null : `0x${text.replace(/^0x/i, '')}`);

function messageOf(kind: MessageKind, match: RegExpMatchArray): Message {
  const { device, at, size, hexSize, total, used, address, mask, count } = match.groups ?? {};
  return {
    kind,
    start: match.index!,
    end: match.index! + match[0].length,
    words: match[0].replace(/\s+/g, ' ').trim(),
    device: device ?? at ?? null,
    size: hexSize === undefined ? number(size) : Number.parseInt(hexSize, 16),
    total: number(total),
    used: number(used),
    address: hex(address),
    mask: hex(mask),
    count: number(count),
  };
}

/** Returns all messages in the text, in their order, none within another. */
export function messagesIn(text: string): Message[] {
  const all = PATTERNS.flatMap(([kind, one]) => [...text.matchAll(one)].map((match) => messageOf(kind, match)));
  const found: Message[] = [];
  for (const message of all.sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (message.start >= (found.at(-1)?.end ?? 0)) found.push(message);
  }
  return found;
}
