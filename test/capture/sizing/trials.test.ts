import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type TrialSetting, Trials } from '../../../lib/capture/sizing/trials.js';
import { loadOf } from '../load/loads.js';

function settingOf(given: Partial<TrialSetting>): TrialSetting {
  const load = loadOf([{ heldNs: 5 }, {}, {}, { timeNs: 10 }]);
  return {
    loads: [{ floor: 0, ofPass: () => load }],
    isFresh: false,
    passes: 4,
    cpus: 2,
    seed: 1,
    wantedPageSlots: 2 ** 31,
    signal: null,
    onPass: () => {},
    ...given,
  };
}

describe('Trials', () => {
  it('plays each load in each pass, and a pool once', async () => {
    const played: string[] = [];
    let passes = 0;
    const loads = ['a', 'b'].map((name) => ({
      floor: 0,
      ofPass: (pass: number) => {
        played.push(`${name}${pass}`);
        return loadOf([{}]);
      },
    }));
    const trials = new Trials(settingOf({ loads, passes: 2, onPass: () => passes++ }));
    played.length = 0;
    const tried = await trials.try({ slots: 512, areas: 16 }, 0);
    expect(tried).toMatchObject({
      slots: 512,
      bytes: 2 ** 20,
      areas: 4,
      passes: 2,
      failures: { attempts: 4, failures: 0 },
    });
    expect(await trials.try({ slots: 512, areas: 4 }, 0)).toBe(tried);
    expect({ played, passes }).toEqual({ played: ['a0', 'b0', 'a1', 'b1'], passes: 2 });
  });

  it('makes one pass with the same mappings behind two sizes without a failure, but all with others', async () => {
    for (const isFresh of [false, true]) {
      const trials = new Trials(settingOf({ isFresh }));
      const passes: (number | undefined)[] = [];
      for (const slots of [512, 1024, 2048, 4096]) passes.push((await trials.try({ slots, areas: 1 }, 0))?.passes);
      expect(passes).toEqual(isFresh ? [4, 4, 4, 4] : [4, 4, 1, 1]);
    }
  });

  it('ends a pool early that fails often', async () => {
    const rows = Array.from({ length: 2000 }, (_, timeNs) => ({ timeNs, heldNs: 1e6 }));
    const load = loadOf(rows);
    const trials = new Trials(settingOf({ loads: [{ floor: 0, ofPass: () => load }], passes: 9 }));
    expect(await trials.try({ slots: 512, areas: 1 }, 0)).toMatchObject({
      passes: 2,
      mostUsed: 512,
      failures: { attempts: 4000, failures: 2976, bursts: 2 },
      failingShare: expect.closeTo(1487 / 1999, 3),
    });
  });

  it('tells that a pool does not hold the floor of one of the loads', async () => {
    const loads = [0, 600].map((floor) => ({ floor, ofPass: () => loadOf([{}]) }));
    expect(await new Trials(settingOf({ loads })).try({ slots: 512, areas: 1 }, 0)).toMatchObject({
      holdsFloor: false,
      failures: null,
      passes: 0,
    });
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    const trials = new Trials(settingOf({ signal: abort.signal, onPass: () => abort.abort() }));
    expect(await trials.try({ slots: 512, areas: 1 }, 0)).toBeNull();
  });

  it('never finds more failures in a larger pool, where mappings are of one slot', async () => {
    const row = fc.record({ waitNs: fc.nat(3), heldNs: fc.nat(4000), cpu: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 900 }), fc.nat(512), fc.nat(99), async (steps, floor, seed) => {
        let now = 0;
        const load = loadOf(
          steps.map(({ waitNs, ...one }) => {
            now += waitNs;
            return { ...one, timeNs: now };
          }),
        );
        const trials = new Trials(settingOf({ loads: [{ floor, ofPass: () => load }], passes: 1, seed }));
        let before = Number.POSITIVE_INFINITY;
        for (const slots of [512, 640, 1024]) {
          const { failures } = (await trials.try({ slots, areas: 1 }, 0))!;
          expect(failures?.failures ?? 0).toBeLessThanOrEqual(before);
          before = failures?.failures ?? 0;
        }
      }),
      { numRuns: 40 },
    );
  });
});
