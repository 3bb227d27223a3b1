import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shrunk } from '../../../dev/schedule/shrink.js';

const list = (length: number) => Array.from({ length }, (_, index) => index);

describe('shrunk', () => {
  it('keeps the items that are needed, in order, and no others', async () => {
    const cases = fc.integer({ min: 0, max: 60 }).chain((length) => {
      return fc.record({ items: fc.constant(list(length)), needed: fc.subarray(list(length)) });
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ items, needed }) => {
        const fails = async (kept: readonly number[]) => needed.every((item) => kept.includes(item));
        expect(await shrunk(items, fails, 10_000)).toEqual(needed);
      }),
    );
  });

  it('keeps a list whose every item is needed, where items can replace each other', async () => {
    const fails = async (kept: readonly number[]) => kept.reduce((sum, item) => sum + item, 0) >= 50;
    const kept = await shrunk(list(20), fails, 10_000);
    expect(await fails(kept)).toBe(true);
    for (const item of kept) expect(await fails(kept.filter((other) => other !== item))).toBe(false);
  });

  it('makes no more attempts than allowed, and returns a list that fails', async () => {
    let attempts = 0;
    const fails = async (kept: readonly number[]) => {
      attempts++;
      return kept.includes(7) && kept.includes(40);
    };
    const kept = await shrunk(list(64), fails, 9);
    expect(attempts).toBe(9);
    expect(await fails(kept)).toBe(true);
    expect(kept.length).toBeLessThan(64);
    expect(await shrunk(list(3), fails, 0)).toEqual(list(3));
  });
});
