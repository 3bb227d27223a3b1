/**
 * Memory that is registered once and stays shared with a device: what is sent from it is neither copied nor mapped.
 * Models: the binding of device memory to a device (net/core/devmem.c), and memory that a guest shares once and keeps
 * shared (DMA_ATTR_CC_SHARED): docs/spec/tx-path.md#one-interface-for-three-lifetimes. A binding is an array of chunks
 * whose DMA addresses are known beforehand, and one reference count: of the registration itself, and of packets. It
 * ends only when no packet has a reference. Deviation: Linux ends a binding at once and frees its memory at the last
 * reference; here the end is refused, with the count, and nothing changes.
 * Threads: `register`, `registerRegion` and `unregister` by one thread at a time; the rest by any.
 */
import { CopytaxError } from '../errors.js';
import { outOfRange } from '../limits.js';
import type { Region } from '../memory/region.js';
import { FIRST_WINDOW, type RegionWindows } from '../memory/region-windows.js';
import { Arena } from '../smp/arena.js';
import { PAGE_SIZE, roundUp } from '../units.js';

/** Returned where there is no binding. */
export const NO_BINDING = -1;

const FREE = 0;

// The references have a line of their own: all CPUs write it, for every packet.
const RECORD = Arena.recordOfLines(
  { refs: 'i32' },
  { device: 'i32', first: 'i32', chunks: 'i32', phys: 'f64', bytes: 'f64' },
);
const { stride: STRIDE, doubleStride: DOUBLE_STRIDE } = RECORD;
const { refs: REFS, device: DEVICE, first: FIRST, chunks: CHUNKS, phys: PHYS, bytes: BYTES } = RECORD.at;

/** How much a table of bindings has room for. */
export interface BindingLimits {
  /** Bindings that may exist at the same time. */
  readonly bindings: number;
  /** Chunks of all of them. */
  readonly chunks: number;
  /** A multiple of the page size. */
  readonly chunkBytes: number;
}

/** Memory that is registered once and stays shared with a device. */
export class BindingTable {
  /** What it has room for. */
  readonly limits: BindingLimits;
  readonly #windows: RegionWindows;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #dma: Float64Array;
  /** Of this thread: the binding that `find` returned last. */
  #latest = 0;
  /** Of this thread: lets go of the region that a binding holds open. */
  readonly #letGo = new Map<number, () => void>();

  constructor(arena: Arena, limits: BindingLimits, windows: RegionWindows) {
    if (limits.chunkBytes <= 0 || limits.chunkBytes % PAGE_SIZE !== 0) {
      throw outOfRange(`chunks must be multiples of ${PAGE_SIZE} bytes, not ${limits.chunkBytes}`);
    }
    this.limits = limits;
    this.#windows = windows;
    const { words, doubles } = arena.records(RECORD, limits.bindings);
    this.#words = words;
    this.#doubles = doubles;
    this.#dma = arena.float64(limits.chunks);
  }

  /** Unregisters all memory. One thread, before any other uses it. */
  reset(): void {
    this.abandon();
    this.#words.fill(0);
  }

