/** Which bounces are counted: with counters that a test has, and copies that count what it says. */
import { describe, expect, it, jest } from '@jest/globals';
import { pollutionPlan } from '../../../benchmarks/pollution/pollution-plan.js';
import type { Measured, PollutionRig } from '../../../benchmarks/pollution/pollution-rig.js';
import { addon } from '../../../lib/addon/addon.js';
import { BatchCounts, CounterLender } from '../../../lib/bench/counters/batch-counts.js';
import { Counters } from '../../../lib/bench/counters/counters.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import type { TimedCopyOptions } from '../../../lib/memory/copy.js';
import * as real from '../../../lib/memory/copy.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { KIB, MIB } from '../../../lib/units.js';
import { fakeCounters } from '../../bench/counters/fixtures/fake-counters.js';
import { withCells } from '../fixtures/opened.js';

/** Cycles of each KiB that a call copies. */
const CYCLES_PER_KIB = 3;
/** Of each call that timed copies, whether it was counted, in turn. */
let calls: { readonly counted: boolean; readonly bytes: number }[] = [];
const timed = (spec: TimedCopyOptions, samples: number, ns?: Float64Array, counts?: Float64Array): Float64Array => {
  const bytes = spec.bytes * spec.batch;
  calls.push({ counted: counts !== undefined, bytes });
  counts?.set([(CYCLES_PER_KIB * bytes) / KIB, 10, 10]);
  return real.timedCopy(spec, samples, ns);
};
jest.unstable_mockModule('../../../lib/memory/copy.js', () => ({ ...real, timedCopy: timed }));

const [cpu = 0] = addon().affinity();
const host = hostFacts();
const plan = { ...pollutionPlan('quick', host, [cpu], 64 * MIB), besides: [] };
const libc = copyKernelIndex('libc');
const countsOf = (names: string[]) => new BatchCounts(new CounterLender(() => new Counters(fakeCounters(names))));
const isCounted = ({ counted }: (typeof calls)[number]) => counted;

/** What `measure` returns of a rig that counts with these counters, and the calls that it took. */
async function measured(names: string[], measure: (rig: PollutionRig) => Measured | Promise<Measured>) {
  const { PollutionRig: Rig } = await import('../../../benchmarks/pollution/pollution-rig.js');
  const rig = new Rig(plan, [cpu], 8 * MIB, countsOf(names));
  calls = [];
  await rig.open();
  const opening = calls;
  calls = [];
  try {
    const { counted } = await measure(rig);
    return { counted, opening, calls };
  } finally {
    await rig.close();
  }
}
const COUNTED = { cyclesPerKiB: CYCLES_PER_KIB, countersRanShare: 1 };

describe('PollutionRig', () => {
  it('counts bounces, and neither the first copies before them nor those that a device reads', async () => {
    const copies = await measured(['cycles'], (rig) => rig.bounced(libc, null));
    expect(copies.counted).toEqual(COUNTED);
    expect(copies.calls.filter(isCounted).length).toBeLessThan(copies.calls.length);
    const read = await measured(['cycles'], (rig) => rig.bounced(libc, 'same core'));
    expect({ counted: read.counted, calls: read.calls.filter(isCounted) }).toEqual({ counted: {}, calls: [] });
  });

  it('counts those beside a victim on its core after all of its times, and none where nothing is bounced', async () => {
    const set = plan.onCore[0]!;
    const { counted, calls: all } = await measured(['cycles'], (rig) => rig.onCore(libc, set, 1));
    const first = all.findIndex(isCounted);
    expect(counted).toEqual(COUNTED);
    expect(all.slice(0, first).filter(({ bytes }) => bytes === 64 * KIB).length).toBeGreaterThanOrEqual(10);
    // From then on a first copy and a bounce by turns.
    expect(all.slice(first - 1).map(isCounted)).toEqual(Array.from({ length: 16 }, (_, at) => at % 2 === 1));
    const quiet = await measured(['cycles'], (rig) => rig.onCore(null, set, 1));
    expect({ counted: quiet.counted, calls: quiet.calls.filter(isCounted) }).toEqual({ counted: {}, calls: [] });
  });

  it('learns what an empty batch counts before the first sample', async () => {
    const { opening } = await measured(['cycles'], (rig) => rig.bounced(libc, null));
    expect(opening.filter(isCounted)).toEqual([{ counted: true, bytes: 64 }]);
  });

  it('copies as often as before where there is nothing to count with', async () => {
    const set = plan.onCore[0]!;
    const none = await measured([], (rig) => rig.onCore(libc, set, 1));
    const some = await measured(['cycles'], (rig) => rig.onCore(libc, set, 1));
    expect({ counted: none.counted, calls: none.calls.filter(isCounted) }).toEqual({ counted: {}, calls: [] });
    expect(some.calls.length - none.calls.length).toBe(16);
  });
});

describe('pollution', () => {
  it('has counts of copies and of victims on the core in its ledger, and keeps their samples', async () => {
    const { pollution } = await import('../../../benchmarks/pollution/pollution.js');
    const settings = { ...defaultSettings('quick', [cpu], 1), pools: [8 * MIB] };
    const scenario = await pollution(settings, { host }, 64 * MIB, countsOf(['cycles']));
    const cells = scenario.cells.filter(({ params }) => params.kernel !== 'none');
    await withCells(scenario, cells, async () => {
      for (const cell of cells) {
        const { ledger } = await cell.sample(new AbortController().signal);
        const expected = cell.params.part === 'device' ? undefined : CYCLES_PER_KIB;
        expect({ id: cell.id, cycles: ledger!.cyclesPerKiB }).toEqual({ id: cell.id, cycles: expected });
      }
    });
    expect(scenario.sampledLedger).toEqual(expect.arrayContaining(['gbps', 'cyclesPerKiB', 'countersRanShare']));
  });
});
