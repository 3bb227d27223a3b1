/**
 * The fields of each event, strictly: a line that has other fields, or others beside them, is not of the event.
 * Sources: the print formats of include/trace/events/swiotlb.h and dma.h as traces show them, and probes as
 * docs/captures.md sets them. Lists of attributes are open: newer kernels add values.
 */
import type { CaptureDirection, CaptureEvent } from './capture-event.js';

/** Numbers beyond this are masks or no addresses. */
const MAX_ADDRESS = Number.MAX_SAFE_INTEGER;

/** The number that hexadecimal digits from `from` to `to` spell, NaN if there are others; too large: Infinity. */
export function hexAt(text: string, from: number, to: number): number {
  if (to <= from || to - from > 16) return Number.NaN;
  let value = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1;
    if (digit < 0) return Number.NaN;
    value = value * 16 + digit;
  }
  return value > MAX_ADDRESS ? Number.POSITIVE_INFINITY : value;
}

/** The number that decimal digits from `from` to `to` spell, NaN if there are others. */
export function decimalAt(text: string, from: number, to: number): number {
  if (to <= from || to - from > 15) return Number.NaN;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** The address that digits spell; null for all ones and other numbers that are none. */
export const addressOf = (value: number) => (value === Number.POSITIVE_INFINITY ? null : value);

const hex = (digits: string) => addressOf(hexAt(digits, 0, digits.length));

function fill(event: CaptureEvent, given: Partial<CaptureEvent> & Pick<CaptureEvent, 'kind'>): true {
  Object.assign(event, { device: null, size: 0, address: null, slot: null, direction: null, tag: null }, given);
  return true;
}

/** Words that kernels print after the size; some of before 2015 print nothing. */
const BOUNCE = new RegExp(
  String.raw`^dev_name: (\S.*?) dma_mask=([\da-f]{1,16}) dev_addr=([\da-f]{1,16}) size=(\d{1,15})` +
    '(?: (FORCE|NORMAL|NO_FORCE|swiotlb_force)?)?$',
);

/** Fills in an attempt to bounce. False if the text is none. */
export function fillBounce(event: CaptureEvent, text: string): boolean {
  const match = BOUNCE.exec(text);
  if (match === null) return false;
  const [, device, , address, size, tag = ''] = match;
  return fill(event, { kind: 'bounce', device: device!, address: hex(address!), size: Number(size), tag });
}

const DIRECTIONS: readonly CaptureDirection[] = ['both', 'to-device', 'from-device', 'none'];
const DIRECTION_NAMES: Readonly<Record<string, CaptureDirection>> = {
  BIDIRECTIONAL: 'both',
  TO_DEVICE: 'to-device',
  FROM_DEVICE: 'from-device',
  NONE: 'none',
};

const OFFSET = String.raw`\+0x[\da-f]+/0x[\da-f]+`;
/** Where perf and trace-cmd print no name. */
const ADDRESS = String.raw`[\da-f]{8,16}`;
const MAP_PROBE = new RegExp(
  String.raw`^\((?:swiotlb_tbl_map_single${OFFSET}|${ADDRESS})\) orig=0x([\da-f]+) msize=(\d+)(?: asize=\d+)? ` +
    String.raw`amask=0x[\da-f]+ ` +
    String.raw`dir=([0-3])(?: attrs=0x[\da-f]+)?\s*$`,
);
const RETURN_PROBE = new RegExp(
  String.raw`^\((?:\S+ <- swiotlb_tbl_map_single(?:${OFFSET})?|${ADDRESS} <- ${ADDRESS})\) tlb=0x([\da-f]+)\s*$`,
);
const UNMAP_PROBE = new RegExp(
  String.raw`^\((?:_{0,2}swiotlb_tbl_unmap_single${OFFSET}|${ADDRESS})\) tlb=0x([\da-f]+) size=(\d+) dir=([0-3])` +
    String.raw`(?: attrs=0x[\da-f]+)?\s*$`,
);

/** Fills in what a probe of docs/captures.md tells, whatever its name. False if the text is of none. */
export function fillProbe(event: CaptureEvent, text: string): boolean {
  const map = MAP_PROBE.exec(text);
  if (map !== null) {
    const [, address, size, direction] = map;
    return fill(event, {
      kind: 'map',
      address: hex(address!),
      size: Number(size),
      direction: DIRECTIONS[Number(direction)]!,
    });
  }
  const mapped = RETURN_PROBE.exec(text);
  if (mapped !== null) return fill(event, { kind: 'mapped', slot: hex(mapped[1]!) });
  const unmap = UNMAP_PROBE.exec(text);
  if (unmap === null) return false;
  const [, slot, size, direction] = unmap;
  return fill(event, {
    kind: 'unmap',
    slot: hex(slot!),
    size: Number(size),
    direction: DIRECTIONS[Number(direction)]!,
  });
}

/** A function that probes of docs/captures.md are set at; without a name, arguments that only they have. */
const PROBE = new RegExp(
  String.raw`^\((?:(?:\S+ <- )?_{0,2}swiotlb_tbl_(?:un)?map_single[+)]|` +
    String.raw`${ADDRESS}(?: <- ${ADDRESS})?\) (?:orig=\S+ msize=|tlb=))`,
);

/** True if the text is of a probe of docs/captures.md, as far as can be told. */
export function isProbe(text: string): boolean {
  return PROBE.test(text);
}

const ATTRIBUTES = String.raw`attrs=(?:(?:0x)?\w+(?:\|(?:0x)?\w+)*)?\s*$`;
const DMA_MAP = new RegExp(
  String.raw`^(\S.*?) dir=(\w+) dma_addr=([\da-f]+) size=(\d+) phys_addr=([\da-f]+) ${ATTRIBUTES}`,
);
const DMA_UNMAP = new RegExp(String.raw`^(\S.*?) dir=(\w+) dma_addr=([\da-f]+) size=(\d+) ${ATTRIBUTES}`);
const LIST = String.raw`\{((?:0x[\da-f]+(?:,0x[\da-f]+)*)?)(?:,\.{3})?\}`;
const DMA_MAP_SG = new RegExp(
  String.raw`^(\S.*?) dir=(\w+) nents=\d+/\d+ ents=\d+/\d+(?: \[TRUNCATED\])? dma_addrs=${LIST} sizes=${LIST} ` +
    `phys_addrs=${LIST} ${ATTRIBUTES}`,
);
const DMA_UNMAP_SG = new RegExp(String.raw`^(\S.*?) dir=(\w+)(?: \[TRUNCATED\])? phys_addrs=${LIST} ${ATTRIBUTES}`);

/** What the events of `dma` look like that are read here. */
export const DMA_EVENTS = [
  'dma_map_page',
  'dma_map_phys',
  'dma_unmap_page',
  'dma_unmap_phys',
  'dma_map_sg',
  'dma_unmap_sg',
] as const;
export type DmaEvent = (typeof DMA_EVENTS)[number];

const list = (text: string) => (text === '' ? [] : text.split(',').map((one) => hexAt(one, 2, one.length)));

/**
 * Calls `onEvent` for what an event of `dma` tells: once, or for a list once for each entry. Unmapped lists tell the
 * addresses of buffers and no slots. False if the text is not of the event, and then nothing is called.
 */
export function fillDma(event: CaptureEvent, name: DmaEvent, text: string, onEvent: () => void): boolean {
  const isUnmap = name.startsWith('dma_unmap');
  const isList = name.endsWith('_sg');
  const match = (isList ? (isUnmap ? DMA_UNMAP_SG : DMA_MAP_SG) : isUnmap ? DMA_UNMAP : DMA_MAP).exec(text);
  const direction = DIRECTION_NAMES[match?.[2] ?? ''];
  if (match === null || direction === undefined) return false;
  const device = match[1]!;
  if (!isList) {
    const [, , , slot, size, address] = match;
    const kind = isUnmap ? 'dma-unmap' : 'dma-map';
    fill(event, {
      kind,
      device,
      direction,
      slot: hex(slot!),
      size: Number(size),
      address: isUnmap ? null : hex(address!),
    });
    onEvent();
    return true;
  }
  if (isUnmap) {
    for (const address of list(match[3]!)) {
      fill(event, { kind: 'dma-unmap', device, direction, address: addressOf(address) });
      onEvent();
    }
    return true;
  }
  const [slots, sizes, addresses] = [match[3]!, match[4]!, match[5]!].map(list) as [number[], number[], number[]];
  if (slots.length > sizes.length) return false;
  for (const [at, slot] of slots.entries()) {
    const address = addresses.length === slots.length ? addressOf(addresses[at]!) : null;
    fill(event, { kind: 'dma-map', device, direction, slot: addressOf(slot), size: sizes[at]!, address });
    onEvent();
  }
  return true;
}
