import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PAGE_TYPE } from '../../lib/page/page-type.js';
import { Folios, type FoliosSpec, type PageType } from '../../lib/slots/folios.js';

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('Folios', () => {
  it('counts references of a block by any of its pages, and frees it at the last put', () => {
    const folios = new Folios({ pages: 64 });
    const block = folios.alloc(3)!;
    expect([folios.get(block), folios.get(block + 7), folios.refs(block + 3), folios.free]).toEqual([2, 3, 3, 56]);
    folios.put(block + 1);
    folios.put(block);
    folios.put(block);
    expect([folios.refs(block), folios.free]).toEqual([0, 64]);
    expect(() => folios.put(block)).toThrow(code('ERR_DOUBLE_FREE'));
    expect(() => folios.get(block)).toThrow(code('ERR_DOUBLE_FREE'));
    expect([folios.refs(block), folios.free]).toEqual([0, 64]);
  });

  it.each([-1, 6, 0.5, Number.NaN, '1', null])('refuses order %p', (order) => {
    expect(() => new Folios({ pages: 64 }).alloc(order as number)).toThrow(code('ERR_OUT_OF_RANGE'));
  });

  it.each([-1, 64, 0.5, Number.NaN, '1', undefined, null])('refuses page %p', (wrong) => {
    const folios = new Folios({ pages: 64 });
    const pfn = wrong as number;
    const type = folios.defineType('mine', () => false);
    const calls: (() => unknown)[] = [
      () => folios.get(pfn),
      () => folios.put(pfn),
      () => folios.refs(pfn),
      () => folios.owner(pfn),
    ];
    for (const call of [...calls, () => folios.reuse(pfn), () => folios.setType(pfn, type)]) {
      expect(call).toThrow(code('ERR_OUT_OF_RANGE'));
    }
  });

  it.each([
    ['ERR_OUT_OF_RANGE', { pages: 0 }],
    ['ERR_OUT_OF_RANGE', { pages: Number.NaN }],
    ['ERR_OUT_OF_RANGE', { pages: 2 ** 23 }],
    ['ERR_UNKNOWN_OPTION', { pages: 64, order: 3 }],
    ['ERR_INVALID_ARG_TYPE', undefined],
  ])('throws %s for %j', (expected, spec) => {
    expect(() => new Folios(spec as FoliosSpec)).toThrow(code(expected));
  });

  it('allocates no page twice, loses none, and can allocate all that is free', () => {
    const step = fc.record({ order: fc.nat(5), puts: fc.boolean(), which: fc.nat() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.array(step, { maxLength: 200, size: 'max' }), (pages, steps) => {
        const folios = new Folios({ pages });
        const owners = new Uint8Array(pages);
        const held: { pfn: number; order: number }[] = [];
        for (const { order, puts, which } of steps) {
          if (puts && held.length > 0) {
            const [block] = held.splice(which % held.length, 1) as [(typeof held)[0]];
            owners.fill(0, block.pfn, block.pfn + (1 << block.order));
            folios.put(block.pfn);
          } else {
            const pfn = folios.alloc(order);
            const starts = Array.from({ length: Math.floor(pages / (1 << order)) }, (_, at) => at << order);
            const isRoom = starts.some((at) => owners.subarray(at, at + (1 << order)).every((owner) => owner === 0));
            expect(pfn !== null).toBe(isRoom);
            if (pfn === null) continue;
            const taken = owners.subarray(pfn, pfn + (1 << order));
            expect([pfn % (1 << order), taken.length, taken.some((owner) => owner !== 0)]).toEqual([
              0,
              1 << order,
              false,
            ]);
            taken.fill(1);
            held.push({ pfn, order });
          }
          expect(folios.free).toBe(owners.filter((owner) => owner === 0).length);
        }
        for (const { pfn } of held) folios.put(pfn);
        expect(folios.free).toBe(pages);
      }),
      { numRuns: 100 },
    );
  });
});

