/**
 * What is remembered of buffers that belong to one mapping each: a record per buffer, drawn from a stock per device.
 * Models: what the earlier design of growth keeps of a mapping (the transmit path's specification, section 6.1): where
 * its bytes belong, how many they are, and where the buffer is. Deviation: a stock of fixed size instead of the kernel's
 * allocator; and a buffer begins where its block of pages does, so that one address is both.
 * Owner of a device's stock, records and links: whoever holds the lock of the device. Threads: any.
 */
import type { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { LOCK_WORDS, lock, unlock } from '../../smp/spin-lock.js';
import { orderOf } from '../pools/block-source.js';

/** No record: the stock is empty, or nothing was found. */
export const NO_RECORD = -1;

// A record is half a line. Words 0 to 3 are two doubles: the buffer's address and the physical address of the original.
const RECORD_WORDS = 8;
const RECORD_DOUBLES = RECORD_WORDS / 2;
const ORIGIN = 1; // in doubles
const BYTES = 4;
const LINKS = 5;

// Behind all records, two lines for each device.
const DEVICE_WORDS = 32;
const STOCK = LOCK_WORDS; // record + 1
const LIVE = STOCK + 1;
const PAGES = LIVE + 1;
const ROOT = PAGES + 1;

export class BufferRecords {
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #devices: number;
  /** Records of a device. */
  readonly #most: number;

  constructor(arena: Arena, devices: number, most: number) {
    this.#devices = devices;
    this.#most = most;
    this.#words = arena.int32(devices * (most * RECORD_WORDS + DEVICE_WORDS));
    this.#doubles = new Float64Array(this.#words.buffer, this.#words.byteOffset, this.#words.length / 2);
  }

  reset(): void {
    this.#words.fill(0);
    for (let device = 0; device < this.#devices; device++) {
      for (let i = this.#most - 1; i >= 0; i--) this.#stock(device, device * this.#most + i);
    }
  }

  lock(cpu: Cpu, device: number): void {
    lock(cpu, this.#words, this.#deviceAt(device));
  }

  unlock(device: number): void {
    unlock(this.#words, this.#deviceAt(device));
  }

  /**
   * Buffers that the device has; a question without the lock. Whoever was told of a buffer's address sees it counted: it
   * was before the address was given away, and is until that very address comes back.
   */
  live(device: number): number {
    return Atomics.load(this.#words, this.#deviceAt(device) + LIVE);
  }

  /** Pages that the buffers of the device hold. */
  pages(device: number): number {
    return this.#words[this.#deviceAt(device) + PAGES]!;
  }

  /** A record of the device's stock, filled, or `NO_RECORD`. */
  take(device: number, address: number, origin: number, bytes: number): number {
    const words = this.#words;
    const at = this.#deviceAt(device);
    const record = words[at + STOCK]! - 1;
    if (record === NO_RECORD) return NO_RECORD;
    words[at + STOCK] = words[this.link(record, 0)]!;
    this.#doubles[record * RECORD_DOUBLES] = address;
    this.#doubles[record * RECORD_DOUBLES + ORIGIN] = origin;
    words[record * RECORD_WORDS + BYTES] = bytes;
    words[at + PAGES] = words[at + PAGES]! + (1 << orderOf(bytes));
    Atomics.store(words, at + LIVE, words[at + LIVE]! + 1);
    return record;
  }

  /** Back into the stock. */
  give(device: number, record: number): void {
    const at = this.#deviceAt(device);
    const words = this.#words;
    this.#stock(device, record);
    words[at + PAGES] = words[at + PAGES]! - (1 << orderOf(this.bytes(record)));
    Atomics.store(words, at + LIVE, words[at + LIVE]! - 1);
  }

  address(record: number): number {
    return this.#doubles[record * RECORD_DOUBLES]!;
  }

  origin(record: number): number {
    return this.#doubles[record * RECORD_DOUBLES + ORIGIN]!;
  }

  /** Of the mapping; its block of pages may be larger. */
  bytes(record: number): number {
    return this.#words[record * RECORD_WORDS + BYTES]!;
  }

  /** Does the address lie in this buffer? */
  contains(record: number, address: number): boolean {
    const start = this.address(record);
    return address >= start && address < start + this.bytes(record);
  }

  /** Words that the lookup uses as it likes, in which 0 is nothing: two of each record, by place. */
  link(record: number, which: 0 | 1): number {
    return record * RECORD_WORDS + LINKS + which;
  }

  /** And one of each device. */
  root(device: number): number {
    return this.#deviceAt(device) + ROOT;
  }

  /** The record that a link leads to, or `NO_RECORD`. */
  follow(link: number): number {
    return this.#words[link]! - 1;
  }

  /** Makes a link lead to a record, or to `NO_RECORD`. */
  lead(link: number, record: number): void {
    this.#words[link] = record + 1;
  }

  #stock(device: number, record: number): void {
    const at = this.#deviceAt(device) + STOCK;
    this.#words[this.link(record, 0)] = this.#words[at]!;
    this.#words[at] = record + 1;
  }

  #deviceAt(device: number): number {
    return this.#devices * this.#most * RECORD_WORDS + device * DEVICE_WORDS;
  }
}
