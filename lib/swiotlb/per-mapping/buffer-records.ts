/**
 * What an allocator remembers of buffers that belong to one mapping each: a record per buffer, from a stock per device.
 * Models: what the earlier design of growth keeps of a mapping: where its bytes belong, how many they are, and where
 * the buffer is. See docs/spec/tx-path.md#the-earlier-design-one-buffer-per-mapping. Deviations: a stock of fixed size
 * instead of kmalloc; and a buffer begins where its block of pages does, so that one address names both.
 * Owner of a device's stock, records and links: the CPU that holds the lock of the device. Threads: any.
 */
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../../smp/spin-lock.js';
import { orderOf } from '../pools/block-source.js';

/** Returned when the stock is empty or nothing was found. */
export const NO_RECORD = -1;

// Of a buffer: its address, the physical address of the original, the bytes of the mapping, two links of the index.
const RECORD = Arena.record({ address: 'f64', origin: 'f64', bytes: 'i32', links: 2 });
const { stride: RECORD_WORDS, doubleStride: RECORD_DOUBLES } = RECORD;
const { address: ADDRESS, origin: ORIGIN, bytes: BYTES, links: LINKS } = RECORD.at;
// Of a device, behind all records. `stock` and `root` lead to a record: its number + 1.
const DEVICE = Arena.recordOfLines({ lock: LOCK_WORDS, stock: 'i32', live: 'i32', pages: 'i32', root: 'i32' });
const { stride: DEVICE_WORDS } = DEVICE;
const { stock: STOCK, live: LIVE, pages: PAGES, root: ROOT } = DEVICE.at;

export class BufferRecords {
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #devices: number;
  /** Records for each device. */
  readonly #capacity: number;

  constructor(arena: Arena, devices: number, capacity: number) {
    this.#devices = devices;
    this.#capacity = capacity;
    this.#words = arena.int32(devices * (capacity * RECORD_WORDS + DEVICE_WORDS));
    this.#doubles = Arena.doublesOf(this.#words);
  }

  reset(): void {
    this.#words.fill(0);
    for (let device = 0; device < this.#devices; device++) {
      for (let i = this.#capacity - 1; i >= 0; i--) this.#release(device, device * this.#capacity + i);
    }
  }

  lock(cpu: Cpu, device: number): void {
    lock(cpu, this.#words, this.#deviceAt(device));
  }

  unlock(device: number): void {
    unlock(this.#words, this.#deviceAt(device));
  }

  /**
   * Number of buffers of the device, read without the lock. A thread that was given the address of a buffer sees it
   * counted: the count goes up before the address is returned, and down when that address comes back.
   */
  live(device: number): number {
    return Atomics.load(this.#words, this.#deviceAt(device) + LIVE);
  }

  /** Pages that the buffers of the device hold. */
  pages(device: number): number {
    return this.#words[this.#deviceAt(device) + PAGES]!;
  }

  /** Takes a record from the device's stock and fills it. Returns `NO_RECORD` when the stock is empty. */
  take(device: number, address: number, origin: number, bytes: number): number {
    const words = this.#words;
    const at = this.#deviceAt(device);
    const record = words[at + STOCK]! - 1;
    if (record === NO_RECORD) return NO_RECORD;
    words[at + STOCK] = words[this.link(record, 0)]!;
    this.#doubles[record * RECORD_DOUBLES + ADDRESS] = address;
    this.#doubles[record * RECORD_DOUBLES + ORIGIN] = origin;
    words[record * RECORD_WORDS + BYTES] = bytes;
    words[at + PAGES] = words[at + PAGES]! + (1 << orderOf(bytes));
    Atomics.store(words, at + LIVE, words[at + LIVE]! + 1);
    return record;
  }

  /** Puts a record back into the stock. */
  give(device: number, record: number): void {
    const at = this.#deviceAt(device);
    const words = this.#words;
    this.#release(device, record);
    words[at + PAGES] = words[at + PAGES]! - (1 << orderOf(this.bytes(record)));
    Atomics.store(words, at + LIVE, words[at + LIVE]! - 1);
  }

  address(record: number): number {
    return this.#doubles[record * RECORD_DOUBLES + ADDRESS]!;
  }

  origin(record: number): number {
    return this.#doubles[record * RECORD_DOUBLES + ORIGIN]!;
  }

  /** Size of the mapping; its block of pages may be larger. */
  bytes(record: number): number {
    return this.#words[record * RECORD_WORDS + BYTES]!;
  }

  /** True if the address lies in this buffer. */
  contains(record: number, address: number): boolean {
    const start = this.address(record);
    return address >= start && address < start + this.bytes(record);
  }

  /** One of the two links of a record, for the index to use: a word in which 0 means none. Returns its place. */
  link(record: number, which: 0 | 1): number {
    return record * RECORD_WORDS + LINKS + which;
  }

  /** The link of a device. Returns its place. */
  root(device: number): number {
    return this.#deviceAt(device) + ROOT;
  }

  /** The record that a link leads to, or `NO_RECORD`. */
  target(link: number): number {
    return this.#words[link]! - 1;
  }

  /** Makes a link lead to a record, or to `NO_RECORD`. */
  setTarget(link: number, record: number): void {
    this.#words[link] = record + 1;
  }

  #release(device: number, record: number): void {
    const at = this.#deviceAt(device) + STOCK;
    this.#words[this.link(record, 0)] = this.#words[at]!;
    this.#words[at] = record + 1;
  }

  #deviceAt(device: number): number {
    return this.#devices * this.#capacity * RECORD_WORDS + device * DEVICE_WORDS;
  }
}
