import { describe, expect } from '@jest/globals';
import { runFixture } from '../lifecycle/run-fixture.js';
import { itRefused, refusing } from '../support/refusing.js';
import { bench } from '../support/run-copytax.js';

const prefix = refusing(['sched_setaffinity']);
/** Which of them moved nothing on a host that is busy is another matter. */
async function unpinned(args: readonly string[]): Promise<void> {
  const { stdout, stderr, document } = await bench(args, { prefix });
  expect(stderr).not.toMatch(/ERR_/);
  expect({ complete: document.complete, pinErrno: document.environment.pinErrno }).toEqual({
    complete: true,
    pinErrno: 1,
  });
  expect(document.scenarios.map(({ name }) => name)).toEqual(args[1]!.split(','));
  expect(document.warnings.map(({ code }) => code)).toContain('UNPINNED');
  expect(stdout).toContain('UNPINNED: Linux refused to pin threads to CPUs (errno 1)');
}

describe('a run whose threads may not be pinned', () => {
  itRefused('measures designs on one CPU all the same, and warns', async () => {
    await unpinned(['--only', 'tx-designs', '--messages', '64K', '--designs', 'direct,bounce', '--cpus', '0']);
  });

  itRefused('measures with every kind of thread all the same, and warns', async () => {
    const only = 'tx-designs,copy-cost,control-cost,slot-pool,free-dispatch,convert-in-place';
    await unpinned(['--only', only, '--messages', '64K', '--designs', 'bounce']);
  });
});

describe('a program whose threads may not be pinned', () => {
  itRefused('measures unpinned, and is refused only what it asks for by name', async () => {
    const { stdout, ...ending } = await runFixture(new URL('fixtures/unpinned.js', import.meta.url), { prefix });
    expect(ending).toEqual({ code: 0, signal: null, stderr: '' });
    const remedy = expect.stringContaining('seccomp');
    expect(JSON.parse(stdout)).toEqual({
      measured: ['UNPINNED'],
      unpinned: 'ran',
      pinned: { code: 'ERR_CPU_PIN', remedy },
      pinThread: { code: 'ERR_CPU_PIN', remedy },
      cacheLineRoundTrip: { code: 'ERR_CPU_PIN', remedy },
    });
  });
});
