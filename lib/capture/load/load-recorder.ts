/**
 * Keeps the mappings of a capture in columns, in bounded memory. A long capture is cut into windows of as many mappings
 * each; when there are too many, the one in which slots were asked for most slowly is dropped. Owner: one reader.
 */
import { SLOT_SIZE } from '../../units.js';
import type { CapturedMapping, MappingSink } from '../mappings/captured-mapping.js';
import { slotsAt } from '../mappings/mapping-stream.js';
import { keptOffset } from '../occupancy/placement.js';
import { EARLIER, NOT_TOLD, type PoolLoad } from './pool-load.js';

/** Entries of a window. */
const WINDOW = 2 ** 14;
/** Windows that are kept: half a million mappings, 16 MiB. */
const WINDOWS = 32;
const LARGEST = 2 ** 32 - 1;
const LAST_CPU = 2 ** 16 - 1;

interface Window {
  /** Number of its first entry in the capture. */
  readonly first: number;
  used: number;
  slots: number;
  readonly timeNs: Float64Array;
  readonly bytes: Uint32Array;
  readonly offset: Uint16Array;
  readonly cpu: Uint16Array;
  readonly heldNs: Float64Array;
  readonly device: Uint16Array;
}

/** Slots that a window asks for in a nanosecond. */
function paceOf({ used, slots, timeNs }: Window): number {
  return slots / Math.max(1, timeNs[used - 1]! - timeNs[0]!);
}

export class LoadRecorder implements MappingSink {
  readonly #most: number;
  readonly #windows = new Map<number, Window>();
  #last: Window | null = null;
  readonly #size: number;
  readonly #devices: (string | null)[] = [];
  readonly #numbers = new Map<string | null, number>();
  /** Of mappings whose end may be told: their entry. */
  readonly #live = new Map<number, number>();
  #next = 0;
  #nowNs = 0;
  /** Mappings in windows that were dropped. */
  dropped = 0;
  /** Mappings that found no slots in the capture. They are tried as well. */
  failed = 0;
  /** Mappings that ended, by what the capture tells or because their slots were given away again. */
  ended = 0;

  /** For tests: `windows` of `size` entries each are kept. */
  constructor(windows: number = WINDOWS, size: number = WINDOW) {
    this.#most = windows;
    this.#size = size;
  }

  attempt(): void {}

  map(mapping: CapturedMapping): void {
    const isPaired = mapping.slot !== null;
    const at = this.#add(mapping, isPaired ? Number.POSITIVE_INFINITY : NOT_TOLD);
    if (isPaired) this.#live.set(mapping.id, at);
  }

  fail(mapping: CapturedMapping): void {
    this.failed++;
    this.#add(mapping, NOT_TOLD);
  }

  unmap({ id }: CapturedMapping, timeNs: number): void {
    this.ended++;
    const at = this.#live.get(id);
    if (at === undefined) return;
    this.#live.delete(id);
    const window = this.#windows.get(Math.floor(at / this.#size));
    if (window === undefined) return;
    const entry = at - window.first;
    window.heldNs[entry] = Math.max(0, timeNs - window.timeNs[entry]!);
  }

  unmapEarlier(slots: number, timeNs: number): void {
    this.#append(timeNs, slots * SLOT_SIZE, 0, 0, EARLIER, 0);
  }

  /** Returns what is kept, the first mapping at time 0. Call it once. */
  load(name: string): PoolLoad {
    const windows = [...this.#windows.values()];
    const entries = windows.reduce((sum, { used }) => sum + used, 0);
    const load = {
      name,
      entries,
      timeNs: new Float64Array(entries),
      bytes: new Uint32Array(entries),
      offset: new Uint16Array(entries),
      cpu: new Uint16Array(entries),
      heldNs: new Float64Array(entries),
      device: new Uint16Array(entries),
      devices: this.#devices,
      payload: null,
    };
    let at = 0;
    for (const window of windows) {
      for (const column of ['timeNs', 'bytes', 'offset', 'cpu', 'heldNs', 'device'] as const) {
        load[column].set(window[column].subarray(0, window.used), at);
      }
      at += window.used;
    }
    const start = load.timeNs[0] ?? 0;
    for (let entry = 0; entry < entries; entry++) load.timeNs[entry]! -= start;
    return load;
  }

  #add({ timeNs, size, address, slot, cpu, device }: CapturedMapping, heldNs: number): number {
    const offset = keptOffset(address, slot);
    return this.#append(timeNs, Math.min(size, LARGEST), offset, cpu, heldNs, this.#numberOf(device));
  }

  #append(timeNs: number, bytes: number, offset: number, cpu: number, heldNs: number, device: number): number {
    this.#nowNs = Math.max(this.#nowNs, timeNs);
    if (this.#last === null || this.#last.used === this.#size) this.#begin();
    const window = this.#last!;
    const entry = window.used++;
    window.timeNs[entry] = this.#nowNs;
    window.bytes[entry] = bytes;
    window.offset[entry] = offset;
    window.cpu[entry] = Math.min(cpu, LAST_CPU);
    window.heldNs[entry] = heldNs;
    window.device[entry] = device;
    if (heldNs !== EARLIER) window.slots += slotsAt(offset, bytes);
    return this.#next++;
  }

  #begin(): void {
    if (this.#windows.size === this.#most) {
      let [slowest, pace] = [-1, Number.POSITIVE_INFINITY];
      for (const [number, window] of this.#windows) {
        if (paceOf(window) < pace) [slowest, pace] = [number, paceOf(window)];
      }
      this.dropped += this.#windows.get(slowest)!.heldNs.reduce((sum, held) => sum + (held === EARLIER ? 0 : 1), 0);
      this.#windows.delete(slowest);
    }
    const size = this.#size;
    this.#last = {
      first: this.#next,
      used: 0,
      slots: 0,
      timeNs: new Float64Array(size),
      bytes: new Uint32Array(size),
      offset: new Uint16Array(size),
      cpu: new Uint16Array(size),
      heldNs: new Float64Array(size),
      device: new Uint16Array(size),
    };
    this.#windows.set(this.#next / size, this.#last);
  }

  #numberOf(device: string | null): number {
    const known = this.#numbers.get(device);
    if (known !== undefined) return known;
    const number = Math.min(this.#devices.length, LAST_CPU);
    if (number === this.#devices.length) this.#devices.push(device);
    this.#numbers.set(device, number);
    return number;
  }
}
