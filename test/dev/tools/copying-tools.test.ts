import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mbwGroups, perfGroups } from '../../../dev/tools/copying-tools.js';
import type { Conditions } from '../../../dev/tools/plan.js';
import { mbwRate, perfRate } from '../../../dev/tools/tool-output.js';
import { FakeTools } from './fixtures/fake-tools.js';
import { MBW, PERF } from './fixtures/outputs.js';

let tools: FakeTools;
beforeEach(() => {
  tools = new FakeTools();
});
afterEach(() => tools.remove());

const CONDITIONS: Conditions = {
  sizes: [2 ** 20, 2 ** 26],
  hugePages: 'never',
  loops: null,
  folder: '',
  copyKernels: ['libc', 'portable', 'movsb', 'movsq', 'nt-avx2'],
};
const rowsOf = (groups: ReturnType<typeof mbwGroups>) =>
  groups.flatMap(({ comparisons }) => comparisons.map(({ kind, copyKernel, bytes }) => [kind, copyKernel, bytes]));

describe('mbwGroups', () => {
  it('sets each test of each size beside a copy', () => {
    const rows = rowsOf(mbwGroups('mbw', CONDITIONS));
    expect(rows.slice(0, 3)).toEqual([
      ['MEMCPY (-t0)', 'libc', 2 ** 20],
      ['DUMB (-t1)', 'portable', 2 ** 20],
      ['MCBLOCK (-t2)', 'libc', 2 ** 20],
    ]);
    expect(rows).toHaveLength(6);
  });

  it('takes the rate of a run', () => {
    const [group] = mbwGroups(tools.add('mbw', MBW), CONDITIONS);
    expect(group!.measures[0]!.take()).toEqual([mbwRate(MBW)]);
  });

  it('explains the tests whose names mbw crosses by that which is memcpy, and no others', () => {
    const crossing = mbwGroups('mbw', CONDITIONS).map(({ comparisons }) =>
      comparisons[0]!.explanations
        .filter(({ because }) => because.includes('where it says DUMB'))
        .map(({ pairs }) => pairs),
    );
    const pair = [{ of: 'mbw -t1 1M', to: 'copytax libc beside mbw -t1 1M' }];
    expect(crossing.slice(0, 3)).toEqual([[pair], [pair], []]);
  });
});

describe('perfGroups', () => {
  it('sets each function beside the copy kernel that is the same', () => {
    expect(rowsOf(perfGroups('perf', CONDITIONS)).slice(0, 4)).toEqual([
      ['default', 'libc', 2 ** 20],
      ['x86-64-unrolled', 'portable', 2 ** 20],
      ['x86-64-movsq', 'movsq', 2 ** 20],
      ['x86-64-movsb', 'movsb', 2 ** 20],
    ]);
  });

  it('has only the default where there are no string instructions', () => {
    const rows = rowsOf(perfGroups('perf', { ...CONDITIONS, copyKernels: ['libc', 'portable'] }));
    expect(rows.map(([kind]) => kind)).toEqual(['default', 'default']);
  });

  it('takes the rate of a run', () => {
    const [group] = perfGroups(tools.add('perf', PERF), CONDITIONS);
    expect(group!.measures[0]!.take()).toEqual([perfRate(PERF)]);
  });
});
