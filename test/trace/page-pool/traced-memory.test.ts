import { describe, expect, it } from '@jest/globals';
import { NO_PAGE } from '../../../lib/page/page-table.js';
import { NO_MAPPING } from '../../../lib/page/pool/memory-provider.js';
import { TracedMemory } from '../../../lib/trace/page-pool/traced-memory.js';

describe('TracedMemory', () => {
  it('gives the pages that the trace gives, those of the reserve among them', () => {
    const memory = new TracedMemory(2, 100);
    const into = new Int32Array(8);
    const recorded = [['bulk', 1, 4, [150, 7]] as const, ['reserve', 7] as const];
    memory.begin(recorded);
    expect([memory.allocBulk(1, 4, into, 2), into.slice(2, 4)]).toEqual([2, Int32Array.of(150, 7)]);
    expect([memory.events, memory.refs(150), memory.isReserve(7), memory.isReserve(150), memory.nodeOf(150)]).toEqual([
      recorded,
      1,
      true,
      false,
      1,
    ]);
    memory.begin([]);
    memory.put(7);
    expect([memory.events, memory.refs(7)]).toEqual([[['put', 7, 0]], 0]);
  });

  it('knows the first page of a block, and who is in use', () => {
    const memory = new TracedMemory(1, 100);
    memory.begin([['page', -1, 3, 16]]);
    expect([memory.alloc(-1, 3), memory.headOf(23), memory.headOf(24)]).toEqual([16, 16, 24]);
    memory.begin([['page', -1, 3, 16]]);
    expect([memory.alloc(-1, 3), memory.events]).toEqual([NO_PAGE, [['page', -1, 3, NO_PAGE]]]);
  });

  it('has nothing to give, and no mapping, when something else was asked for in Linux', () => {
    const memory = new TracedMemory(1, 100);
    memory.begin([['page', -1, 3, 16]]);
    expect([memory.allocBulk(-1, 64, new Int32Array(64), 0), memory.map(5, 4096)]).toEqual([0, NO_MAPPING]);
    expect(memory.events).toEqual([
      ['bulk', -1, 64, []],
      ['map', 5, 4096, NO_MAPPING],
    ]);
  });

  it('maps as the trace says, and knows which page lies at an address', () => {
    const memory = new TracedMemory(1, 100);
    memory.begin([
      ['map', 5, 4096, 2 ** 40],
      ['noindex', 5],
    ]);
    expect([memory.map(5, 4096), memory.canIndex(5), memory.canIndex(5)]).toEqual([2 ** 40, false, true]);
    expect([memory.pageAt(2 ** 40), memory.pageAt(0)]).toEqual([5, NO_PAGE]);
  });
});
