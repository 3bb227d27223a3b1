/** What is counted of the copies of a sample: with counters that a test has, and copies that count what it says. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Copies, SurfaceRig } from '../../../benchmarks/copy-surface/surface-rig.js';
import { addon } from '../../../lib/addon/addon.js';
import { BatchCounts, CounterLender } from '../../../lib/bench/counters/batch-counts.js';
import { Counters } from '../../../lib/bench/counters/counters.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import type { Cell, Scenario } from '../../../lib/bench/plan/scenario.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import type { TimedCopyOptions } from '../../../lib/memory/copy.js';
import * as real from '../../../lib/memory/copy.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { random } from '../../../lib/random.js';
import { KIB, MIB } from '../../../lib/units.js';
import { fakeCounters } from '../../bench/counters/fixtures/fake-counters.js';
import { lastLevelCache } from '../../bench/fixtures/memory-facts.js';
import { withCells } from '../fixtures/opened.js';

/** Cycles of each KiB that the last batch of a call copies; of others as many and a thousand more. */
const CYCLES_PER_KIB = 7;
/** Of each call that timed copies: bytes of a batch, and whether it was counted. */
let calls: { readonly counted: boolean; readonly bytes: number }[] = [];
const timed = (spec: TimedCopyOptions, samples: number, ns?: Float64Array, counts?: Float64Array): Float64Array => {
  const times = real.timedCopy(spec, samples, ns);
  const bytes = spec.bytes * spec.batch;
  calls.push({ counted: counts !== undefined, bytes });
  const cycles = (CYCLES_PER_KIB * bytes) / KIB;
  for (let sample = 0; counts !== undefined && sample < samples; sample++) {
    counts.set([sample === samples - 1 ? cycles : cycles + 1000, 10, 10], 3 * sample);
  }
  return times;
};
jest.unstable_mockModule('../../../lib/memory/copy.js', () => ({ ...real, timedCopy: timed }));

const [cpu = 0, otherCpu = cpu] = addon().affinity();
const SPANS = {
  l2: { chunkBytes: 64 * KIB, walkBytes: 96 * KIB },
  llc: { chunkBytes: 64 * KIB, walkBytes: 512 * KIB },
  cacheBytes: MIB,
  memoryBytes: MIB,
  cappedFrom: null,
};
const OFFSETS = { source: 128, destination: 192 };
const countsOf = (names: string[]) => new BatchCounts(new CounterLender(() => new Counters(fakeCounters(names))));
const kernel = copyKernelIndex('libc');

describe('SurfaceRig', () => {
  let rig: SurfaceRig;
  let opening = calls;
  afterEach(() => rig.close());

  async function sampled(names: string[], copies: Omit<Copies, 'kernel'>, repeats: number) {
    const { SurfaceRig: Rig } = await import('../../../benchmarks/copy-surface/surface-rig.js');
    rig = new Rig(SPANS, 64 * KIB, cpu, otherCpu, countsOf(names));
    calls = [];
    await rig.open();
    opening = calls;
    calls = [];
    const { counted } = await rig.sample({ kernel, ...copies }, repeats, OFFSETS, random(1));
    return { counted, times: calls.filter(({ bytes }) => bytes > 1).map((call) => call.counted) };
  }
  const LONG = { size: 64 * KIB, batch: 4 } as const;

  it.each([
    ['hot', 'hot'],
    ['memory', 'memory'],
  ] as const)('counts the timed copies from %s to %s, and nothing that prepares them', async (from, to) => {
    const { counted, times } = await sampled(['cycles'], { ...LONG, from, to }, 2);
    expect(counted).toEqual({ cyclesPerKiB: CYCLES_PER_KIB, countersRanShare: 1 });
    expect(times).toEqual([true, true]);
  });

  it('does not count copies that make the destination hot', async () => {
    const { counted, times } = await sampled(['cycles'], { ...LONG, from: 'memory', to: 'hot' }, 1);
    expect({ times, ...counted }).toMatchObject({ times: [false, true], cyclesPerKiB: CYCLES_PER_KIB });
  });

  it('learns what an empty batch counts before the first sample', async () => {
    await sampled(['cycles'], { ...LONG, from: 'memory', to: 'memory' }, 1);
    expect(opening).toEqual([{ counted: true, bytes: 1 }]);
  });

  it('counts other copies than it times where a cache holds few, and none without counters', async () => {
    const few = { size: 1500, batch: 40, from: 'L2', to: 'L2' } as const;
    const { counted, times } = await sampled(['cycles'], few, 3);
    expect(times).toEqual([false, false, false, true, true, true]);
    expect(counted.cyclesPerKiB).toBeCloseTo(CYCLES_PER_KIB, 9);
    await rig.close();
    const none = await sampled([], few, 3);
    expect(none).toEqual({ counted: {}, times: [false, false, false] });
  });
});

describe('copySurface', () => {
  const caches = [48 * KIB, MIB, 32 * MIB].map((bytes, at) => ({ ...lastLevelCache(bytes, [cpu]), level: at + 1 }));
  const host = { ...hostFacts(), caches, cachesIncomplete: [] };
  const small = { ...defaultSettings('default', [cpu, otherCpu], 1) };
  const partOf = ({ cells }: Scenario, part: string): Cell => cells.find(({ params }) => params.part === part)!;
  const signal = new AbortController().signal;

  it('has counts of each part but auto in its ledger, and keeps their samples', async () => {
    const { copySurface } = await import('../../../benchmarks/copy-surface/copy-surface.js');
    const scenario = await copySurface(small, { host }, 16 * MIB, countsOf(['cycles']));
    const parts = ['sizes', 'states', 'alignment', 'pages', 'auto'];
    const cells = parts.map((part) => partOf(scenario, part));
    await withCells(scenario, cells, async () => {
      const seen: Record<string, number | undefined> = {};
      for (const [at, cell] of cells.entries()) seen[parts[at]!] = (await cell.sample(signal)).ledger?.cyclesPerKiB;
      const [sizes, states, alignment, pages] = Array(4).fill(expect.closeTo(CYCLES_PER_KIB, 9));
      expect(seen).toEqual({ sizes, states, alignment, pages, auto: undefined });
    });
    expect(scenario.sampledLedger).toEqual(expect.arrayContaining(['own:chosen', 'cyclesPerKiB', 'countersRanShare']));
  });

  it('has no counts of copies between other pages than those that it asked Linux for', async () => {
    const { copySurface } = await import('../../../benchmarks/copy-surface/copy-surface.js');
    const told = { ...host, memory: { ...host.memory, hugePagesFree: 4096 } };
    const scenario = await copySurface(small, { host: told }, 16 * MIB, countsOf(['cycles']));
    const cells = ['hugetlb', '4 KiB'].map((pages) => scenario.cells.find(({ params }) => params.pages === pages)!);
    await withCells(scenario, cells, async () => {
      for (const cell of cells) {
        const { value, ledger } = await cell.sample(signal);
        const cycles = value === null ? undefined : expect.closeTo(CYCLES_PER_KIB, 9);
        expect(ledger!.cyclesPerKiB).toEqual(cycles);
      }
    });
  });

  it('keeps no samples of counts where nothing can be counted', async () => {
    const { copySurface } = await import('../../../benchmarks/copy-surface/copy-surface.js');
    const scenario = await copySurface(small, { host }, 16 * MIB, countsOf([]));
    await withCells(scenario, [], async () => {
      expect(scenario.sampledLedger).toEqual(['own:chosen']);
    });
  });
});
