/**
 * Who holds references to devices, and how devices go away.
 * Models: the reference count of struct device with get_device and put_device, the patch's global device serial, and its
 * safe put; the transmit path's specification, sections 2.1, 2.3 and 2.10. The last put of a device may sleep, so a put
 * that could be the last one is left to a worker, which takes a work item; without one the reference is leaked, on purpose.
 * Pages come and go too fast for one count that all CPUs write: in `hardened` a CPU takes references in lots, and hands
 * them out to its pages. Devices have numbers from 1; 0 is none.
 * Threads: any; context: any, except `runDeferred` (process).
 */
import { CopytaxError } from '../errors.js';
import type { Flavour } from '../flavour.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { roundUp } from '../units.js';

/** No device. */
export const NO_DEVICE = 0;

const STRIDE = 32; // a line of its own: references travel between CPUs
const REFS = 0;
const DEFERRED = 1; // puts that wait for the worker
const REMOVED = 2;
const LEAKED = 3;
const ALLOCATOR = 4;
// Line 0 belongs to no device:
const SERIAL = 0;
const ITEMS = 1; // free work items
/** Work items that exist, unless a test allows fewer. */
const WORK_ITEMS = 64;
/** References that a CPU takes at once, and gives back when it holds twice as many. */
const LOT = 32;

export class DeviceTable {
  /** Devices 1..`count`. */
  readonly count: number;
  readonly #words: Int32Array;
  /** A line for each CPU, a word for each device: references that it holds and no page has. */
  readonly #stock: Int32Array;
  readonly #stockStride: number;
  readonly #cpus: number;
  readonly #inLots: boolean;

  constructor(arena: Arena, count: number, cpus = 1, flavour: Flavour = 'hardened') {
    this.count = count;
    this.#words = arena.int32((count + 1) * STRIDE);
    this.#cpus = cpus;
    this.#stockStride = roundUp(count + 1, STRIDE);
    this.#stock = arena.int32(cpus * this.#stockStride);
    this.#inLots = flavour === 'hardened';
  }

  /** Every device is there, with the one reference of its own. */
  reset(): void {
    this.#words.fill(0);
    this.#stock.fill(0);
    this.#words[SERIAL] = 1;
    this.#words[ITEMS] = WORK_ITEMS;
    for (let device = 1; device <= this.count; device++) this.#words[device * STRIDE + REFS] = 1;
  }

  /** A glance at `serial`, for who finds in it what it found before. */
  get seemingSerial(): number {
    return this.#words[SERIAL]!;
  }

