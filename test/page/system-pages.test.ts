import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_ORDER } from '../../lib/page/buddy.js';
import { FRAG_ORDER } from '../../lib/page/page-source.js';
import { NO_PAGE } from '../../lib/page/page-table.js';
import { testCpus } from '../smp/fixtures/cpus.js';
import { FIRST_SYSTEM, testMemory } from './fixtures/memory.js';

const { cpus } = testCpus(2);
const [cpu, other] = [cpus[0]!, cpus[1]!];

describe('SystemPages', () => {
  it('returns blocks with one reference, whose pages know their head', () => {
    const { pages, system } = testMemory();
    const block = system.alloc(cpu, FRAG_ORDER);
    const page = system.alloc(cpu, 0);
    expect(block % 8).toBe(0);
    expect({ refs: pages.refs(block), order: pages.order(block), headOf: pages.headOf(block + 7) }).toEqual({
      refs: 1,
      order: FRAG_ORDER,
      headOf: block,
    });
    expect({ refs: pages.refs(page), order: pages.order(page), headOf: pages.headOf(page) }).toEqual({
      refs: 1,
      order: 0,
      headOf: page,
    });
    pages.put(block);
    system.free(cpu, block);
    expect(pages.headOf(block + 7)).toBe(NO_PAGE);
  });

  it('returns the page that the same CPU freed last, which no other CPU gets', () => {
    const { system } = testMemory({ cpus: 2 });
    const [a, b] = [system.alloc(cpu, 0), system.alloc(cpu, 0)];
    system.free(cpu, a);
    system.free(cpu, b);
    expect(system.alloc(other, 0)).not.toBe(b);
    expect([system.alloc(cpu, 0), system.alloc(cpu, 0)]).toEqual([b, a]);
  });

  it('moves the pages that were freed longest ago from a long list to the zone', () => {
    const { system } = testMemory({ system: 256, cpus: 2 });
    const taken = Array.from({ length: 256 }, () => system.alloc(cpu, 0));
    expect(system.alloc(cpu, 0)).toBe(NO_PAGE);
    for (const page of taken) system.free(other, page);
    expect(system.freePages).toBe(256);
    let got = 0;
    while (system.alloc(cpu, 0) !== NO_PAGE) got++;
    expect(got).toBeGreaterThanOrEqual(256 - 32);
    expect(system.freePages).toBe(256 - got);
    expect(system.alloc(other, 0)).toBe(taken.at(-1));
  });

  it('never allocates a page twice, and loses none', () => {
    const step = fc.record({
      take: fc.boolean(),
      order: fc.nat(MAX_ORDER),
      cpu: fc.nat(1),
      which: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
        const { pages, system } = testMemory({ system: 96, cpus: 2 });
        const holder = new Map<number, number>();
        const held: { pfn: number; order: number }[] = [];
        for (const made of steps) {
          if (made.take) {
            const pfn = system.alloc(cpus[made.cpu]!, made.order);
            if (pfn === NO_PAGE) continue;
            if (pfn % (1 << made.order) !== 0) throw new Error(`page ${pfn} is not aligned to order ${made.order}`);
            for (let at = pfn; at < pfn + (1 << made.order); at++) {
              if (holder.has(at) || at < FIRST_SYSTEM || at >= FIRST_SYSTEM + 96) throw new Error(`page ${at} again`);
              holder.set(at, pfn);
            }
            held.push({ pfn, order: made.order });
          } else if (held.length > 0) {
            const [{ pfn, order }] = held.splice(made.which % held.length, 1) as [(typeof held)[0]];
            for (let at = pfn; at < pfn + (1 << order); at++) holder.delete(at);
            pages.put(pfn);
            system.free(cpus[made.cpu]!, pfn);
          }
          expect(system.freePages).toBe(96 - holder.size);
        }
        for (const { pfn } of held) {
          pages.put(pfn);
          system.free(cpu, pfn);
        }
        expect(system.freePages).toBe(96);
      }),
      { numRuns: 200 },
    );
  });

  it.each([1, 2, 3, 4, MAX_ORDER])('allocates all of its memory as blocks of order %i', (order) => {
    const { system } = testMemory({ system: 96 });
    const taken: number[] = [];
    for (let pfn = system.alloc(cpu, order); pfn !== NO_PAGE; pfn = system.alloc(cpu, order)) taken.push(pfn);
    const blocks = Array.from({ length: 96 >> order }, (_, block) => FIRST_SYSTEM + (block << order));
    expect(taken.sort((a, b) => a - b)).toEqual(blocks);
    for (const pfn of taken) system.free(cpu, pfn);
    expect(system.freePages).toBe(96);
  });

  it.each([-1, 0.5, Number.NaN, MAX_ORDER + 1])('refuses order %d, and loses no page', (order) => {
    const { system } = testMemory({ system: 64 });
    expect(() => system.alloc(cpu, order)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    expect(system.freePages).toBe(64);
  });

  it('has all pages free after a reset', () => {
    const { system } = testMemory({ system: 64 });
    while (system.alloc(cpu, FRAG_ORDER) !== NO_PAGE);
    expect(system.freePages).toBe(0);
    system.reset();
    expect(system.freePages).toBe(64);
    expect(system.alloc(cpu, FRAG_ORDER)).not.toBe(NO_PAGE);
  });
});
