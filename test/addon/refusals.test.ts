import { constants } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { filteredLockRemedy, isOfFilter, remedyOf } from '../../lib/addon/refusals.js';

const { EPERM, ENOSYS, EINVAL, ENOMEM, EAGAIN } = constants.errno;

describe('the remedy of a refused call', () => {
  it.each([
    ['ERR_CPU_PIN', { errno: EPERM, syscall: 'sched_setaffinity' }, /allow sched_setaffinity.*seccomp.*\[\]/],
    ['ERR_CPU_PIN', { errno: ENOSYS, syscall: 'sched_setaffinity' }, /allow sched_setaffinity/],
    ['ERR_CPU_PIN', { errno: EAGAIN, syscall: 'pthread_create' }, /ulimit -u/],
    ['ERR_REGION_MAP', { errno: EPERM, syscall: 'mbind' }, /allow mbind.*CAP_SYS_NICE.*numaNode/],
    ['ERR_REGION_MAP', { errno: EINVAL, syscall: 'mbind' }, /choose a memory node/],
    ['ERR_REGION_LOCK', { errno: EPERM, syscall: 'mlock', limitBytes: 4096 }, /allow mlock.*lock: "try"/],
    ['ERR_REGION_LOCK', { errno: EPERM, syscall: 'mlock', limitBytes: -1 }, /allow mlock/],
  ])('%s with %j fits what refused it', (code, details, remedy) => {
    expect(remedyOf(code, details)).toMatch(remedy);
  });

  it.each([
    ['ERR_CPU_PIN', { errno: EINVAL, syscall: 'sched_setaffinity' }],
    ['ERR_REGION_MAP', { errno: ENOMEM, syscall: 'mmap' }],
    ['ERR_REGION_LOCK', { errno: ENOMEM, syscall: 'mlock', limitBytes: 4096 }],
    ['ERR_REGION_LOCK', { errno: EPERM, syscall: 'mlock', limitBytes: 0 }],
    ['ERR_KERNEL_UNSUPPORTED', {}],
  ])('%s with %j is that of the code', (code, details) => {
    expect(remedyOf(code, details)).toBeUndefined();
  });

  it('takes EPERM for Linux itself only where nothing may be locked', () => {
    expect(filteredLockRemedy(EPERM, 0)).toBeUndefined();
    expect(filteredLockRemedy(ENOSYS, 0)).toMatch(/allow mlock/);
    expect([EPERM, EINVAL, undefined].map(isOfFilter)).toEqual([true, false, false]);
  });
});
