import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exchangedRates, linuxControlOf } from '../../../lib/bench/statistics/linux-control.js';
import { pairedRatio } from '../../../lib/bench/statistics/paired-ratio.js';
import type { CellResult, RatioResult } from '../../../lib/bench/types/cells.js';
import { NS_PER_64K_PER_CORE } from '../../../lib/bench/types/ledger-keys.js';

type Samples = readonly (number | null)[];

const cell = (id: string, scenario: string, more: object) =>
  ({ id, scenario, params: {}, unit: 'Gbit/s', samples: [], ...more }) as unknown as CellResult;

/** Of a design: rates, and rounds with these parts of their cost beside a user copy of one core. */
function design(id: string, samples: Samples, rest: Samples, bounce = 0): CellResult {
  const all = (value: number) => samples.map(() => value);
  const parts = { coresUser: all(1), coresBounce: all(bounce), coresSlotPage: all(0), coresLockWait: all(0) };
  return cell(id, 'tx-designs', { samples, ledgerSamples: { ...parts, coresRest: rest } });
}

const SENDS = { way: 'tcp', state: 'hot', message: 65536, senders: 1 };
const sends = (controlNsPer64K: Samples, params: object = SENDS) =>
  cell('kernel-send/tcp', 'kernel-send', { params, samples: controlNsPer64K, ledgerSamples: { controlNsPer64K } });
const RATIO = { id: 'ratio', of: 'fast', to: 'slow' } as RatioResult;
const cores = (value: number) => value * NS_PER_64K_PER_CORE;
const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);

describe('exchangedRates()', () => {
  it('changes each rate as its cost changes, and has none where a round has no cost', () => {
    const measured = design('slow', [100, 90, null, 80], [1, 1, 1, null]);
    // 2 cores become 1 + 3.
    expect(exchangedRates(measured, 3)).toEqual([50, 45, null, null]);
    expect(exchangedRates(measured, 1)).toEqual([100, 90, null, null]);
    expect(exchangedRates(measured, -1)).toEqual([200, 180, null, null]);
    expect(exchangedRates(cell('old', 'tx-designs', { samples: [100] }), 1)).toEqual([null]);
  });
});

describe('linuxControlOf()', () => {
  it('computes rates and their ratio from known parts', () => {
    const rounds = 8;
    const slow = design('slow', times(rounds, 100), times(rounds, 1), 1); // 3 cores
    const fast = design('fast', times(rounds, 150), times(rounds, 1)); // 2 cores
    const found = linuxControlOf([slow, fast, sends(times(rounds, cores(4)))], [RATIO])!;
    expect(found.controlNsPer64K.median).toBeCloseTo(cores(4), 6);
    expect(found.rates.map(({ id, median }) => [id, Math.round(median * 1e6) / 1e6])).toEqual([
      ['slow', 50], // 100 * 3 / 6
      ['fast', 60], // 150 * 2 / 5
    ]);
    expect(found.ratios).toHaveLength(1);
    for (const end of ['median', 'low', 'high'] as const) expect(found.ratios[0]![end]).toBeCloseTo(1.2, 6);
  });

  it('returns null where designs or sends were not measured, or these sends were of another kind', () => {
    const slow = design('slow', times(8, 100), times(8, 1));
    expect(linuxControlOf([slow], [])).toBeNull();
    expect(linuxControlOf([sends(times(8, 1))], [])).toBeNull();
    for (const other of [{ state: 'flushed' }, { way: 'udp' }, { message: 4096 }, { senders: 2 }]) {
      expect(linuxControlOf([slow, sends(times(8, 1), { ...SENDS, ...other })], [])).toBeNull();
    }
    expect(linuxControlOf([design('slow', times(8, 100), times(8, null)), sends(times(8, 1))], [])).toBeNull();
  });

  it('has intervals that hold what each rest within the interval of Linux makes of the medians', () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const rounds = fc.array(fc.record({ slow: number(20, 200), fast: number(20, 200), rest: number(0, 2) }), {
      minLength: 6,
      maxLength: 20,
    });
    const control = fc.array(number(100, 20_000), { minLength: 6, maxLength: 20 });
    fc.assert(
      fc.property(rounds, control, number(0, 1), (all, linux, at) => {
        const rest = all.map((round) => round.rest);
        const slow = design(
          'slow',
          all.map((round) => round.slow),
          rest,
          1,
        );
        const fast = design(
          'fast',
          all.map((round) => round.fast),
          rest,
        );
        const found = linuxControlOf([slow, fast, sends(linux)], [RATIO])!;
        const { low, high } = found.controlNsPer64K;
        const within = (low + at * (high - low)) / NS_PER_64K_PER_CORE;
        const ratio = pairedRatio(exchangedRates(fast, within), exchangedRates(slow, within))!;
        const [held] = found.ratios;
        const slack = 1e-9;
        expect(held!.low).toBeLessThanOrEqual(ratio.median * (1 + slack));
        expect(held!.high).toBeGreaterThanOrEqual(ratio.median * (1 - slack));
        for (const rate of found.rates) {
          expect(rate.low).toBeLessThanOrEqual(rate.median);
          expect(rate.median).toBeLessThanOrEqual(rate.high);
        }
      }),
    );
  });

  it('has rates that are the lower, the more Linux takes', () => {
    const slow = design('slow', times(8, 100), times(8, 1), 1);
    const rateAt = (ns: number) => linuxControlOf([slow, sends(times(8, ns))], [])!.rates[0]!.median;
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        (a, b) => {
          expect(rateAt(Math.min(a, b))).toBeGreaterThanOrEqual(rateAt(Math.max(a, b)));
        },
      ),
    );
  });
});
