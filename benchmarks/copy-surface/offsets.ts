/**
 * Where both sides of a copy begin within their pages. A load from an address whose last twelve bits are those of a
 * store that has not left the CPU may have to wait for it, though they are not of the same line: 4 KiB aliasing. It
 * happens where the destination is slightly ahead of the source, modulo 4 KiB. Pure.
 */
import { type Random, randomInt } from '../../lib/random.js';
import { PAGE_SIZE } from '../../lib/units.js';

const LINE = 64;
/** The destination ahead of the source by these, modulo 4 KiB, or by more, up to as much less: no aliasing. */
const CLEAR_BYTES = 1024;

/**
 * `random`: whole lines, and no aliasing. `0 B` to `64 B`: by what the source is beside the begin of a line, without
 * aliasing. `aliased`: the destination is a line ahead modulo 4 KiB; `equal`: both are equal modulo 4 KiB.
 */
export const ALIGNMENTS = ['random', '0 B', '1 B', '8 B', '64 B', 'aliased', 'equal'] as const;
export type Alignment = (typeof ALIGNMENTS)[number];

export interface Offsets {
  /** Of the source within its page, bytes. */
  readonly source: number;
  /** Of the destination. */
  readonly destination: number;
}

/** By what the destination is ahead of the source modulo 4 KiB. */
export function aheadBytes({ source, destination }: Offsets): number {
  return (destination - source + PAGE_SIZE) % PAGE_SIZE;
}

/** Whether a copy forwards meets aliasing, or comes near to it. */
export function isNearAliasing(offsets: Offsets): boolean {
  const ahead = aheadBytes(offsets);
  return ahead < CLEAR_BYTES || ahead > PAGE_SIZE - CLEAR_BYTES;
}

/** Draws the line of the source, and of the destination as `alignment` says. */
export function offsetsFor(alignment: Alignment, next: Random): Offsets {
  const line = randomInt(next, PAGE_SIZE / LINE) * LINE;
  const clear = CLEAR_BYTES + randomInt(next, (PAGE_SIZE - 2 * CLEAR_BYTES) / LINE + 1) * LINE;
  const ahead = (bytes: number) => ({ source: line, destination: (line + bytes) % PAGE_SIZE });
  if (alignment === 'random') return ahead(clear);
  if (alignment === 'aliased') return ahead(LINE);
  if (alignment === 'equal') return ahead(0);
  const beside = Number.parseInt(alignment, 10);
  return { source: beside, destination: PAGE_SIZE / 2 };
}
