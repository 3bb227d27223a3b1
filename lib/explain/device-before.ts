/**
 * The device before a message: drivers print `driver device: `, and Linux at times a function or a part after it. Pure.
 */
import { FOLD, folded, RECORD } from './folded-pattern.js';

export const NAME = String.raw`[\w.:@,+/-]{0,64}[\w@]`;
/** The begin of a name that a line break divides. */
export const NAME_BEGIN = String.raw`[\w.:@,+/-]{1,64}`;
const DRIVER = String.raw`[\w.,+-]{1,64}`;
const PART = `(?:${folded('(?:DMAR|AMD-Vi|swiotlb|[a-z]+_\\w+): ?')})?`;

const BEFORE = new RegExp(String.raw`(?:(?<driver>${DRIVER})\s+)?(?<device>${NAME})\n?:\s*${PART}$`);
/**
 * A driver or device that a line break divides, at the begin of a record, as otherwise the line before could be about
 * anything.
 */
const DIVIDED = new RegExp(
  `${RECORD}(?:${DRIVER}${FOLD}${DRIVER} (?<whole>${NAME})|${DRIVER} (?<begin>${NAME_BEGIN})${FOLD}(?<rest>${NAME}))` +
    String.raw`:\s*${PART}$`,
);
/** Characters before a message that may name its device. */
const LONGEST_BEFORE = 200;

/** A first line without a stamp begins a record if it looks like a driver and the begin of a device. */
export const DRIVER_AND_BEGIN = /^(?:[\w.,+-]*[\d_-][\w.,+-]* [\w.:@,+/-]+|[\w.,+-]+ [\w.:@,+/-]*\d[\w.:@,+/-]*)$/;

/** A device, and the words from it on to the message, which take `length` characters of the text. */
export interface DeviceBefore {
  readonly device: string;
  readonly words: string;
  readonly length: number;
}

/** The device before a message. A word of prose, as in "it says: ", is none. */
export function deviceBefore(text: string, start: number): DeviceBefore | null {
  const near = text.slice(Math.max(start - LONGEST_BEFORE, 0), start);
  const before = near.slice(Math.max(near.lastIndexOf(RECORD), 0));
  const divided = DIVIDED.exec(before);
  if (divided !== null) {
    const { whole, begin, rest } = divided.groups!;
    const words = divided[0].slice(1).replace(FOLD, '').replace(/\s+/g, ' ');
    return { device: whole ?? `${begin}${rest}`, words, length: divided[0].length - 1 };
  }
  const match = BEFORE.exec(before);
  const { device = '', driver = '' } = match?.groups ?? {};
  // A word of prose may end a line before; a record begins with a driver.
  const isWhole = match !== null && (before[match.index - 1] === RECORD || !/[\n\v]/.test(match[0]));
  const isDevice = /[\d_.:-]/.test(device) || (/[\d_-]/.test(driver) && isWhole);
  if (!isDevice || /swiotlb|^dma_/i.test(device)) return null;
  return { device, words: match![0].replace(/\s+/g, ' '), length: match![0].length };
}
