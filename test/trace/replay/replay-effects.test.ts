import { describe, expect, it } from '@jest/globals';
import { ReplayEffects } from '../../../lib/trace/replay/replay-effects.js';
import { testCpu } from '../../smp/fixtures/cpus.js';

const cpu = testCpu();
const effects = () => new ReplayEffects((address) => (address < 2000 ? 1000 : 2000));

describe('ReplayEffects', () => {
  it('lists nothing for an operation that causes nothing', () => {
    const none = effects();
    none.begin(undefined);
    expect(none).toMatchObject({ copies: undefined, blocks: undefined, warnings: undefined });
  });

  it('lists copies with their offset in the slot pool, and warnings by their letters', () => {
    const some = effects();
    some.begin(undefined);
    some.copy(true, 5, 1024, 10);
    some.copy(false, 6, 2001, 11);
    for (const warning of ['full', 'alignment', 'clamped', 'out-of-reach'] as const) some.warn(warning);
    some.warnOfNoNewPool();
    expect(some.copies).toEqual([
      [1, 5, 24, 10],
      [0, 6, 1, 11],
    ]);
    expect(some.warnings).toBe('FABsP');
  });

  it('returns recorded blocks for the same requests in the same order', () => {
    const some = effects();
    some.begin([
      [2, 1, 0x8000],
      [2, 0, 0x4000],
    ]);
    expect([some.alloc(cpu, 2, 1), some.alloc(cpu, 3, 0), some.alloc(cpu, 1, 0)]).toEqual([0x8000, -1, -1]);
    expect(some.blocks).toEqual([
      [2, 1, 0x8000],
      [3, 0, -1],
      [1, 0, -1],
    ]);
  });

  it('forgets the operation before', () => {
    const some = effects();
    some.begin([[0, 0, 0x1000]]);
    some.copy(true, 5, 1024, 10);
    some.warn('full');
    some.alloc(cpu, 0, 0);
    some.begin(undefined);
    expect(some).toMatchObject({ copies: undefined, blocks: undefined, warnings: undefined });
    expect(some.alloc(cpu, 0, 0)).toBe(-1);
  });
});
