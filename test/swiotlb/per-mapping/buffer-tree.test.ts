import { describe, expect, it } from '@jest/globals';
import { BufferRecords } from '../../../lib/swiotlb/per-mapping/buffer-records.js';
import { BufferTree } from '../../../lib/swiotlb/per-mapping/buffer-tree.js';
import { inArena } from '../../smp/fixtures/cpus.js';

const COUNT = 4096;
/** A random search tree of COUNT nodes is about thirty deep; a list would be COUNT deep. */
const DEEPEST = 40;

function treeOf(addresses: readonly number[]) {
  const records = inArena((arena) => new BufferRecords(arena, 1, addresses.length));
  records.reset();
  const tree = new BufferTree(records);
  for (const address of addresses) tree.insert(0, records.take(0, address, 1, 4096));
  return { tree, records };
}

const rising = Array.from({ length: COUNT }, (_, i) => 2 ** 32 + i * 4096);

describe('BufferTree', () => {
  it.each([
    ['rise', rising],
    ['fall', [...rising].reverse()],
    ['alternate between two ends', rising.map((_, i) => rising[i % 2 === 0 ? i / 2 : COUNT - (i + 1) / 2]!)],
  ])('stays shallow when addresses %s', (_, addresses) => {
    const { tree, records } = treeOf(addresses);
    expect(tree.depth(0)).toBeLessThan(DEEPEST);
    for (const address of addresses) expect(records.address(tree.find(0, address + 17))).toBe(address);
    for (const [i, address] of addresses.entries()) if (i % 3 !== 0) records.give(0, tree.remove(0, address));
    expect(tree.depth(0)).toBeLessThan(DEEPEST);
    expect(records.live(0)).toBe(Math.ceil(COUNT / 3));
  });

  it('has the same shape for any order of insertion', () => {
    const records = inArena((arena) => new BufferRecords(arena, 1, 64));
    records.reset();
    const all = rising.slice(0, 64).map((address) => records.take(0, address, 1, 4096));
    const links = (tree: BufferTree, order: readonly number[]) => {
      for (const record of order) tree.insert(0, record);
      const shape = all.flatMap((record) =>
        ([0, 1] as const).map((side) => records.target(records.link(record, side))),
      );
      for (const address of rising.slice(0, 64)) tree.remove(0, address);
      return shape;
    };
    const tree = new BufferTree(records);
    expect(links(tree, [...all].reverse())).toEqual(links(tree, all));
  });
});
