import { describe, expect, it } from '@jest/globals';
import { allCopyKernels } from '../../lib/memory/copy-kernels.js';
import { CLEAN, runFixture } from '../lifecycle/run-fixture.js';

describe('the program that tries prebuilt addons', () => {
  it('copies by every copy kernel that this host has', async () => {
    const { stdout, ...ending } = await runFixture(new URL('fixtures/prebuilt-smoke.js', import.meta.url));
    expect(ending).toMatchObject(CLEAN);
    const kernels = allCopyKernels().flatMap(({ name, supported }) => (supported ? [name] : []));
    expect(JSON.parse(stdout)).toMatchObject({ arch: process.arch, kernels, wrong: [] });
  });
});
