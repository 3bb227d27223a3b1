/** The cells of the scenario. No test depends on a speed. */
import { describe, expect, it, jest } from '@jest/globals';
import { BounceRig, SOURCE_STATES } from '../../../benchmarks/convert-in-place/bounce-rig.js';
import { publishedPrices } from '../../../benchmarks/convert-in-place/conversion-prices.js';
import { convertInPlace } from '../../../benchmarks/convert-in-place/convert-in-place.js';
import { addon } from '../../../lib/addon/addon.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { KIB, MIB } from '../../../lib/units.js';
import { withCells } from '../fixtures/opened.js';

const settings = (cpus: readonly number[]) => ({ ...defaultSettings('quick', cpus, 5), pools: [4 * MIB] });
const [first, second = first] = addon().affinity() as [number, ...number[]];
const quick = settings([first, second]);
const NEVER = new AbortController().signal;
const SIZES = [4, 16, 64, 256, 1024].map((size) => size * KIB);

describe('convertInPlace', () => {
  it('bounces buffers from one page to 1 MiB, in each state', async () => {
    const { cells } = await convertInPlace(quick);
    expect(cells.map(({ params }) => params)).toEqual(
      SOURCE_STATES.flatMap((source) => SIZES.map((size) => ({ source, size }))),
    );
    const full = await convertInPlace(defaultSettings('default', [0], 5));
    expect(full.cells).toHaveLength(18);
  });

  it('has nothing that another CPU wrote where there is only one', async () => {
    const { cells, breakEvens } = await convertInPlace(settings([first]));
    expect(new Set(cells.map(({ params }) => params.source))).toEqual(new Set(['just written', 'in no cache']));
    expect(breakEvens).toHaveLength(2);
  });

  it('compares each state with the prices that are given and then with those that were published', async () => {
    const { breakEvens, cells } = await convertInPlace({ ...quick, convertNsPerPage: [60, 1500] });
    const names = ['given, 60 ns a page', 'given, 1500 ns a page', ...publishedPrices().map(({ name }) => name)];
    expect(breakEvens!.map(({ prices }) => prices.map(({ name }) => name))).toEqual([names, names, names]);
    expect(breakEvens!.flatMap(({ points }) => points.map(({ cell }) => cell))).toEqual(cells.map(({ id }) => id));
    expect(breakEvens![0]!.points.map(({ bytes }) => bytes)).toEqual(SIZES);
  });

  it('gives the times of a buffer, whatever the number of buffers in a sample', async () => {
    const run = jest.spyOn(BounceRig.prototype, 'run');
    run.mockImplementation(async (bytes, _state, groups) => {
      const buffers = groups * BounceRig.groupOf(bytes);
      return { bounceNs: 3000 * buffers, slotNs: 1000 * buffers };
    });
    try {
      const scenario = await convertInPlace(settings([first]));
      await withCells(scenario, scenario.cells, async () => {
        for (const cell of scenario.cells) {
          const { value, ledger } = await cell.sample(NEVER);
          const nsPerPage = 3000 / (Number(cell.params.size) / 4096);
          expect({ value, ledger }).toEqual({
            value: 3000,
            ledger: { 'own:slotNs': 1000, 'own:nsPerPage': nsPerPage },
          });
        }
      });
    } finally {
      run.mockRestore();
    }
  });

  it('measures nanoseconds of a bounce, with the part of the slots and the share of a page', async () => {
    const scenario = await convertInPlace(quick);
    await withCells(scenario, scenario.cells, async () => {
      for (const cell of scenario.cells) {
        const { value, durationMs, ledger } = await cell.sample(NEVER);
        expect(value).toBeGreaterThan(0);
        expect(durationMs).toBeCloseTo((value! * cell.batch) / 1e6, 6);
        expect(ledger!['own:slotNs']).toBeGreaterThan(0);
        expect(ledger!['own:nsPerPage']).toBeCloseTo(value! / (Number(cell.params.size) / 4096), 6);
      }
    });
  });
});
