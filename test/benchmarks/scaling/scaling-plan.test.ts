/** Plans for hosts that are not there: what would be measured on them, and within which limits. Nothing runs. */
import { describe, expect, it } from '@jest/globals';
import { scaledKernels } from '../../../benchmarks/scaling/copy-cells.js';
import { cpuOrder } from '../../../benchmarks/scaling/cpu-order.js';
import {
  MEMORY_SHARE,
  NODE_SAMPLE_MS,
  type PathPoint,
  type Point,
  pathConfig,
  points,
  sampleTimes,
  scalingPlan,
} from '../../../benchmarks/scaling/scaling-plan.js';
import { defaultSettings, EFFORTS, type Effort } from '../../../lib/bench/plan/settings.js';
import { cpuThreads, hasWorker } from '../../../lib/machine/build/sizing.js';
import { GIB, MIB } from '../../../lib/units.js';
import { type HostShape, hostOf } from '../fixtures/hosts.js';

const HOSTS: Readonly<Record<string, HostShape>> = {
  '1 CPU': { cores: 1 },
  '2 CPUs': { cores: 2 },
  '16 CPUs': { cores: 8, threads: 2 },
  '24 CPUs': { cores: 24 },
  '64 CPUs': { cores: 64, nodes: 8 },
  '256 CPUs': { cores: 128, threads: 2, nodes: 8 },
  'a hybrid': { cores: 6, threads: 2, efficient: 8 },
};
const NAMES = Object.keys(HOSTS);

function planOf(shape: HostShape, effort: Effort = 'default', availableBytes = 512 * GIB) {
  const { host, cpus } = hostOf(shape);
  const settings = defaultSettings(effort, cpus, 1);
  return { plan: scalingPlan(settings, host, availableBytes), settings };
}

const addedOf = (all: readonly Point[]) =>
  all.flatMap(({ cpus, added }) => (added === undefined ? [] : [[cpus, added]]));
const countsOf = (all: readonly { cpus: number }[]) => [...new Set(all.map(({ cpus }) => cpus))];
const ownOf = (path: readonly PathPoint[], cpus: number) =>
  path.find((point) => point.cpus === cpus && point.sharing === 'own')!;

describe('points', () => {
  const of = (shape: HostShape, effort: Effort, limit = 1024) => {
    const { host, cpus } = hostOf(shape);
    return points(cpuOrder(cpus, host), effort, limit);
  };

  it('are powers of two, all CPUs, and the number before each new kind, marked with what was added', () => {
    expect(of({ cores: 1 }, 'default')).toEqual([{ cpus: 1 }]);
    expect(of({ cores: 2 }, 'quick')).toEqual([{ cpus: 1 }, { cpus: 2 }]);
    const twelve = of({ cores: 12, threads: 2 }, 'default');
    expect(countsOf(twelve)).toEqual([1, 2, 4, 8, 12, 16, 24]);
    expect(addedOf(twelve)).toEqual([[16, '+ siblings']]);
    const hybrid = of(HOSTS['a hybrid']!, 'default');
    expect(countsOf(hybrid)).toEqual([1, 2, 4, 6, 8, 14, 16, 20]);
    expect(addedOf(hybrid)).toEqual([
      [8, '+ efficiency cores'],
      [16, '+ siblings'],
    ]);
  });

  it('are powers of four in a quick run, and end at a limit', () => {
    expect(countsOf(of(HOSTS['256 CPUs']!, 'quick'))).toEqual([1, 4, 16, 64, 128, 256]);
    expect(countsOf(of(HOSTS['256 CPUs']!, 'full', 64))).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(countsOf(of({ cores: 24 }, 'full', 20))).toEqual([1, 2, 4, 8, 16, 20]);
  });
});

