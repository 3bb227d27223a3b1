/** The cells of the scenario, and the atomic operations that it counts. No test depends on a speed. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FRAGMENTS, lifetimeCost } from '../../../benchmarks/lifetime-cost/lifetime-cost.js';
import { type LifetimePlan, OPERATIONS } from '../../../benchmarks/lifetime-cost/lifetime-loop.js';
import { LIFETIMES, type LifetimeName } from '../../../benchmarks/lifetime-cost/lifetime-rig.js';
import { LifetimeThreads } from '../../../benchmarks/lifetime-cost/lifetime-threads.js';
import { addon } from '../../../lib/addon/addon.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { withCells } from '../fixtures/opened.js';

const [first, second = first] = addon().affinity() as [number, ...number[]];
const NEVER = new AbortController().signal;
const PLANS: readonly LifetimePlan[] = OPERATIONS.flatMap((operation) =>
  FRAGMENTS.map((fragments) => ({ operation, fragments, groups: 2 })),
);

describe('a thread of the lifetime benchmark', () => {
  const threads = new LifetimeThreads([first, second]);
  beforeAll(() => threads.open(LIFETIMES));
  afterAll(() => threads.close());

  /** Atomic operations that write, beyond those of an skb whose fragments hold nothing. */
  async function countsOf(lifetime: LifetimeName): Promise<{ plan: LifetimePlan; writes: number; loads: number }[]> {
    const [own, all] = await Promise.all([threads.count('none', PLANS), threads.count(lifetime, PLANS)]);
    return PLANS.map((plan, at) => ({
      plan,
      writes: all[at]!.writes - own[at]!.writes,
      loads: all[at]!.loads - own[at]!.loads,
    }));
  }

  it('counts one get and one put of a page for each fragment, and for each one that is copied or divided', async () => {
    for (const { plan, writes } of await countsOf('page')) {
      const { operation, fragments } = plan;
      const held = { send: fragments, clone: fragments, 'copy array': 2 * fragments, split: fragments + 1 };
      expect({ plan, writes }).toEqual({ plan, writes: 2 * held[operation] });
    }
  });

  it('counts nothing for a piece of a page of a page pool that is made, one put, and a get for a copy', async () => {
    for (const { plan, writes, loads } of await countsOf('page-pool')) {
      const { operation, fragments } = plan;
      const copied = { send: 0, clone: 0, 'copy array': fragments, split: 1 }[operation];
      // A put looks first whether the piece is the last one.
      expect({ plan, writes, loads }).toEqual({ plan, writes: fragments + 2 * copied, loads: fragments + copied });
    }
  });

  it('counts one get and one put of an owner for each skb, whatever the number of fragments', async () => {
    for (const { plan, writes } of await countsOf('owner')) {
      // An skb outside the ring of its socket, of which there is one more, is also counted by its owner.
      const held = { send: 1, clone: 1, 'copy array': 3, split: 3 };
      expect({ plan, writes }).toEqual({ plan, writes: 2 * held[plan.operation] });
    }
  });

  it('counts for the skb itself one drop of a reference for each holder, and one free of each record', async () => {
    const counts = await threads.count('none', PLANS);
    const own = { send: 2, clone: 3, 'copy array': 4, split: 4 };
    expect(counts.map(({ writes }) => writes)).toEqual(PLANS.map(({ operation }) => own[operation]));
  });

  it.each(LIFETIMES)('makes and releases skbs of lifetime %s, on one CPU and on two', async (lifetime) => {
    for (const plan of PLANS) {
      const replies = [await threads.run(lifetime, plan)];
      if (plan.fragments === 2) replies.push(await threads.runOnTwo(lifetime, plan));
      for (const { acquireNs, releaseNs } of replies) {
        expect(acquireNs).toBeGreaterThan(0);
        expect(releaseNs).toBeGreaterThan(0);
      }
    }
  });
});

describe('lifetimeCost', () => {
  it('has each operation at each number of fragments, and sends that another CPU releases', async () => {
    const { cells } = await lifetimeCost(defaultSettings('quick', [first, second], 5));
    const kinds = [...OPERATIONS.map((operation) => ['same CPU', operation]), ['other CPU', 'send']];
    const expected = kinds.flatMap(([releaser, operation]) =>
      FRAGMENTS.flatMap((fragments) => LIFETIMES.map((lifetime) => ({ lifetime, releaser, operation, fragments }))),
    );
    expect(cells.map(({ params }) => params)).toEqual(expected);
  });

  it('releases nothing on another CPU where there is none', async () => {
    const { cells } = await lifetimeCost(defaultSettings('quick', [first], 5));
    expect(new Set(cells.map(({ params }) => params.releaser))).toEqual(new Set(['same CPU']));
  });

  it('compares page references with the other lifetimes', async () => {
    const { ratios, cells } = await lifetimeCost(defaultSettings('quick', [first, second], 5));
    const others = LIFETIMES.filter((lifetime) => lifetime !== 'none' && lifetime !== 'page');
    expect(ratios).toHaveLength((cells.length / LIFETIMES.length) * others.length);
    for (const { id, of, to } of ratios) {
      const other = others.find((lifetime) => to.includes(`/${lifetime}/`))!;
      expect({ id, of: of.replace('/page/', `/${other}/`) }).toEqual({
        id: of.replace('/page/', `/page:${other}/`),
        of: to,
      });
    }
  });

  it('measures nanoseconds, beside the parts of both CPUs and the counts', async () => {
    const scenario = await lifetimeCost(defaultSettings('quick', [first, second], 5));
    const some = scenario.cells.filter(({ params }) => params.fragments === 2 && params.operation !== 'clone');
    await withCells(scenario, some, async () => {
      for (const cell of some) {
        const { value, durationMs, ledger, pulseNs } = await cell.sample(NEVER);
        expect(durationMs).toBeCloseTo((value! * cell.batch) / 1e6, 6);
        expect(ledger!['own:acquireNs']! + ledger!['own:releaseNs']!).toBeCloseTo(value!, 6);
        const cpus = cell.params.releaser === 'same CPU' ? 1 : 2;
        expect(pulseNs).toEqual(Array(cpus).fill(expect.any(Number)));
        expect(ledger!['own:atomicWrites']).toBeGreaterThanOrEqual(2);
        expect(ledger!['own:atomicLoads']).toBeGreaterThanOrEqual(0);
      }
    });
  });
});