  /** Ends all bindings, whatever is in flight, for a machine that has ended: no CPU is at work. Idempotent. */
  abandon(): void {
    for (let binding = 0; binding < this.limits.bindings; binding++) {
      if (Atomics.exchange(this.#words, binding * STRIDE + REFS, FREE) !== FREE) this.#leave(binding);
    }
  }

  /**
   * Registers a range of physical addresses for a device. Returns the binding.
   * @throws ERR_OUT_OF_RANGE for a range that begins at no page, overlaps another of the device, or has too many chunks
   */
  register(device: number, phys: number, bytes: number): number {
    const { bindings, chunkBytes } = this.limits;
    this.#assertNew(device, phys, bytes);
    const count = Math.ceil(bytes / chunkBytes);
    const first = this.#roomFor(count);
    let binding = 0;
    while (binding < bindings && Atomics.load(this.#words, binding * STRIDE + REFS) !== FREE) binding++;
    if (binding === bindings) throw outOfRange(`at most ${bindings} ranges are registered at the same time`);
    this.#words[binding * STRIDE + DEVICE] = device;
    this.#words[binding * STRIDE + FIRST] = first;
    this.#words[binding * STRIDE + CHUNKS] = count;
    this.#doubles[binding * DOUBLE_STRIDE + PHYS] = phys;
    this.#doubles[binding * DOUBLE_STRIDE + BYTES] = bytes;
    for (let chunk = 0; chunk < count; chunk++) this.#dma[first + chunk] = phys + chunk * chunkBytes;
    Atomics.store(this.#words, binding * STRIDE + REFS, 1);
    return binding;
  }

  /**
   * Registers the first `bytes` bytes of a region outside the machine's memory, which gets addresses behind it. The
   * region cannot be closed by this thread before `unregister`. @throws ERR_OUT_OF_RANGE, as `register`
   */
  registerRegion(device: number, region: Region, bytes = region.bytes): number {
    const phys = this.#windows.open(region);
    let binding: number;
    try {
      if (bytes > region.bytes) throw outOfRange(`region ${region.id} has ${region.bytes} bytes, not ${bytes}`);
      binding = this.register(device, phys, bytes);
    } catch (error) {
      this.#windows.close(phys);
      throw error;
    }
    const letGo = region.hold(() => this.inFlight(binding));
    this.#letGo.set(binding, letGo);
    return binding;
  }

  /**
   * Ends a binding. No sender may send from its memory meanwhile.
   * @throws ERR_IN_FLIGHT with the number of references of packets, if there are any; then nothing has changed
   */
  unregister(binding: number): void {
    const before = Atomics.compareExchange(this.#words, binding * STRIDE + REFS, 1, FREE);
    if (before <= 0) throw new CopytaxError('ERR_DOUBLE_FREE', `binding ${binding} is not registered`, { binding });
    const references = before - 1;
    if (references > 0) {
      const message = `binding ${binding} cannot be unregistered: packets have ${references} references to it`;
      throw new CopytaxError('ERR_IN_FLIGHT', message, { binding, references });
    }
    this.#leave(binding);
  }

  /** Closes the window of a binding that has ended, if it has one. */
  #leave(binding: number): void {
    const phys = this.address(binding);
    if (phys < FIRST_WINDOW) return;
    this.#windows.close(phys);
    this.#letGo.get(binding)?.();
    this.#letGo.delete(binding);
  }

  /** True if memory is registered under this number. Any thread. */
  isRegistered(binding: number): boolean {
    return Atomics.load(this.#words, binding * STRIDE + REFS) !== FREE;
  }

  /** Takes references for a packet. @throws ERR_DOUBLE_FREE for a binding that is not registered */
  get(binding: number, references = 1): void {
    if (Atomics.add(this.#words, binding * STRIDE + REFS, references) > 0) return;
    Atomics.sub(this.#words, binding * STRIDE + REFS, references);
    throw badCount('get', binding);
  }

  /** Drops references of a packet. @throws ERR_DOUBLE_FREE when it has none */
  put(binding: number, references = 1): void {
    if (Atomics.sub(this.#words, binding * STRIDE + REFS, references) > references) return;
    Atomics.add(this.#words, binding * STRIDE + REFS, references);
    throw badCount('put', binding);
  }

  /** References that packets have. Exact when no CPU is at work. */
  inFlight(binding: number): number {
    return Math.max(0, Atomics.load(this.#words, binding * STRIDE + REFS) - 1);
  }

  /** Physical address at which the memory of a binding begins. */
  address(binding: number): number {
    return this.#doubles[binding * DOUBLE_STRIDE + PHYS]!;
  }

  /** Number of bytes that are registered. */
  bytes(binding: number): number {
    return this.#doubles[binding * DOUBLE_STRIDE + BYTES]!;
  }

  /** The number of the device that a binding is for. */
  device(binding: number): number {
    return this.#words[binding * STRIDE + DEVICE]!;
  }

  /** The DMA address of byte `offset` of a binding: that of its chunk, and the rest. */
  dma(binding: number, offset: number): number {
    const { chunkBytes } = this.limits;
    const chunk = Math.floor(offset / chunkBytes);
    if (!(chunk >= 0 && chunk < this.#words[binding * STRIDE + CHUNKS]!)) {
      throw outOfRange(`binding ${binding} has no byte ${offset}`);
    }
    return this.#dma[this.#words[binding * STRIDE + FIRST]! + chunk]! + (offset - chunk * chunkBytes);
  }

  /** Bytes from `offset` to the end of its chunk, or of the binding. */
  contiguous(binding: number, offset: number): number {
    const { chunkBytes } = this.limits;
    return Math.min(chunkBytes - (offset % chunkBytes), this.bytes(binding) - offset);
  }

  /** The binding for a device that holds the whole range, or `NO_BINDING`. Any numbers. */
  find(device: number, phys: number, bytes: number): number {
    if (this.#holds(this.#latest, device, phys, bytes)) return this.#latest; // most often the same as before
    for (let binding = 0; binding < this.limits.bindings; binding++) {
      if (!this.#holds(binding, device, phys, bytes)) continue;
      this.#latest = binding;
      return binding;
    }
    return NO_BINDING;
  }

  #holds(binding: number, device: number, phys: number, bytes: number): boolean {
    const begin = this.address(binding);
    return (
      phys >= begin &&
      phys + bytes <= begin + this.bytes(binding) &&
      this.device(binding) === device &&
      this.isRegistered(binding)
    );
  }

  /** The first of `count` chunks that no binding has. */
  #roomFor(count: number): number {
    const { bindings, chunks, chunkBytes } = this.limits;
    const at = (binding: number, field: number) => this.#words[binding * STRIDE + field]!;
    const taken = Array.from({ length: bindings }, (_, binding) => binding)
      .filter((binding) => this.isRegistered(binding))
      .sort((a, b) => at(a, FIRST) - at(b, FIRST));
    let first = 0;
    for (const binding of taken) {
      if (at(binding, FIRST) - first >= count) break;
      first = at(binding, FIRST) + at(binding, CHUNKS);
    }
    if (first + count <= chunks) return first;
    throw outOfRange(`there is no room for ${count} chunks more of ${chunkBytes} bytes: all bindings have ${chunks}`);
  }

  #assertNew(device: number, phys: number, bytes: number): void {
    if (
      !(Number.isSafeInteger(phys) && phys > 0 && phys % PAGE_SIZE === 0 && Number.isSafeInteger(bytes) && bytes > 0)
    ) {
      throw outOfRange(`a range that is registered begins at a page and has bytes, unlike ${bytes} bytes at ${phys}`);
    }
    for (let binding = 0; binding < this.limits.bindings; binding++) {
      if (!this.isRegistered(binding) || this.device(binding) !== device) continue;
      const begin = this.address(binding);
      if (phys >= roundUp(begin + this.bytes(binding), PAGE_SIZE) || phys + bytes <= begin) continue;
      throw outOfRange(`${bytes} bytes at ${phys} overlap binding ${binding}`);
    }
  }
}

function badCount(verb: string, binding: number): CopytaxError {
  return new CopytaxError('ERR_DOUBLE_FREE', `${verb} of binding ${binding}, to which there is no such reference`);
}
