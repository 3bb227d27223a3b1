/**
 * A TX descriptor ring: what the driver hands to the device and gets back.
 * Models: the transmit ring of a network adapter. Three free-running indices, each written by one party: the driver
 * under the TX lock produces, the device completes, the softirq poll cleans. Between cleaned and produced, the memory
 * that descriptors point at belongs to the device.
 */
import { Arena } from '../smp/arena.js';

/** A descriptor that is not the last of its packet. */
export const MORE = -1;

const LINE = 32;
// In the transmitter's line:
const PRODUCED = 0;
// In the device's line:
const DONE = 1;
const QUIET = 2; // packets done since the last interrupt
// In the cleaner's line:
const CLEANED = 0;
// In the line that is rarely written:
const STOPPED = 0;
/** Words of each of the three lines that the ring uses; those behind them are for the transmit queue in front of it. */
export const RING_WORDS = 4;

// A descriptor is a record, so that the few of a packet lie in one cache line.
const DESCRIPTOR = Arena.record({ dma: 'f64', bytes: 'i32', skb: 'i32' });
const { stride: STRIDE, doubleStride: DOUBLE_STRIDE } = DESCRIPTOR;
const { dma: DMA, bytes: BYTES, skb: SKB } = DESCRIPTOR.at;
/** The bit of the length that says that the address stays mapped. */
const MAPPED = 1 << 31;

export class DescriptorRing {
  readonly size: number;
  /**
   * Written under the TX lock, which lies here too, so that a packet costs one line, whichever CPU sent the last one.
   */
  readonly transmitter: Int32Array;
  /** Written by the softirq poll. */
  readonly cleaner: Int32Array;
  /** Read by every CPU for every packet, and rarely written. */
  readonly state: Int32Array;
  readonly #device: Int32Array;
  readonly #mask: number;
  readonly #doubles: Float64Array;
  readonly #words: Int32Array;

  /**
   * @param size a power of two, in descriptors
   * @param isDoneAtDoorbell the transmitting CPU completes packets: it calls `produceDone`, and nothing calls
   * `complete`
   */
  constructor(arena: Arena, size: number, isDoneAtDoorbell = false) {
    this.size = size;
    this.#mask = size - 1;
    this.transmitter = arena.int32(LINE);
    this.cleaner = arena.int32(LINE);
    this.state = arena.int32(LINE);
    this.#device = isDoneAtDoorbell ? this.transmitter : arena.int32(LINE);
    const { words, doubles } = arena.records(DESCRIPTOR, size);
    this.#words = words;
    this.#doubles = doubles;
  }

  reset(): void {
    for (const line of [this.transmitter, this.cleaner, this.state, this.#device]) line.fill(0);
  }

  /** For threads that do not write it: acquires the descriptors below. */
  produced(): number {
    return Atomics.load(this.transmitter, PRODUCED);
  }

  done(): number {
    return Atomics.load(this.#device, DONE);
  }

  /** Index of the descriptor to write next. Under the TX lock, which makes the last producer's index visible. */
  get next(): number {
    return this.transmitter[PRODUCED]!;
  }

  /** Index of the descriptor to clean next. The softirq poll only, which writes it. */
  get dirty(): number {
    return this.cleaner[CLEANED]!;
  }

  /** Descriptors that the driver may fill; there may be more by now. Under the TX lock. */
  room(): number {
    return this.size - ((this.transmitter[PRODUCED]! - this.cleaner[CLEANED]!) | 0);
  }

  /** As `room`, but counts all that was cleaned before this call. Any thread. */
  roomNow(): number {
    return this.size - ((this.produced() - Atomics.load(this.cleaner, CLEANED)) | 0);
  }

  /**
   * Writes the descriptor at `index`, not yet visible to the device. Under the TX lock.
   * @param staysMapped the driver must not unmap the address when the device is done with it
   */
  write(index: number, dma: number, bytes: number, skb: number, staysMapped = false): void {
    const at = index & this.#mask;
    this.#doubles[at * DOUBLE_STRIDE + DMA] = dma;
    this.#words[at * STRIDE + BYTES] = staysMapped ? bytes | MAPPED : bytes;
    this.#words[at * STRIDE + SKB] = skb;
  }

  dma(index: number): number {
    return this.#doubles[(index & this.#mask) * DOUBLE_STRIDE + DMA]!;
  }

  bytes(index: number): number {
    return this.#words[(index & this.#mask) * STRIDE + BYTES]! & ~MAPPED;
  }

  /** True if the address of the descriptor is not to be unmapped. */
  staysMapped(index: number): boolean {
    return this.#words[(index & this.#mask) * STRIDE + BYTES]! < 0;
  }

  /** The skb whose last descriptor this is, or `MORE`. */
  skb(index: number): number {
    return this.#words[(index & this.#mask) * STRIDE + SKB]!;
  }

  /** Rings the doorbell: everything written below `index` belongs to the device. Under the TX lock. */
  produce(index: number): void {
    Atomics.store(this.transmitter, PRODUCED, index);
  }

  /** `produce` for a device that is done at the doorbell. */
  produceDone(index: number): void {
    this.transmitter[PRODUCED] = index;
    Atomics.store(this.#device, DONE, index);
  }

  /** The device has read everything below `index`. The device only. */
  complete(index: number): void {
    Atomics.store(this.#device, DONE, index);
  }

  /** Counts a packet that was done without an interrupt. Returns their number. The device only. */
  addQuiet(): number {
    const quiet = this.#device[QUIET]! + 1;
    this.#device[QUIET] = quiet;
    return quiet;
  }

  clearQuiet(): void {
    this.#device[QUIET] = 0;
  }

  /**
   * True if there is something to clean. Plain read, may be stale (docs/design/0004-stale-reads.md). The softirq poll
   * only.
   */
  seemsDirty(): boolean {
    return this.#device[DONE] !== this.cleaner[CLEANED];
  }

  /** Everything below `index` is unmapped and may be filled again. The softirq poll only. */
  clean(index: number): void {
    Atomics.store(this.cleaner, CLEANED, index);
  }

  isStopped(): boolean {
    return Atomics.load(this.state, STOPPED) !== 0;
  }

  /**
   * Plain read, may be stale (docs/design/0004-stale-reads.md), for the CPU that runs the qdisc: the CPU that changes
   * the state afterwards has the queue looked at again.
   */
  seemsStopped(): boolean {
    return this.state[STOPPED] !== 0;
  }

  /** Under the TX lock. */
  setStopped(stopped: boolean): void {
    Atomics.store(this.state, STOPPED, stopped ? 1 : 0);
  }
}
