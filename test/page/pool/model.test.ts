/** Random calls of a page pool and of one in lists and sums: each decision, count and event must be the same. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_PAGE } from '../../../lib/page/page-table.js';
import { ALL_BYTES } from '../../../lib/page/pool/page-cycle.js';
import { PAGE_POOL_DEFAULTS } from '../../../lib/page/pool/page-pool-parameters.js';
import { countsOf, PageWorld, pagePoolRig } from './fixtures/page-world.js';
import { NaivePagePool } from './naive-page-pool.js';

const cpu = fc.nat({ max: 3 });
const context = fc.constantFrom(0, 1) as fc.Arbitrary<0 | 1>;
const bytes = fc.oneof(fc.integer({ min: 1, max: 4200 }), fc.integer({ min: 1, max: 33000 }));
const call = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('alloc' as const), cpu }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('allocFrag' as const), cpu, bytes }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('put' as const), cpu, context, which: fc.nat(), isDirect: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('putBulk' as const),
      cpu,
      context,
      count: fc.integer({ min: 0, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('get' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), which: fc.nat(), cpu }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('setNode' as const), cpu, node: fc.constantFrom(-1, 0, 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('world' as const),
      bulkLimit: fc.constantFrom(0, 1, 64, 64),
      isEmpty: fc.constantFrom(false, false, true),
      bad: fc.constantFrom('unmappable', 'unindexable', 'reserve') as fc.Arbitrary<
        'unmappable' | 'unindexable' | 'reserve'
      >,
      pages: fc.uniqueArray(fc.nat({ max: 200 }), { maxLength: 20 }),
    }),
  },
);
const parameters = fc.record({
  order: fc.constantFrom(0, 0, 3),
  ringSlots: fc.constantFrom(1, 2, 4, 31, 32, 40),
  cachePages: fc.constantFrom(2, 8, 16),
  node: fc.constantFrom(-1, 0, 1),
  flags: fc.constantFrom(0, 1, 3),
  syncBytes: fc.constantFrom(100, 4096),
  syncOffset: fc.constantFrom(0, 64),
  cpu: fc.constantFrom(-1, 0, 1),
});

type Call = typeof call extends fc.Arbitrary<infer Of> ? Of : never;

class Pair {
  readonly #rig;
  readonly #naive: NaivePagePool;
  /** One entry for each fragment that a user holds. */
  readonly #held: number[] = [];
  readonly #referred: number[] = [];

  constructor(given: typeof parameters extends fc.Arbitrary<infer Of> ? Of : never) {
    this.#rig = pagePoolRig(given);
    this.#naive = new NaivePagePool(new PageWorld(), { ...PAGE_POOL_DEFAULTS, ...given });
  }

  #both(does: (world: PageWorld) => void): void {
    does(this.#rig.world);
    does(this.#naive.world);
  }

  play(call: Call): void {
    const { pagePool, cpus } = this.#rig;
    const naive = this.#naive;
    const by = cpus['cpu' in call ? call.cpu : 0]!;
    by.context = 'context' in call ? call.context : 1;
    const pick = (from: number[], which: number) => from.splice(which % from.length, 1)[0]!;
    switch (call.kind) {
      case 'alloc':
        this.#took(pagePool.cycle.alloc(by), naive.alloc(by));
        break;
      case 'allocFrag':
        this.#took(pagePool.fragments.alloc(by, call.bytes), naive.allocFrag(by, call.bytes));
        break;
      case 'put': {
        if (this.#held.length === 0) break;
        const pfn = pick(this.#held, call.which);
        pagePool.cycle.put(by, pfn, ALL_BYTES, call.isDirect);
        naive.put(by, [pfn], call.isDirect, false);
        break;
      }
      case 'putBulk': {
        const pages = this.#held.splice(0, call.count);
        pagePool.cycle.putBulk(by, Int32Array.from(pages), pages.length);
        naive.put(by, pages, false, true);
        break;
      }
      case 'get': {
        const all = [...naive.pages.keys()];
        if (all.length === 0) break;
        const pfn = all[call.which % all.length]!;
        this.#referred.push(pfn);
        this.#both(({ counts }) => counts[pfn]!++);
        break;
      }
      case 'drop': {
        if (this.#referred.length === 0) break;
        const pfn = pick(this.#referred, call.which);
        this.#both((world) => world.put(by, pfn));
        break;
      }
      case 'setNode':
        pagePool.cycle.setNode(by, call.node);
        naive.setNode(by, call.node);
        break;
      case 'world':
        this.#both((world) => {
          world.bulkLimit = call.bulkLimit;
          world.isEmpty = call.isEmpty;
          world[call.bad].clear();
          for (const pfn of call.pages) world[call.bad].add(pfn);
        });
    }
    this.compare();
  }

  #took(real: number, naive: number): void {
    expect(real).toBe(naive);
    if (real !== NO_PAGE) this.#held.push(real);
  }

  compare(): void {
    const { pagePool, world, netmem } = this.#rig;
    const { cycle, fragments, held } = pagePool;
    const naive = this.#naive;
    expect(world.take()).toEqual(naive.world.take());
    expect({
      cache: cycle.cachedPages(),
      ring: cycle.ring.pages(),
      spent: cycle.ring.spent,
      counts: countsOf(pagePool),
      inFlight: held.inFlight,
      carved: { page: fragments.page, end: fragments.end, users: fragments.users },
    }).toEqual({
      cache: naive.cache,
      ring: naive.ring,
      spent: naive.spent,
      counts: naive.counts,
      inFlight: naive.pages.size,
      carved: naive.carved,
    });
    for (const [pfn, { fragments: count, mapping }] of naive.pages) {
      expect([netmem.poolOf(pfn), netmem.fragments(pfn), netmem.mappingIndex(pfn)]).toEqual([7, count, mapping ?? 0]);
    }
  }

  /** Destroys both, gives all pages back, and expects that none is left. */
  end(): void {
    const { pagePool, cpus, world } = this.#rig;
    const [by] = cpus;
    by!.context = 0;
    pagePool.destroy(by!);
    this.#naive.destroy(by!);
    this.compare();
    if (this.#naive.pages.size > 0) {
      for (const pfn of this.#held.splice(0)) {
        pagePool.cycle.put(by!, pfn, ALL_BYTES, false);
        this.#naive.put(by!, [pfn], false, false);
      }
      pagePool.retry(by!);
      this.#naive.retry(by!);
      this.compare();
    }
    for (const pfn of this.#referred) this.#both((of) => of.put(by!, pfn));
    expect(world.counts.every((count) => count === 0)).toBe(true);
  }
}

describe('a page pool', () => {
  it('decides as one in lists and sums does, and loses no page', () => {
    fc.assert(
      fc.property(parameters, fc.array(call, { maxLength: 80 }), (given, calls) => {
        const pair = new Pair(given);
        for (const one of calls) pair.play(one);
        pair.end();
      }),
      { numRuns: 150 },
    );
  });
});
