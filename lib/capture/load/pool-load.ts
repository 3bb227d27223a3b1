/**
 * What a slot pool is given: mappings in columns, in the order in which they are made, so that many pools can be tried
 * with the same. Plain data; nothing here changes it.
 */
import { SEGMENT_BYTES, SLOT_SIZE } from '../../units.js';

/** Instead of a time: not known. */
export const NOT_TOLD = Number.NaN;
/** Instead of a time: mappings end that were made before the load begins. `bytes` are those of their slots. */
export const EARLIER = -1;

/** Mappings that a slot pool is given. Made by `capturedLoad` or `flowLoad`. */
export interface PoolLoad {
  /** Where it comes from, for messages. */
  readonly name: string;
  /** Entries in each column. */
  readonly entries: number;
  /** When each mapping is made, nanoseconds from the beginning; never goes back. */
  readonly timeNs: Float64Array;
  /** Size of each, bytes. */
  readonly bytes: Uint32Array;
  /** Offset in a page that its slots keep, 0 to 4095. */
  readonly offset: Uint16Array;
  /** CPU that makes it. */
  readonly cpu: Uint16Array;
  /** How long it is held, nanoseconds: `Infinity` to the end; -1 for the end of mappings of before. */
  readonly heldNs: Float64Array;
  /** Which device it is of, as an index of `devices`. */
  readonly device: Uint16Array;
  /** Names of devices; null where none is told. */
  readonly devices: readonly (string | null)[];
  /** 1 for a piece of a send whose bytes could lie in bounce pages, else 0; null where it is not told of any. */
  readonly payload: Uint8Array | null;
}

/** True if no slot pool of any size has room for a mapping of that size with that offset in a page. */
export function isTooLarge(bytes: number, offset: number): boolean {
  return bytes + (offset % SLOT_SIZE) > SEGMENT_BYTES;
}

/** What a load is, in few numbers. */
export interface LoadFacts {
  /** Where it comes from. */
  readonly name: string;
  /** Mappings that a pool could have room for. */
  readonly mappings: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Mappings of more than a segment, which no slot pool has room for. They are left out. */
  readonly tooLarge: number;
  /** Bytes of the largest that is not left out. */
  readonly largestBytes: number;
  /** From the first to the last, nanoseconds. */
  readonly durationNs: number;
  /** Mappings that are held to the end. */
  readonly heldToEnd: number;
  /** One more than the highest number of a CPU. */
  readonly cpus: number;
}

/** Sums up a load. */
export function loadFacts({ name, entries, timeNs, bytes, offset, cpu, heldNs }: PoolLoad): LoadFacts {
  let [mappings, total, tooLarge, largestBytes, heldToEnd, cpus] = [0, 0, 0, 0, 0, 1];
  for (let at = 0; at < entries; at++) {
    if (heldNs[at] === EARLIER) continue;
    const size = bytes[at]!;
    cpus = Math.max(cpus, cpu[at]! + 1);
    if (isTooLarge(size, offset[at]!)) {
      tooLarge++;
      continue;
    }
    mappings++;
    total += size;
    largestBytes = Math.max(largestBytes, size);
    if (heldNs[at] === Number.POSITIVE_INFINITY) heldToEnd++;
  }
  const durationNs = entries === 0 ? 0 : timeNs[entries - 1]! - timeNs[0]!;
  return { name, mappings, bytes: total, tooLarge, largestBytes, durationNs, heldToEnd, cpus };
}