describe('Folios.defineType', () => {
  it('gives names of Linux their numbers, and others numbers of their own', () => {
    const folios = new Folios({ pages: 8 });
    const types: PageType[] = ['slab', 'mine', 'toString'].map((name) => folios.defineType(name, () => false));
    expect(types.map(({ number }) => number)).toEqual([PAGE_TYPE.slab, 0x80, 0x81]);
    expect(() => folios.defineType('mine', () => false)).toThrow(code('ERR_TYPE_OWNED'));
  });

  it('has numbers for 112 types of ones own', () => {
    const folios = new Folios({ pages: 8 });
    for (let at = 0; at < 112; at++) folios.defineType(`own ${at}`, () => false);
    expect(() => folios.defineType('another', () => false)).toThrow(code('ERR_OUT_OF_RANGE'));
    expect(folios.defineType('guard', () => false).number).toBe(PAGE_TYPE.guard);
  });

  it.each<[unknown, unknown]>([
    ['', () => false],
    [5, () => false],
    ['mine', undefined],
    ['mine', true],
  ])('refuses %p with %p', (name, onFree) => {
    const folios = new Folios({ pages: 8 });
    const define = () => folios.defineType(name as string, onFree as () => boolean);
    expect(define).toThrow(code('ERR_INVALID_ARG_TYPE'));
  });
});

describe('a page with a type', () => {
  it('is kept at its last put when the type says so, and is used again', () => {
    const folios = new Folios({ pages: 8 });
    const seen: [number, number][] = [];
    let keeps = true;
    const mine = folios.defineType('mine', (pfn) => {
      seen.push([pfn, folios.owner(pfn)]);
      return keeps;
    });
    const block = folios.alloc(1)!;
    folios.setType(block, mine, 2 ** 24 - 1);
    folios.put(block);
    expect([folios.free, folios.refs(block), folios.owner(block)]).toEqual([6, 0, 2 ** 24 - 1]);
    expect(() => folios.put(block)).toThrow(code('ERR_DOUBLE_FREE'));
    expect(() => folios.get(block)).toThrow(code('ERR_DOUBLE_FREE'));
    folios.reuse(block);
    expect(() => folios.reuse(block)).toThrow(code('ERR_BAD_ADDRESS'));
    keeps = false;
    folios.put(block + 1);
    expect(seen).toEqual([
      [block, 2 ** 24 - 1],
      [block, 2 ** 24 - 1],
    ]);
    expect([folios.free, folios.owner(block)]).toEqual([8, 0]);
    expect(() => folios.reuse(block)).toThrow(code('ERR_BAD_ADDRESS'));
  });

  it('is set once, on the first page of a referenced block, with a type of the same Folios', () => {
    const folios = new Folios({ pages: 8 });
    const mine = folios.defineType('mine', () => false);
    const other = new Folios({ pages: 8 }).defineType('mine', () => false);
    const block = folios.alloc(1)!;
    expect(() => folios.setType(block + 1, mine)).toThrow(code('ERR_BAD_ADDRESS'));
    for (const wrong of [other, { ...mine }, 0x80, 'mine', null, undefined]) {
      expect(() => folios.setType(block, wrong as PageType)).toThrow(code('ERR_INVALID_ARG_TYPE'));
    }
    for (const owner of [2 ** 24, -1, 0.5, Number.NaN, Symbol(), Object.create(null), 1n, '1', null]) {
      expect(() => folios.setType(block, mine, owner as number)).toThrow(code('ERR_OUT_OF_RANGE'));
    }
    folios.setType(block, mine);
    expect(() => folios.setType(block, mine)).toThrow(code('ERR_WRONG_KIND'));
    folios.put(block);
    expect(() => folios.setType(block, mine)).toThrow(code('ERR_DOUBLE_FREE'));
  });

  it('is freed although the type fails, and the failure is told', () => {
    const folios = new Folios({ pages: 8 });
    const failing = folios.defineType('failing', () => {
      throw new Error('on purpose');
    });
    const silent = folios.defineType('silent', () => undefined as unknown as boolean);
    for (const [type, expected] of [
      [failing, 'on purpose'],
      [silent, 'what onFree returns must be true or false, not undefined'],
    ] as const) {
      const pfn = folios.alloc()!;
      folios.setType(pfn, type, 3);
      expect(() => folios.put(pfn)).toThrow(expected);
      expect([folios.free, folios.owner(folios.alloc()!)]).toEqual([8, 0]);
      folios.put(0);
    }
  });

  it('may be asked while it uses the allocator, but cannot take its own block back', () => {
    const folios = new Folios({ pages: 8 });
    const taken: (number | null)[] = [];
    const mine = folios.defineType('mine', (pfn) => {
      expect(() => folios.reuse(pfn)).toThrow(code('ERR_BAD_ADDRESS'));
      expect(() => folios.put(pfn)).toThrow(code('ERR_DOUBLE_FREE'));
      taken.push(folios.alloc(2));
      return false;
    });
    const pfn = folios.alloc()!;
    folios.setType(pfn, mine);
    folios.put(pfn);
    expect([taken, folios.free]).toEqual([[4], 4]);
  });
});
