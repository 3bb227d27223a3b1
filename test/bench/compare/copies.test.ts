import { describe, expect, it } from '@jest/globals';
import { copiesOf, inCopies } from '../../../lib/bench/compare/copies.js';
import { NS_PER_64K_PER_CORE } from '../../../lib/bench/result/cores.js';
import { readResult } from '../../../lib/bench/result/result-file.js';

const result = readResult('benchmarks/results/amd-epyc-2-cpu-kvm.json');
const medianOf = (id: string) => result.results.find((cell) => cell.id === id)?.summary.median;

describe('the copies of a machine', () => {
  it('are those of 64 KiB with the copy kernel that Linux uses, unless the run names another one', () => {
    const [hot, cold] = ['hot', 'cold'].map((state) => medianOf(`copy-cost/movsb/${state}/size=65536`)!);
    expect(copiesOf(result)).toEqual({ kernel: 'movsb', hotNs: hot, coldNs: cold });
    const named = { ...result, settings: { ...result.settings, kernel: 'avx512' } };
    expect(copiesOf(named)).toMatchObject({ kernel: 'avx512', hotNs: medianOf('copy-cost/avx512/hot/size=65536') });
  });

  it('are what there is where neither that kernel was measured nor the one of the run', () => {
    const unusual = result.results.filter(({ params }) => params.kernel === 'avx512' || params.kernel === undefined);
    expect(copiesOf({ ...result, results: unusual })?.kernel).toBe('avx512');
  });

  it('are times of one scenario', () => {
    const cell = result.results.find(({ id }) => id === 'copy-cost/movsb/hot/size=65536')!;
    const rate = { ...cell, unit: 'GiB/s', samples: [1] };
    const elsewhere = { ...cell, scenario: 'other', params: { ...cell.params, state: 'cold' }, samples: [2] };
    expect(copiesOf({ ...result, results: [rate, elsewhere, ...result.results] })).toEqual(copiesOf(result));
  });

  it('are not known of a run that measured none, or none that were flushed', () => {
    const without = (state: string) => ({
      ...result,
      results: result.results.filter(({ params }) => params.state !== state),
    });
    expect(copiesOf(without('hot'))).toBeNull();
    expect(copiesOf(without('cold'))?.coldNs).toBeNull();
  });

  it('are a unit of times and of costs', () => {
    const copies = { kernel: 'libc', hotNs: 1000, coldNs: null };
    expect(2000 * inCopies('ns', copies)).toBeCloseTo(2, 12);
    expect(inCopies('cores', copies)).toBeCloseTo(NS_PER_64K_PER_CORE / 1000, 12);
  });
});
