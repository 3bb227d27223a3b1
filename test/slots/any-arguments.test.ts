/** Arguments of all types: a call either does what it says, or throws an error with a code and changes nothing. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isErrorCode } from '../../lib/errors.js';
import { Folios } from '../../lib/slots/folios.js';
import { Slots } from '../../lib/slots/slots.js';
import type { SlotsHandle, SlotsSpec } from '../../lib/slots/slots-handle.js';
import { takeAll } from './fixtures/slots-threads.js';

const near = fc.oneof(fc.anything(), fc.integer(), fc.double(), fc.integer({ min: -3, max: 300_000 }));

/** Calls it. Returns what it returned, or null for an error with a code; throws any other error. */
function codedOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (!isErrorCode(code)) throw error;
    return null;
  }
}

describe('Slots, called with anything', () => {
  it('stays in order', () => {
    using slots = Slots.create({ bytes: 512 << 10, lock: 'no' });
    const kept = slots.alloc(3000);
    const held = new Set<number>();
    fc.assert(
      fc.property(fc.constantFrom('alloc', 'free', 'view', 'forget'), near, near, (method, a, b) => {
        const [first, second] = [a as number, b as number];
        if (method === 'free' && first === kept) return;
        const got = codedOf(() =>
          method === 'forget' ? slots.forget(first, b as 'keep') : slots[method](first, second),
        );
        if (method === 'alloc' && typeof got === 'number' && got >= 0) held.add(got);
        if (method === 'free' && got !== null) expect(held.delete(first)).toBe(true);
      }),
      { numRuns: 3000 },
    );
    for (const at of held) slots.free(at);
    expect(slots.used).toBe(4096);
    expect(takeAll(slots).length).toBe(254);
  });

  it('is made and attached to by what is right only', () => {
    const spec = fc.record({ bytes: near, areas: near, threads: near, stallMs: near }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), spec), (given) => {
        const made = codedOf(() => Slots.create({ lock: 'no', ...(given as SlotsSpec) }));
        if (made !== null) (made as Slots).close();
        expect(codedOf(() => Slots.attach(given as SlotsHandle))).toBe(null);
      }),
      { numRuns: 300 },
    );
  });
});

describe('Folios, called with anything', () => {
  it('stay in order', () => {
    const folios = new Folios({ pages: 64 });
    const type = folios.defineType('mine', () => false);
    const page = fc.oneof(near, fc.integer({ min: -1, max: 64 }));
    const held: number[] = [];
    fc.assert(
      fc.property(fc.constantFrom('alloc', 'get', 'put', 'owner', 'refs', 'reuse'), page, near, (method, a, b) => {
        const got = codedOf(() => folios[method](a as number));
        if (method === 'alloc' && typeof got === 'number') held.push(got);
        codedOf(() => folios.setType(a as number, type, b as number));
        codedOf(() => folios.setType(a as number, b as typeof type));
        codedOf(() => folios.defineType(b as string, a as () => boolean));
      }),
      { numRuns: 3000 },
    );
    expect(held.length).toBeGreaterThan(0);
    for (const pfn of held) while (folios.refs(pfn) > 0) folios.put(pfn);
    expect(folios.free).toBe(64);
  });
});
