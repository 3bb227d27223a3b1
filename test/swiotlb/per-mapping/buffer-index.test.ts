/** Compares list and tree with an array of what they must hold: every result, and the order of the list. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LOOKUPS, type Lookup } from '../../../lib/swiotlb/per-mapping/buffer-index.js';
import { BufferList } from '../../../lib/swiotlb/per-mapping/buffer-list.js';
import { BufferRecords, NO_RECORD } from '../../../lib/swiotlb/per-mapping/buffer-records.js';
import { BufferTree } from '../../../lib/swiotlb/per-mapping/buffer-tree.js';
import { inArena } from '../../smp/fixtures/cpus.js';

const DEVICES = 2;
const MOST = 24;
const PAGE = 4096;
const PLACES = 40;
const PLACE_BYTES = 64 * 1024;
const HIGH = 2 ** 33 - 20 * PLACE_BYTES; // some places lie below 2^33, some above

const device = fc.nat({ max: DEVICES - 1 });
const address = fc
  .record({ place: fc.nat({ max: PLACES }), at: fc.constantFrom(-1, 0, 1, PAGE - 1, PAGE, 20_000, 40_000) })
  .map(({ place, at }) => HIGH + place * PLACE_BYTES + at);
const step = fc.oneof(
  fc.record({
    kind: fc.constant('insert' as const),
    place: fc.nat({ max: PLACES - 1 }),
    bytes: fc.integer({ min: PAGE, max: PLACE_BYTES }),
    device,
  }),
  fc.record({ kind: fc.constantFrom('find' as const, 'find' as const, 'remove' as const), address, device }),
);
const steps = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' });

interface Buffer {
  readonly address: number;
  readonly bytes: number;
}

class Pair {
  readonly #records = inArena((arena) => new BufferRecords(arena, DEVICES, MOST));
  readonly #index: BufferList | BufferTree;
  /** For each device, the buffer that was used last comes first. */
  readonly #expected: Buffer[][] = Array.from({ length: DEVICES }, () => []);

  constructor(lookup: Lookup) {
    this.#records.reset();
    this.#index = lookup === 'tree' ? new BufferTree(this.#records) : new BufferList(this.#records);
  }

  insert(device: number, place: number, bytes: number): void {
    const buffer = { address: HIGH + place * PLACE_BYTES, bytes };
    const own = this.#expected[device]!;
    if (own.some(({ address }) => address === buffer.address)) return;
    const record = this.#records.take(device, buffer.address, 1, bytes);
    expect(record === NO_RECORD).toBe(own.length === MOST);
    if (record === NO_RECORD) return;
    this.#index.insert(device, record);
    own.unshift(buffer);
  }

  find(device: number, address: number): void {
    const own = this.#expected[device]!;
    const at = own.findIndex((buffer) => address >= buffer.address && address < buffer.address + buffer.bytes);
    expect(this.#addressOf(this.#index.find(device, address))).toBe(own[at]?.address);
    if (at >= 0) own.unshift(...own.splice(at, 1));
  }

  remove(device: number, address: number): void {
    const own = this.#expected[device]!;
    const at = own.findIndex((buffer) => address === buffer.address);
    const record = this.#index.remove(device, address);
    expect(this.#addressOf(record)).toBe(own[at]?.address);
    if (at >= 0) own.splice(at, 1);
    if (record !== NO_RECORD) this.#records.give(device, record);
  }

  compare(): void {
    for (const [device, own] of this.#expected.entries()) {
      expect(this.#records.live(device)).toBe(own.length);
      if (this.#index instanceof BufferTree) continue;
      const order: number[] = [];
      for (let record = this.#index.first(device); record !== NO_RECORD; record = this.#index.next(record)) {
        order.push(this.#records.address(record));
      }
      expect(order).toEqual(own.map(({ address }) => address));
    }
  }

  end(): void {
    for (const [device, own] of this.#expected.entries()) {
      while (own.length > 0) this.remove(device, own[own.length >> 1]!.address);
      expect(this.#index.find(device, HIGH)).toBe(NO_RECORD);
      expect(this.#records.pages(device)).toBe(0);
    }
    this.compare();
  }

  #addressOf(record: number): number | undefined {
    return record === NO_RECORD ? undefined : this.#records.address(record);
  }
}

describe.each(LOOKUPS)('a %s of buffers', (lookup) => {
  it('finds a buffer by any address in it, and by no other', () => {
    fc.assert(
      fc.property(steps, (asked) => {
        const pair = new Pair(lookup);
        for (const step of asked) {
          if (step.kind === 'insert') pair.insert(step.device, step.place, step.bytes);
          else pair[step.kind](step.device, step.address);
          pair.compare();
        }
        pair.end();
      }),
      { seed: 523, numRuns: 120, interruptAfterTimeLimit: 30_000 },
    );
  });
});
