import { describe, expect, it } from '@jest/globals';
import { besides, type Conditions, copiesOf } from '../../../dev/tools/plan.js';

const SPEC = { copyKernel: 'libc', bytes: 2 ** 20, copies: 8, hugePages: 'never', inPage: 16 } as const;
const CONDITIONS: Conditions = {
  sizes: [2 ** 20],
  hugePages: 'never',
  loops: null,
  folder: '',
  copyKernels: ['libc', 'nt-avx2', 'nt-avx512'],
};
const run = { keys: ['run'], take: () => [1] };
const triedIn = (spec: Parameters<typeof besides>[2]['spec'], conditions: Conditions) =>
  besides('mbw', run, { kind: 'A', key: 'run', spec }, conditions).comparisons[0]!.explanations.map(
    ({ pairs }) => pairs[0]!.to,
  );

describe('besides', () => {
  it('tries huge pages, stores past the caches and the first touch', () => {
    expect(triedIn(SPEC, CONDITIONS)).toEqual([
      'copytax libc huge beside run',
      'copytax libc as nt-avx512 beside run',
      'copytax libc first touch beside run',
    ]);
  });

  it('leaves out what is so already, and what this CPU cannot do', () => {
    expect(triedIn({ ...SPEC, hugePages: 'thp' }, { ...CONDITIONS, copyKernels: ['libc'] })).toEqual([
      'copytax libc first touch beside run',
    ]);
  });

  it('tries what is known of a tool before all that', () => {
    const known = { because: 'known', pairs: [{ of: 'run', to: 'other' }] };
    const { comparisons } = besides('mbw', run, { kind: 'A', key: 'run', spec: SPEC, first: [known] }, CONDITIONS);
    expect(comparisons[0]!.explanations[0]).toBe(known);
  });
});

describe('copiesOf', () => {
  it('is fewer for longer arrays, within limits', () => {
    expect([2 ** 20, 2 ** 23, 2 ** 25, 2 ** 30].map(copiesOf)).toEqual([100, 64, 16, 8]);
  });
});
