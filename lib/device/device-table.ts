/**
 * References to devices, and how devices are removed.
 * Models: the reference count of struct device with get_device and put_device, the patch's global serial of devices,
 * and its safe put. See docs/spec/tx-path.md#state-that-the-patch-adds, docs/spec/tx-path.md#i3-references-of-a-device
 * and docs/spec/tx-path.md#safe-put-of-a-device. The last put of a device may sleep, so a put that could be the last
 * one is deferred to a worker, which takes a work item; without one the reference is leaked on purpose. Pages come and
 * go too fast for one count that all CPUs write: in `hardened` a CPU takes references in batches, which it passes on to
 * its pages. Devices have numbers from 1; 0 is none.
 * Threads: any. Context: any, except `runDeferred` (process).
 */
import { CopytaxError } from '../errors.js';
import type { Flavour } from '../flavour.js';
import type { Arena } from '../smp/arena.js';
import type { Cpu } from '../smp/cpu.js';
import { roundUp } from '../units.js';

/** No device. */
export const NO_DEVICE = 0;

const STRIDE = 32; // a cache line of its own, because counts travel between CPUs
const REFS = 0;
const DEFERRED = 1; // puts that the worker has to make
const REMOVED = 2;
const LEAKED = 3;
const ALLOCATOR = 4;
// Line 0, which belongs to no device:
const SERIAL = 0;
const ITEMS = 1; // free work items
/** Number of work items, unless a test allows fewer. */
const WORK_ITEMS = 64;
/** References that a CPU takes at once, and returns when it holds more than twice as many. */
const BATCH = 32;

/** References to devices, which pages hold. Any thread. */
export class DeviceTable {
  /** Devices 1..`count`. */
  readonly count: number;
  readonly #words: Int32Array;
  /** Lines for each CPU with a word for each device: references that the CPU holds for pages to come. */
  readonly #stock: Int32Array;
  readonly #stockStride: number;
  readonly #cpus: number;
  readonly #inBatches: boolean;

  constructor(arena: Arena, count: number, cpus = 1, flavour: Flavour = 'hardened') {
    this.count = count;
    this.#words = arena.int32((count + 1) * STRIDE);
    this.#cpus = cpus;
    this.#stockStride = roundUp(count + 1, STRIDE);
    this.#stock = arena.int32(cpus * this.#stockStride);
    this.#inBatches = flavour === 'hardened';
  }

  /** Makes all devices present, each with the one reference of its own. */
  reset(): void {
    this.#words.fill(0);
    this.#stock.fill(0);
    this.#words[SERIAL] = 1;
    this.#words[ITEMS] = WORK_ITEMS;
    for (let device = 1; device <= this.count; device++) this.#words[device * STRIDE + REFS] = 1;
  }

  /**
   * A plain read of `serial`, which may be stale (docs/design/0004-stale-reads.md): for a CPU that compares it with an
   * earlier value.
   */
  get plainSerial(): number {
    return this.#words[SERIAL]!;
  }

  /** Counts removals of devices; 32 bits, wraps. */
  get serial(): number {
    return Atomics.load(this.#words, SERIAL);
  }

  /** For tests of the wrap. */
  setSerial(serial: number): void {
    Atomics.store(this.#words, SERIAL, serial);
  }

  /** Number of the allocator that the device's bounce memory comes from; 0 is the one that all devices share. */
  allocator(device: number): number {
    return this.#words[device * STRIDE + ALLOCATOR]!;
  }

  /** Gives the device a restricted pool of its own, or takes it away. No CPU may be mapping for the device. */
  setAllocator(device: number, allocator: number): void {
    this.#words[device * STRIDE + ALLOCATOR] = allocator;
  }

  /** References to the device: its own, those of sockets that learned it and of its pages, and deferred puts. */
  refs(device: number): number {
    return Atomics.load(this.#words, device * STRIDE + REFS);
  }

  /** Takes a reference. @throws ERR_DOUBLE_FREE when the device is gone */
  get(device: number): void {
    if (Atomics.add(this.#words, device * STRIDE + REFS, 1) > 0) return;
    Atomics.sub(this.#words, device * STRIDE + REFS, 1);
    throw badCount('get', device);
  }

  /** Takes a reference for a page. The CPU's own thread, as for `putOfPage`. @throws ERR_DOUBLE_FREE as `get` does */
  getForPage(cpu: Cpu, device: number): void {
    const at = this.#at(cpu.id, device);
    const stock = this.#stock[at]!; // always 0 where references are taken one by one
    if (stock > 0) {
      this.#stock[at] = stock - 1;
      return;
    }
    this.get(device);
    if (!this.#inBatches || this.isRemoved(device)) return;
    Atomics.add(this.#words, device * STRIDE + REFS, BATCH);
    this.#stock[at] = BATCH;
  }

  /** Drops the reference of a page that is freed. */
  putOfPage(cpu: Cpu, device: number): void {
    if (!this.#inBatches || this.#words[device * STRIDE + REMOVED] !== 0) {
      this.put(device);
      return;
    }
    const at = this.#at(cpu.id, device);
    const stock = this.#stock[at]! + 1;
    const returned = stock > 2 * BATCH ? BATCH : 0;
    this.#stock[at] = stock - returned;
    if (returned !== 0) Atomics.sub(this.#words, device * STRIDE + REFS, returned);
  }

  /** References that CPUs hold for pages to come. Exact while no CPU allocates or frees pages. */
  stocked(device: number): number {
    let stocked = 0;
    for (let cpu = 0; cpu < this.#cpus; cpu++) stocked += this.#stock[this.#at(cpu, device)]!;
    return stocked;
  }

  /** Drops a reference by the safe put. @throws ERR_DOUBLE_FREE when there is none */
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

  /** Makes the deferred puts; the worker calls it. Returns true when there were any. */
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

  /** Puts that the worker has to make. */
  deferred(device: number): number {
    return Atomics.load(this.#words, device * STRIDE + DEFERRED);
  }

  /** References that will never be dropped, because there was no work item. */
  leaked(device: number): number {
    return Atomics.load(this.#words, device * STRIDE + LEAKED);
  }

  /** Sets the number of free work items: with 0, every put that could be the last one leaks. */
  limitItems(items: number): void {
    Atomics.store(this.#words, ITEMS, items);
  }

  /** Removes the device: makes caches of devices stale and drops its own reference. Idempotent. */
  remove(device: number): void {
    Atomics.add(this.#words, SERIAL, 1);
    if (Atomics.exchange(this.#words, device * STRIDE + REMOVED, 1) === 0) this.put(device);
  }

  /** True once the device has been removed. Any thread. */
  isRemoved(device: number): boolean {
    return Atomics.load(this.#words, device * STRIDE + REMOVED) !== 0;
  }

  /** True once the device is removed and has no references but those in the stock of CPUs: its memory is freed. */
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
  return new CopytaxError('ERR_DOUBLE_FREE', `${verb} of device ${device}, to which there is no reference`);
}
