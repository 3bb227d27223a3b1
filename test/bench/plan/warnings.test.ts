import { describe, expect, it } from '@jest/globals';
import { noHugePages, unlockedMemory } from '../../../lib/bench/plan/warnings.js';

const REFUSAL = { errno: 12, limitBytes: 8 << 20 };

describe('unlockedMemory', () => {
  it('says what was refused, and by which limit', () => {
    const warning = unlockedMemory({ bytes: 64 << 20, locked: false, lockRefusal: REFUSAL });
    expect(warning).toMatchObject({
      code: 'UNLOCKED_MEMORY',
      seen: '65536 KiB could not be locked (errno 12, a limit of 8192 KiB)',
      remedy: expect.stringContaining('ulimit -l'),
    });
    const unlimited = { ...REFUSAL, limitBytes: -1 };
    expect(unlockedMemory({ bytes: 1024, locked: false, lockRefusal: unlimited })!.seen).toContain('no limit');
  });

  it('is silent about memory that is locked, or that nobody wanted locked', () => {
    expect(unlockedMemory({ bytes: 1, locked: true, lockRefusal: null })).toBeNull();
    expect(unlockedMemory({ bytes: 1, locked: false, lockRefusal: null })).toBeNull();
  });
});

describe('noHugePages', () => {
  it('speaks when less than half of the memory has them', () => {
    expect(noHugePages({ bytes: 4096, hugeBytes: 0 })?.code).toBe('NO_HUGE_PAGES');
    expect(noHugePages({ bytes: 4096, hugeBytes: 2048 })).toBeNull();
    expect(noHugePages({ bytes: 4096, hugeBytes: -1 })).toBeNull();
  });
});
