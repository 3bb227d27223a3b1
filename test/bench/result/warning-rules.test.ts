import { describe, expect, it } from '@jest/globals';
import { noHugePages, unlockedMemory } from '../../../lib/bench/result/warning-rules.js';
import { codesOf, quietResult } from '../fixtures/quiet-result.js';

describe('judge', () => {
  it('returns no warning for a quiet run', () => {
    expect(codesOf(quietResult())).toEqual([]);
  });
});

const REFUSAL = { errno: 12, limitBytes: 8 << 20 };

describe('unlockedMemory', () => {
  it('says how much could not be locked, and which limit forbids it', () => {
    const warning = unlockedMemory({ bytes: 64 << 20, locked: false, lockRefusal: REFUSAL });
    expect(warning).toMatchObject({
      code: 'UNLOCKED_MEMORY',
      seen: '65536 KiB could not be locked (errno 12, a limit of 8192 KiB)',
      remedy: expect.stringContaining('ulimit -l'),
    });
    const unlimited = { ...REFUSAL, limitBytes: -1 };
    expect(unlockedMemory({ bytes: 1024, locked: false, lockRefusal: unlimited })!.seen).toContain('no limit');
  });

  it('returns null for memory that is locked, or that was not meant to be', () => {
    expect(unlockedMemory({ bytes: 1, locked: true, lockRefusal: null })).toBeNull();
    expect(unlockedMemory({ bytes: 1, locked: false, lockRefusal: null })).toBeNull();
  });
});

describe('noHugePages', () => {
  it('returns a warning if less than half of the memory is backed by huge pages', () => {
    expect(noHugePages({ bytes: 4096, hugeBytes: 0 })?.code).toBe('NO_HUGE_PAGES');
    expect(noHugePages({ bytes: 4096, hugeBytes: 2048 })).toBeNull();
    expect(noHugePages({ bytes: 4096, hugeBytes: -1 })).toBeNull();
  });
});
