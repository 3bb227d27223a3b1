import { describe, expect, it } from '@jest/globals';
import type { RegionFacts } from '../../lib/addon/addon.js';
import { refusalOf, requireSpec } from '../../lib/memory/region-spec.js';

describe('requireSpec()', () => {
  it('returns numbers for the addon, with the defaults that are documented', () => {
    expect(requireSpec({ bytes: 5 })).toEqual({
      bytes: 5,
      align: 4096,
      lock: 1,
      hugePages: 1,
      numaNode: -1,
      populate: true,
    });
    expect(
      requireSpec({ bytes: 9, align: 64, lock: 'must', hugePages: 'hugetlb', numaNode: 3, populate: false }),
    ).toEqual({ bytes: 9, align: 64, lock: 2, hugePages: 2, numaNode: 3, populate: false });
    expect(requireSpec({ bytes: 9, lock: 'no', hugePages: 'never' })).toMatchObject({ lock: 0, hugePages: 0 });
  });

  it('names an option that does not exist, and the nearest one that does', () => {
    expect(() => requireSpec({ bytes: 5, aline: 64 } as never)).toThrow(/Region\.create.*'aline'.*'align'/);
  });
});

describe('refusalOf()', () => {
  const facts = (part: Partial<RegionFacts>) => ({ lockErrno: 0, lockLimitBytes: 8192, ...part }) as RegionFacts;

  it('is null where the lock was granted, or not asked for', () => {
    expect(refusalOf(facts({ locked: true }))).toBeNull();
    expect(refusalOf(facts({ locked: false }))).toBeNull();
  });

  it('says why and what to do, which is not to ask for what was asked for already', () => {
    const refusal = refusalOf(facts({ locked: false, lockErrno: 12 }));
    expect(refusal).toMatchObject({ errno: 12, limitBytes: 8192, remedy: expect.stringContaining('ulimit -l') });
    expect(refusal!.remedy).not.toContain('try');
  });
});
