/**
 * A slot pool that the mappings of a capture are given to: how full it is, and which of them find no room.
 *
 * The allocator is that of the model, with the slots of the pool and no memory. What was in use before the capture
 * began is not told by it, so these are single slots of all CPUs, as receive buffers of network devices are.
 * Models: io_tlb_used and io_tlb_used_hiwater. Owner: one thread.
 */
import { outOfRange } from '../../limits.js';
import { Arena } from '../../smp/arena.js';
import type { Cpu } from '../../smp/cpu.js';
import { cpusOfOneThread } from '../../smp/cpus-of-one-thread.js';
import { limitAreas } from '../../swiotlb/pools/growth.js';
import type { SwiotlbDevice } from '../../swiotlb/slots/constraints.js';
import { NO_ADDRESS, Swiotlb } from '../../swiotlb/swiotlb.js';
import { nextPowerOfTwo, PAGE_SIZE, SLOT_SIZE } from '../../units.js';
import type { CapturedMapping } from '../mappings/captured-mapping.js';
import { slotsAt } from '../mappings/mapping-stream.js';
import { deviceKeeping, keptOffset } from './placement.js';

/** More CPUs than this share the areas as if their numbers began again. A power of two, as numbers of areas are. */
const MOST_CPUS = 1024;

/** The device of what was in use before. */
const PLAIN = deviceKeeping(0);

/** The size of a slot pool. */
export interface PoolShape {
  /** Slots of 2 KiB. */
  readonly slots: number;
  /** A power of two; fewer where the slots are too few for as many. */
  readonly areas: number;
}

interface Held {
  readonly address: number;
  readonly device: SwiotlbDevice;
  readonly slots: number;
}

export class PoolUse {
  readonly shape: PoolShape;
  readonly swiotlb: Swiotlb;
  readonly #cpus: readonly Cpu[];
  readonly #held = new Map<number, Held>();
  readonly #earlier: number[] = [];

  #used = 0;
  #highWater = 0;
  /** Mappings that found no slots. */
  failed = 0;
  /** Those of them that found slots in Linux, which are counted as in use nevertheless. */
  unplaced = 0;
  /** Slots that were given back and were not in use: `startUsed` was too low. */
  missingEarlier = 0;

  /** `startUsed`: slots in use before. @throws ERR_OUT_OF_RANGE if these, or the shape, are no such numbers */
  constructor({ slots, areas }: PoolShape, startUsed: number) {
    if (startUsed > slots) throw outOfRange(`${startUsed} slots cannot be in use in a pool of ${slots}`);
    this.shape = { slots, areas: limitAreas(nextPowerOfTwo(areas), slots) };
    this.#cpus = cpusOfOneThread(Math.min(nextPowerOfTwo(areas), MOST_CPUS));
    const build = (arena: Arena) => new Swiotlb(arena, { start: 0, ...this.shape, exactCounters: true });
    this.swiotlb = build(Arena.for(build));
    this.swiotlb.reset();
    for (let slot = 0; slot < startUsed; slot++) {
      this.#earlier.push(this.swiotlb.alloc(this.#cpu(slot), PLAIN, PAGE_SIZE, SLOT_SIZE, 0));
    }
    this.#used = startUsed;
    this.#highWater = startUsed;
  }

  /** Slots in use. */
  get used(): number {
    return this.#used;
  }

  /** Most slots that were in use at a time. */
  get highWater(): number {
    return this.#highWater;
  }

  /**
   * Finds slots for a mapping, and returns the address of its first byte in the pool, or `NO_ADDRESS`. Of a mapping
   * that Linux had slots for, exactly as many are counted as it took.
   */
  map({ id, cpu, size: told, address, slot }: CapturedMapping): number {
    const size = Math.max(1, told);
    const offset = keptOffset(address, slot);
    const device = deviceKeeping(offset);
    const found = this.swiotlb.alloc(this.#cpu(cpu), device, PAGE_SIZE + offset, size, 0);
    const slots = slotsAt(offset, size);
    if (found === NO_ADDRESS) {
      this.failed++;
      if (slot === null) return NO_ADDRESS;
      this.unplaced++;
    }
    this.#held.set(id, { address: found, device, slots });
    this.#count(slots);
    return found;
  }

  /** Ends a mapping; false if it had found no slots. */
  unmap(id: number): boolean {
    const held = this.#held.get(id);
    if (held === undefined) return false;
    this.#held.delete(id);
    this.#used -= held.slots;
    if (held.address !== NO_ADDRESS) this.swiotlb.free(this.#cpu(0), held.device, held.address);
    return true;
  }

  /** Address of a mapping that has not ended; `NO_ADDRESS` if it has none. */
  addressOf(id: number): number {
    return this.#held.get(id)?.address ?? NO_ADDRESS;
  }

  /** Ends mappings of before the capture. */
  unmapEarlier(slots: number): void {
    for (let slot = 0; slot < slots; slot++) {
      const address = this.#earlier.pop();
      if (address === undefined) {
        this.missingEarlier += slots - slot;
        return;
      }
      if (address !== NO_ADDRESS) this.swiotlb.free(this.#cpu(0), PLAIN, address);
      this.#used--;
    }
  }

  #count(slots: number): void {
    this.#used += slots;
    if (this.#used > this.#highWater) this.#highWater = this.#used;
  }

  #cpu(number: number): Cpu {
    return this.#cpus[number & (this.#cpus.length - 1)]!;
  }
}
