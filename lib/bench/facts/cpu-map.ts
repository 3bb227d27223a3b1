/**
 * Maps of CPUs as sysfs writes them: 32-bit words in hexadecimal, the highest first, with a bit for each CPU, as in
 * `3,00000000`. Older versions of Linux have only these where newer ones have lists as well.
 */
import { parseCpuList } from './cpu-list.js';
import type { HostFiles } from './host-files.js';

const WORD_DIGITS = 8;

/**
 * Parses a map into numbers in ascending order; null if the text is not a map, and an empty text is none. Without
 * commas it is one number of any length. White space and NUL at the ends are no part of it.
 */
export function parseCpuMap(text: string): number[] | null {
  const map = text.replaceAll('\0', ' ').trim();
  const words = map.split(',');
  if (!words.every((word) => /^[\da-f]+$/i.test(word))) return null;
  if (words.length > 1 && words.some((word) => word.length > WORD_DIGITS)) return null;
  const digits = words.map((word) => word.padStart(WORD_DIGITS, '0')).join('');
  return [...digits].reverse().flatMap((digit, place) => {
    const bits = Number.parseInt(digit, 16);
    return [0, 1, 2, 3].filter((bit) => (bits >> bit) & 1).map((bit) => place * 4 + bit);
  });
}

/**
 * Returns the CPUs in a list file, else those in the map file that stands beside it; null if neither has any that can
 * be read. They may be offline. Records nothing.
 */
export function cpusOfFiles(files: HostFiles, listPath: string, mapPath: string): number[] | null {
  const listed = parseCpuList(files.text(listPath) ?? '-');
  if (listed !== null && listed.length > 0) return listed;
  return parseCpuMap(files.text(mapPath) ?? '') ?? listed;
}
