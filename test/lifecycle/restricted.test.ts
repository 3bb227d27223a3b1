import { describe, expect, it } from '@jest/globals';
import { itRefused, refusing } from '../support/refusing.js';
import { CLEAN, lifecycle, type RunOptions } from './run-fixture.js';

/** What the usual profiles of containers refuse, and what those of services do. */
const inAContainer = refusing(
  'mlock mlock2 sched_setaffinity mbind set_mempolicy get_mempolicy move_pages perf_event_open'.split(' '),
);
/** mlock is refused to root only where it has no CAP_IPC_LOCK: as in most containers. */
const withoutLocks = ['setpriv', '--bounding-set', '-ipc_lock', 'bash', '-c', 'ulimit -l 0; exec "$@"', 'bash'];
const asAnybody = ['bash', '-c', 'ulimit -l 0; exec "$@"', 'bash'];

const isRoot = process.getuid?.() === 0;

async function told(options: RunOptions): Promise<unknown> {
  const { stdout, ...ending } = await lifecycle('restricted', options);
  expect(ending).toMatchObject(CLEAN);
  return JSON.parse(stdout);
}

describe('a host that refuses', () => {
  itRefused('what containers may not call still copies, and names what was refused', async () => {
    expect(await told({ prefix: inAContainer })).toEqual({
      copy: 5,
      locked: false,
      'must be locked': 'ERR_REGION_LOCK',
      node: 'ERR_REGION_MAP',
      pin: 'ERR_CPU_PIN',
      pulse: 'ERR_CPU_PIN',
      counters: expect.arrayContaining([1]),
    });
  });

  it('to lock memory still copies', async () => {
    expect(await told({ prefix: isRoot ? withoutLocks : asAnybody })).toMatchObject({
      copy: 5,
      locked: false,
      'must be locked': 'ERR_REGION_LOCK',
    });
  });
});
