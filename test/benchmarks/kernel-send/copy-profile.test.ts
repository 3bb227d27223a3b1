import { describe, expect, it } from '@jest/globals';
import { profileGap, profileOf } from '../../../benchmarks/kernel-send/copy-profile.js';

const lines = (count: number, text: string) => Array.from({ length: count }, () => text).join('\n');
const COPY = '        ffffffff81c5a3b0 rep_movs_alternative';
const OTHER = '        ffffffff81a00000 tcp_sendmsg_locked';
const OF_PROGRAM = '            7f0000001234 rep_movs_alternative';

describe('profileOf()', () => {
  it('counts routines that copy among the samples that Linux itself was in', () => {
    const text = [lines(30, COPY), lines(90, OTHER), lines(500, OF_PROGRAM)].join('\n');
    expect(profileOf(text)).toEqual({ samples: 120, copyShare: 0.25 });
  });

  it('knows the names of several versions of Linux', () => {
    for (const name of ['copy_user_enhanced_fast_string', '_copy_from_iter', '__arch_copy_from_user', 'copyin']) {
      expect(profileOf(lines(100, ` ffff800010a00000 ${name}`))?.copyShare).toBe(1);
    }
    expect(profileOf(lines(100, ' ffff800010a00000 copy_page_to_iter'))?.copyShare).toBe(0);
  });

  it('returns null for few samples, and where Linux hides its names', () => {
    expect(profileOf(lines(99, COPY))).toBeNull();
    expect(profileOf(lines(500, ' ffffffff81c5a3b0 [unknown]'))).toBeNull();
    expect(profileOf('')).toBeNull();
  });
});

describe('profileGap()', () => {
  it('is null, or says what is missing and what to do', async () => {
    const gap = await profileGap();
    if (gap === null) return;
    console.warn(`SKIPPED a profile: ${gap.reason}`);
    expect({ hasReason: gap.reason !== '', hasRemedy: gap.remedy !== '' }).toEqual({
      hasReason: true,
      hasRemedy: true,
    });
  });
});
