import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { agrees, isAgreement, judge, TOLERANCE } from '../../../dev/tools/agreement.js';
import type { Comparison, Rates } from '../../../dev/tools/agreement-file.js';

const comparison = (explanations: Comparison['explanations'] = []): Comparison => ({
  tool: 'mbw',
  kind: 'MEMCPY',
  bytes: 4096,
  copyKernel: 'libc',
  of: 'tool',
  to: 'copy',
  explanations,
});
const steady = (rate: number) => Array.from({ length: 10 }, () => rate);
const verdictOf = (rates: Rates, explanations?: Comparison['explanations']) =>
  judge(comparison(explanations), rates).verdict;
const summary = (median: number, low = median, high = median) => ({
  median,
  low,
  high,
  rounds: 10,
  significant: false,
});

describe('The agreement of two rates', () => {
  it('ends at ten percent, whichever of them is the higher one', () => {
    const verdicts = [1.099, 1 / 1.099, 1.101, 1 / 1.101].map((ratio) =>
      verdictOf({ tool: steady(ratio * 20), copy: steady(20) }),
    );
    expect(verdicts).toEqual(['agrees', 'agrees', 'differs', 'differs']);
  });

  it('is the same when the two change places', () => {
    const ratio = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(ratio, ratio, ratio, (...values) => {
        const [low, median, high] = values.sort((a, b) => a - b) as [number, number, number];
        expect(agrees(summary(1 / median, 1 / high, 1 / low))).toBe(agrees(summary(median, low, high)));
      }),
    );
  });

  it('depends on no unit: rates that all are multiplied are judged the same', () => {
    const rates = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 6, maxLength: 20 });
    const power = fc.integer({ min: -10, max: 10 });
    fc.assert(
      fc.property(rates, rates, power, (tool, copy, by) => {
        const scaled = (values: number[]) => values.map((value) => value * 2 ** by);
        expect(verdictOf({ tool: scaled(tool), copy: scaled(copy) })).toBe(verdictOf({ tool, copy }));
      }),
    );
  });

  it('is never claimed of a median beyond the tolerance, nor denied within a steady one', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 5, noNaN: true }), (ratio) => {
        const within = Math.max(ratio, 1 / ratio) <= 1 + TOLERANCE;
        expect(agrees(summary(ratio))).toBe(within);
        expect(verdictOf({ tool: steady(ratio), copy: steady(1) })).toBe(within ? 'agrees' : 'differs');
      }),
    );
  });

  it('cancels the load of the host that falls on both in a round', () => {
    const load = [1, 0.3, 0.7, 1, 0.9, 0.2, 1, 0.5, 0.8, 1];
    const loaded = (rate: number) => load.map((share) => share * rate);
    expect(verdictOf({ tool: loaded(21), copy: loaded(20) })).toBe('agrees');
    expect(verdictOf({ tool: loaded(30), copy: loaded(20) })).toBe('differs');
  });

  it('is unclear where rounds say different things, whatever their median is', () => {
    const scattered = [0.5, 2, 0.6, 1.8, 1, 1.02, 0.7, 1.5, 1, 0.99];
    expect(verdictOf({ tool: scattered, copy: steady(1) })).toBe('unclear');
    expect(verdictOf({ tool: scattered.map((rate) => rate * 1.3), copy: steady(1) })).toBe('unclear');
  });

  it('is unmeasured without rates of one of them', () => {
    expect(verdictOf({ tool: steady(1) })).toBe('unmeasured');
    expect(verdictOf({ tool: steady(1), copy: [] })).toBe('unmeasured');
  });
});

describe('An explanation', () => {
  const pairs = [{ of: 'tool', to: 'huge' }];
  const huge = { because: 'huge pages', pairs };
  const rates = { tool: steady(30), copy: steady(20) };

  it('holds if its pair agrees', () => {
    const judged = judge(comparison([huge]), { ...rates, huge: steady(31) });
    expect(judged.verdict).toBe('explained');
    expect(judged.explained!.explanation).toBe(huge);
    expect(judged.explained!.ratios[0]!.median).toBeCloseTo(30 / 31, 9);
  });

  it('does not hold if its pair differs, is unclear, or was not measured', () => {
    const of = (values: number[]) => verdictOf({ ...rates, huge: values }, [huge]);
    expect(of(steady(20))).toBe('differs');
    expect(of([15, 60, 18, 54, 30, 30, 21, 45, 30, 30])).toBe('differs');
    expect(of([])).toBe('differs');
  });

  it('needs all of its pairs', () => {
    const chain = { because: 'loops', pairs: [...pairs, { of: 'loop', to: 'copy' }] };
    const of = (loop: number) => verdictOf({ ...rates, huge: steady(30), loop: steady(loop) }, [chain]);
    expect({ both: of(20), first: of(30) }).toEqual({ both: 'explained', first: 'differs' });
  });

  it('is the first that holds', () => {
    const nt = { because: 'stores', pairs: [{ of: 'tool', to: 'nt' }] };
    const taken = (hugeRate: number) =>
      judge(comparison([huge, nt]), { ...rates, huge: steady(hugeRate), nt: steady(30) }).explained?.explanation
        .because;
    expect({ both: taken(30), second: taken(20) }).toEqual({ both: 'huge pages', second: 'stores' });
  });

  it('is not looked for where the rates agree', () => {
    const judged = judge(comparison([huge]), { tool: steady(20), copy: steady(20), huge: steady(20) });
    expect(judged).toMatchObject({ verdict: 'agrees', explained: null });
  });
});

describe('isAgreement', () => {
  const agreeing = judge(comparison(), { tool: steady(1), copy: steady(1) });
  const differing = judge(comparison(), { tool: steady(2), copy: steady(1) });
  const unmeasured = judge(comparison(), {});

  it('is false of nothing, and of one comparison that fails', () => {
    const of = [[], [agreeing], [agreeing, differing], [agreeing, unmeasured]].map(isAgreement);
    expect(of).toEqual([false, true, false, false]);
  });
});