describe('scalingPlan', () => {
  it('shares a queue and an area among all CPUs, or gives each its own as far as a machine has them', () => {
    const { path } = planOf(HOSTS['256 CPUs']!).plan;
    expect(path[0]).toMatchObject({ cpus: 1, sharing: 'one', queues: 1, areas: 1 });
    expect(path.filter(({ cpus }) => cpus === 1)).toHaveLength(1);
    for (const point of path.filter(({ sharing }) => sharing === 'shared')) {
      expect(point).toMatchObject({ queues: 1, areas: 1 });
    }
    const { path: of24 } = planOf(HOSTS['24 CPUs']!).plan;
    expect(ownOf(path, 16)).toMatchObject({ queues: 16, areas: 16 });
    expect(ownOf(path, 64)).toMatchObject({ queues: 16, areas: 64 });
    expect(ownOf(of24, 24)).toMatchObject({ queues: 24, areas: 32 });
  });

  it('ends the path at the CPUs of a machine, and lets copies go on', () => {
    const { path, copies } = planOf(HOSTS['256 CPUs']!).plan;
    expect([Math.max(...countsOf(path)), Math.max(...countsOf(copies))]).toEqual([64, 256]);
  });

  it('has a slot pool with room for the send buffers of all senders, and the usual one for few', () => {
    const { path } = planOf(HOSTS['64 CPUs']!).plan;
    const pools = path.map(({ cpus, pool }) => [cpus, pool / MIB]);
    expect(pools).toEqual(
      expect.arrayContaining([
        [1, 64],
        [8, 64],
        [16, 128],
        [64, 512],
      ]),
    );
  });

  it.each(NAMES)('never has more threads than CPUs, on a host of %s', (name) => {
    const { plan, settings } = planOf(HOSTS[name]!);
    const odd = { ...settings, device: 'read', growths: ['pools'], designs: ['bounce'] } as typeof settings;
    for (const point of plan.path) {
      const config = pathConfig('bounce-pages', point, odd);
      const { count } = config.cpus;
      expect({ count, threads: cpuThreads(config), hasWorker: hasWorker(config) }).toEqual({
        count: point.cpus,
        threads: point.cpus,
        hasWorker: false,
      });
      expect(config.sockets.senders).toBe(count);
      expect(count).toBeLessThanOrEqual(plan.order.cpus.length);
    }
    expect(new Set(plan.order.cpus).size).toBe(settings.cpus.length);
  });

  it.each(NAMES.flatMap((name) => EFFORTS.map((effort) => [name, effort] as const)))(
    'fits the rounds of a run into its time, on a host of %s with effort %s',
    (name, effort) => {
      const { plan, settings } = planOf(HOSTS[name]!, effort);
      const { pathMs, copiesMs } = sampleTimes(settings);
      const siblings = plan.order.siblings === null ? 0 : 1;
      const lines = 2 * scaledKernels().length;
      const roundMs =
        3 * (plan.path.length + siblings) * 1.2 * pathMs +
        lines * (plan.copies.length + siblings) * (copiesMs + 5 + plan.copies.at(-1)!.cpus / 10) +
        plan.nodes.pairs.length * NODE_SAMPLE_MS;
      expect(roundMs).toBeLessThan(settings.limitMs / (settings.minRounds + 1));
    },
  );

  it.each(NAMES.flatMap((name) => [512 * GIB, 8 * GIB, GIB].map((bytes) => [name, bytes] as const)))(
    'keeps within its share of the memory, on a host of %s with %i bytes available',
    (name, bytes) => {
      const { plan } = planOf(HOSTS[name]!, 'full', bytes);
      const { ramBytes, partBytes, copies, leftOut, path } = plan;
      const isSmallest = path.length === 1;
      if (!isSmallest) expect(ramBytes).toBeLessThanOrEqual(MEMORY_SHARE * bytes);
      const all = copies.at(-1)!.cpus;
      expect(all * partBytes).toBeLessThanOrEqual(MEMORY_SHARE * bytes + all * 4 * MIB);
      expect(partBytes % (2 * MIB)).toBe(0);
      for (const cpus of leftOut) expect(path.some((point) => point.cpus === cpus)).toBe(false);
      expect(path[0]!.cpus).toBe(1);
    },
  );

  it('walks through more than the last-level cache where there is memory, and leaves nothing out', () => {
    for (const name of NAMES) {
      const { partBytes, cacheBytes, leftOut } = planOf(HOSTS[name]!).plan;
      expect({ name, isLarge: partBytes / 2 > cacheBytes, leftOut }).toEqual({ name, isLarge: true, leftOut: [] });
    }
    expect(planOf(HOSTS['64 CPUs']!, 'full', 2 * GIB).plan.leftOut).toEqual([16, 32, 64]);
  });
});