  /** Goes up whenever any device is removed; 32 bits, wraps. */
  get serial(): number {
    return Atomics.load(this.#words, SERIAL);
  }

  /** For tests of what wraps. */
  setSerial(serial: number): void {
    Atomics.store(this.#words, SERIAL, serial);
  }

  /** Which allocator the device's bounce memory comes from; 0 is the one that all share. */
  allocator(device: number): number {
    return this.#words[device * STRIDE + ALLOCATOR]!;
  }

  /** Gives the device a restricted pool of its own, or takes it away; nobody may be mapping for it. */
  setAllocator(device: number, allocator: number): void {
    this.#words[device * STRIDE + ALLOCATOR] = allocator;
  }

  /** References: its own, of sockets that have learned it, and of pages allocated for it; deferred puts included. */
  refs(device: number): number {
    return Atomics.load(this.#words, device * STRIDE + REFS);
  }

  /** ERR_DOUBLE_FREE when the device is gone. */
  get(device: number): void {
    if (Atomics.add(this.#words, device * STRIDE + REFS, 1) > 0) return;
    Atomics.sub(this.#words, device * STRIDE + REFS, 1);
    throw badCount('get', device);
  }

  /** A reference for a page. The CPU's own thread, as `putOfPage`. ERR_DOUBLE_FREE when the device is gone. */
  getForPage(cpu: Cpu, device: number): void {
    const at = this.#at(cpu.id, device);
    const stock = this.#stock[at]!; // none where references are taken one by one
    if (stock > 0) {
      this.#stock[at] = stock - 1;
      return;
    }
    this.get(device);
    if (!this.#inLots || this.isRemoved(device)) return;
    Atomics.add(this.#words, device * STRIDE + REFS, LOT);
    this.#stock[at] = LOT;
  }

  /** A page of the device is freed. */
  putOfPage(cpu: Cpu, device: number): void {
    if (!this.#inLots || this.#words[device * STRIDE + REMOVED] !== 0) {
      this.put(device);
      return;
    }
    const at = this.#at(cpu.id, device);
    const stock = this.#stock[at]! + 1;
    const returned = stock > 2 * LOT ? LOT : 0;
    this.#stock[at] = stock - returned;
    if (returned !== 0) Atomics.sub(this.#words, device * STRIDE + REFS, returned);
  }

  /** References that CPUs hold and no page has; exact when no CPU is at work. */
  stocked(device: number): number {
    let stocked = 0;
    for (let cpu = 0; cpu < this.#cpus; cpu++) stocked += this.#stock[this.#at(cpu, device)]!;
    return stocked;
  }

  /** The safe put. ERR_DOUBLE_FREE when nobody holds the device. */
  put(device: number): void {
    const at = device * STRIDE + REFS;
    let refs = Atomics.load(this.#words, at);
    while (refs > 1) {
      const seen = Atomics.compareExchange(this.#words, at, refs, refs - 1);
      if (seen === refs) return;
      refs = seen;
    }
    if (refs <= 0) throw badCount('put', device);
    if (this.#takeItem()) Atomics.add(this.#words, device * STRIDE + DEFERRED, 1);
    else Atomics.add(this.#words, device * STRIDE + LEAKED, 1);
  }

  /** The worker: makes the puts that were left to it. True when there were any. */
  runDeferred(): boolean {
    let progress = false;
    for (let device = 1; device <= this.count; device++) {
      const at = device * STRIDE;
      const puts = Atomics.exchange(this.#words, at + DEFERRED, 0);
      if (puts === 0) continue;
      Atomics.add(this.#words, ITEMS, puts);
      if (Atomics.sub(this.#words, at + REFS, puts) < puts) throw badCount('put', device);
      progress = true;
    }
    return progress;
  }

  /** Puts that wait for the worker. */
  deferred(device: number): number {
    return Atomics.load(this.#words, device * STRIDE + DEFERRED);
  }

  /** References that nobody will ever drop, for want of a work item. */
  leaked(device: number): number {
    return Atomics.load(this.#words, device * STRIDE + LEAKED);
  }

  /** How many work items there are from now on: 0 makes every put that could be the last one leak. */
  limitItems(items: number): void {
    Atomics.store(this.#words, ITEMS, items);
  }

  /** The device is deleted: all caches of devices become stale, and its own reference goes. Twice is once. */
  remove(device: number): void {
    Atomics.add(this.#words, SERIAL, 1);
    if (Atomics.exchange(this.#words, device * STRIDE + REMOVED, 1) === 0) this.put(device);
  }

  isRemoved(device: number): boolean {
    return Atomics.load(this.#words, device * STRIDE + REMOVED) !== 0;
  }

  /** Removed, and nobody holds it any more, for what CPUs have in stock holds nothing: its memory goes. */
  isReleased(device: number): boolean {
    return this.isRemoved(device) && this.refs(device) === this.stocked(device);
  }

  #at(cpu: number, device: number): number {
    return cpu * this.#stockStride + device;
  }

  #takeItem(): boolean {
    if (Atomics.sub(this.#words, ITEMS, 1) > 0) return true;
    Atomics.add(this.#words, ITEMS, 1);
    return false;
  }
}

function badCount(verb: string, device: number): CopytaxError {
  return new CopytaxError('ERR_DOUBLE_FREE', `${verb} of device ${device}, to which nobody holds a reference`);
}
