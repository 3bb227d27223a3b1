/**
 * A TX descriptor ring: what the driver hands to the device and gets back.
 * Models: the transmit ring of a network adapter. Three free-running indices, each written by one party: the driver
 * under the TX lock produces, the device is done, the softirq poll cleans. Between cleaned and produced the memory
 * that descriptors point at belongs to the device.
 */
import type { Arena } from '../smp/arena.js';

/** A descriptor that is not the last of its packet. */
export const MORE = -1;

const LINE = 32; // words between two indices, so that no party's index shares a line with another's
const PRODUCED = 0;
const DONE = LINE;
const CLEANED = 2 * LINE;
const STOPPED = 3 * LINE;
const QUIET = DONE + 1; // packets done since the last interrupt

export class DescriptorRing {
  readonly size: number;
  readonly #mask: number;
  readonly #indices: Int32Array;
  readonly #dma: Float64Array;
  readonly #bytes: Int32Array;
  readonly #skb: Int32Array;

  /** `size` is a power of two, in descriptors. */
  constructor(arena: Arena, size: number) {
    this.size = size;
    this.#mask = size - 1;
    this.#indices = arena.int32(4 * LINE);
    this.#dma = arena.float64(size);
    this.#bytes = arena.int32(size);
    this.#skb = arena.int32(size);
  }

  reset(): void {
    this.#indices.fill(0);
  }

  /** For whoever does not write it: acquires the descriptors below. */
  produced(): number {
    return Atomics.load(this.#indices, PRODUCED);
  }

  done(): number {
    return Atomics.load(this.#indices, DONE);
  }

  /** Where to write next. Under the TX lock, which makes the last producer's index visible. */
  get next(): number {
    return this.#indices[PRODUCED]!;
  }

  /** Where to go on cleaning; the softirq poll only, as it writes it. */
  get dirty(): number {
    return this.#indices[CLEANED]!;
  }

  /** Descriptors that the driver may fill: at least so many. Under the TX lock. */
  room(): number {
    return this.size - ((this.#indices[PRODUCED]! - this.#indices[CLEANED]!) | 0);
  }

  /** The same, and not behind what was cleaned before this call. Any thread. */
  roomNow(): number {
    return this.size - ((this.produced() - Atomics.load(this.#indices, CLEANED)) | 0);
  }

  /** Writes the descriptor at `index`, not yet visible to the device. Under the TX lock. */
  write(index: number, dma: number, bytes: number, skb: number): void {
    const at = index & this.#mask;
    this.#dma[at] = dma;
    this.#bytes[at] = bytes;
    this.#skb[at] = skb;
  }

  dma(index: number): number {
    return this.#dma[index & this.#mask]!;
  }

  bytes(index: number): number {
    return this.#bytes[index & this.#mask]!;
  }

  /** The skb whose last descriptor this is, or `MORE`. */
  skb(index: number): number {
    return this.#skb[index & this.#mask]!;
  }

  /** The doorbell: everything written below `index` belongs to the device. Under the TX lock. */
  produce(index: number): void {
    Atomics.store(this.#indices, PRODUCED, index);
  }

  /** `produce` for a device that is done at the doorbell. */
  produceDone(index: number): void {
    this.#indices[PRODUCED] = index;
    Atomics.store(this.#indices, DONE, index);
  }

  /** The device has read everything below `index`. The device only. */
  complete(index: number): void {
    Atomics.store(this.#indices, DONE, index);
  }

  /** Counts a packet that was done without an interrupt; answers how many there are now. The device only. */
  addQuiet(): number {
    const quiet = this.#indices[QUIET]! + 1;
    this.#indices[QUIET] = quiet;
    return quiet;
  }

  clearQuiet(): void {
    this.#indices[QUIET] = 0;
  }

  /** A glance: is there something to clean? The softirq poll only. */
  seemsDirty(): boolean {
    return this.#indices[DONE] !== this.#indices[CLEANED];
  }

  /** Everything below `index` is unmapped and may be filled again. The softirq poll only. */
  clean(index: number): void {
    Atomics.store(this.#indices, CLEANED, index);
  }

  isStopped(): boolean {
    return Atomics.load(this.#indices, STOPPED) !== 0;
  }

  /** A glance, for the CPU that runs the qdisc: whoever changes it afterwards sees to it that somebody looks again. */
  seemsStopped(): boolean {
    return this.#indices[STOPPED] !== 0;
  }

  /** Under the TX lock. */
  setStopped(stopped: boolean): void {
    Atomics.store(this.#indices, STOPPED, stopped ? 1 : 0);
  }
}
