import { describe, expect, it } from '@jest/globals';
import { checkLine, profileCheck } from '../../../benchmarks/kernel-send/profile-check.js';

describe('the check by a profile', () => {
  it('says both shares, and how sure that of the profile is', () => {
    const line = checkLine({ samples: 400, copyShare: 0.2 }, 0.15);
    expect(line).toContain('in 20.0 % ± 4.0 % (two standard deviations of 400 samples)');
    expect(line).toContain('by the copy beside them it is 15.0 %.');
  });

  it('is left out where there is no TCP, or no profile', async () => {
    expect(await profileCheck({ apart: 'none', ways: [] }, 0)).toMatchObject({
      lines: [],
      gaps: [{ what: 'a profile of Linux, to check the copies by' }],
    });
  });
});
