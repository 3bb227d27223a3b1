/** Calls that copytax, Node or the C library make, each refused, and all that container engines refuse together. */
import { describe, expect } from '@jest/globals';
import { runFixture } from '../lifecycle/run-fixture.js';
import { itRefused, refusing } from '../support/refusing.js';
import { bench, copytax } from '../support/run-copytax.js';

/**
 * What the default profiles of container engines refuse of them without further capabilities: the calls about memory
 * nodes are of CAP_SYS_NICE, counters of CAP_PERFMON, and `clone3` is said not to exist, so that `clone` is used.
 */
const BY_ENGINES = (
  'get_mempolicy mbind set_mempolicy move_pages migrate_pages perf_event_open ' +
  'userfaultfd keyctl ptrace process_vm_readv io_uring_setup clone3=ENOSYS'
).split(' ');
/** What a strict service refuses besides: @resources, @memlock and what nothing needs for sure. */
const BY_SERVICES = (
  'sched_setaffinity sched_setscheduler sched_setattr setpriority ioprio_set prlimit64 mlock ' +
  'mlock2 mlockall membarrier getrusage sysinfo rseq getcpu'
).split(' ');

const SETS: [string, string[]][] = [
  ['what container engines refuse', refusing(BY_ENGINES)],
  ['that they say not to exist', refusing(BY_ENGINES, 'ENOSYS')],
  ['what strict services refuse, too', refusing([...BY_ENGINES, ...BY_SERVICES])],
];

describe('without', () => {
  itRefused.each(SETS)('%s, `copytax machine` runs to its end', async (_what, prefix) => {
    const { code, stdout, stderr } = await copytax(['machine'], { prefix });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('fingerprint');
  });

  itRefused.each(SETS)('%s, a program that measures runs to its end', async (_what, prefix) => {
    const { stdout, ...ending } = await runFixture(new URL('fixtures/measuring.js', import.meta.url), { prefix });
    expect(ending).toEqual({ code: 0, signal: null, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ complete: true, copied: 7, ran: 'bounce' });
  });

  itRefused.each(['getrusage', 'membarrier', 'sysinfo', 'sched_getaffinity', 'prlimit64'])(
    '%s, a run measures',
    async (call) => {
      const { code, stderr, document } = await bench(['--only', 'copy-cost'], { prefix: refusing([call]) });
      expect(stderr).not.toMatch(/ERR_|^ +at /m);
      expect({ code, complete: document.complete }).toEqual({ code: 0, complete: true });
    },
  );

  itRefused.each(['EPERM', 'ENOSYS'])('mlock (%s), the remedy is not a limit', async (errno) => {
    const { stdout } = await bench(['--only', 'copy-cost'], { prefix: refusing(['mlock', 'mlock2'], errno) });
    expect(stdout).toMatch(/UNLOCKED_MEMORY:[\s\S]*try: allow mlock: SystemCallFilter=/);
  });
});
