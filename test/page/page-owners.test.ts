import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { LeakedBlocks, PageOwners } from '../../lib/page/page-owners.js';
import { PAGE_TYPE, type PageKind } from '../../lib/page/page-type.js';
import { Arena } from '../../lib/smp/arena.js';
import { testCpu } from '../smp/fixtures/cpus.js';

const cpu = testCpu();
const KINDS = Object.keys(PAGE_TYPE) as PageKind[];

function twoThreads() {
  const arena = Arena.for((counting) => new LeakedBlocks(counting));
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const leaked = new LeakedBlocks(arena);
  const owners = new PageOwners(leaked, warn);
  const elsewhere = new PageOwners(new LeakedBlocks(Arena.over(arena.buffer!)), warn);
  return { leaked, owners, elsewhere, warnings };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('PageOwners', () => {
  it('calls the owner of the type and no other', () => {
    const { owners, leaked } = twoThreads();
    const freed: string[] = [];
    for (const kind of KINDS) {
      owners.register(kind, { free: (by, pfn, batched) => freed.push(`${kind} ${pfn} ${batched} on ${by.id}`) > 0 });
    }
    for (const [at, kind] of KINDS.entries()) owners.free(cpu, at, PAGE_TYPE[kind], at % 2 === 0);
    expect(freed).toEqual(KINDS.map((kind, at) => `${kind} ${at} ${at % 2 === 0} on 0`));
    expect(leaked.count).toBe(0);
  });

  it('calls the owner of a type that has a number only, and accepts one', () => {
    const { owners } = twoThreads();
    const freed: number[] = [];
    owners.register(0x80, { free: (_cpu, pfn) => freed.push(pfn) > 0 });
    owners.free(cpu, 7, 0x80, false);
    expect(freed).toEqual([7]);
    const owned = expect.objectContaining({ code: 'ERR_TYPE_OWNED', message: 'page type 0x80 has an owner already' });
    expect(() => owners.register(0x80, { free: () => true })).toThrow(owned);
  });

  it.each(['myPages', 'toString', '', 0x42, 0xff, 128.5, Number.NaN, undefined, null])(
    'refuses %p, which is no page type',
    (kind) => {
      const { owners } = twoThreads();
      const refused = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });
      expect(() => owners.register(kind as PageKind, { free: () => true })).toThrow(refused);
    },
  );

  it.each(KINDS)('accepts one owner for %s', (kind) => {
    const { owners, elsewhere } = twoThreads();
    const owner = { free: () => true };
    owners.register(kind, owner);
    const owned = expect.objectContaining({ code: 'ERR_TYPE_OWNED', details: { kind, type: PAGE_TYPE[kind] } });
    expect(() => owners.register(kind, owner)).toThrow(owned);
    expect(() => owners.register(kind, { free: () => true })).toThrow(owned);
    elsewhere.register(kind, owner); // another thread's
  });

  it('counts every block that it leaks, and warns once for each type, whichever thread meets it', () => {
    const { owners, elsewhere, leaked, warnings } = twoThreads();
    owners.register('guard', { free: () => true });
    for (const type of [PAGE_TYPE.slab, 0x80, PAGE_TYPE.slab, 0xfe, PAGE_TYPE.guard]) {
      owners.free(cpu, 7, type, false);
      elsewhere.free(cpu, 8, type === PAGE_TYPE.guard ? PAGE_TYPE.slab : type, true);
    }
    expect(warnings).toEqual([
      'page 7 of type 0xf5 is leaked: no owner of that page type is registered',
      'page 7 of type 0x80 is leaked: no owner of that page type is registered',
      'page 7 of type 0xfe is leaked: no owner of that page type is registered',
    ]);
    expect({
      leakedOf: leaked.of(PAGE_TYPE.slab),
      ofOf0x80: leaked.of(0x80),
      ofOf0xfe: leaked.of(0xfe),
      count: leaked.count,
    }).toEqual({ leakedOf: 5, ofOf0x80: 2, ofOf0xfe: 2, count: 9 });
    leaked.reset();
    expect(leaked.count).toBe(0);
  });

  it('warns through process.emitWarning by default', () => {
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const owners = new PageOwners(twoThreads().leaked);
    for (const pfn of [7, 8]) owners.free(cpu, pfn, PAGE_TYPE.hugetlb, false);
    expect(emit.mock.calls).toEqual([[expect.stringMatching(/page 7 .* 0xf4/), { code: 'COPYTAX_LEAKED_PAGE' }]]);
  });
});
