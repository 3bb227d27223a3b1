import { afterEach, describe, expect, it } from '@jest/globals';
import { SocketLocks } from '../../lib/net/socket-lock.js';
import { testCpu, testCpus } from '../smp/fixtures/cpus.js';

const cpu = testCpu();
const { list } = cpu;
afterEach(() => {
  Reflect.deleteProperty(list, 'relax');
});

const twoLocks = () => new SocketLocks(new Int32Array(new SharedArrayBuffer(64)), 8, 3);

describe('the lock of a socket', () => {
  it('is released by its owner when no softirq left work in the backlog', () => {
    const locks = twoLocks();
    locks.lockSock(cpu, 0);
    expect(locks.releaseSock(0)).toBe(true);
    locks.lockSock(cpu, 0);
    expect([locks.bhLockOrBacklog(cpu, 0), locks.bhLockOrBacklog(cpu, 0)]).toEqual([false, false]);
    expect(locks.releaseSock(0)).toBe(false); // the owner does the work, and tries again
    expect(locks.releaseSock(0)).toBe(true);
  });

  it('is held by one softirq at a time', () => {
    const locks = twoLocks();
    expect(locks.bhLockOrBacklog(cpu, 1)).toBe(true);
    let pauses = 0;
    list.relax = () => {
      if (++pauses === 3) locks.bhUnlock(1);
      return list.now;
    };
    locks.lockSock(cpu, 1); // waits until the softirq releases it
    expect(pauses).toBe(3);
    expect(locks.bhLockOrBacklog(cpu, 0)).toBe(true); // the lock of the other socket is free
  });

  it('is not waited for in a machine that is aborted', () => {
    const locks = twoLocks();
    const { cpus, table } = testCpus(1);
    locks.bhLockOrBacklog(cpu, 0);
    list.relax = () => {
      table.abort();
      return list.now;
    };
    for (const wait of [() => locks.lockSock(cpus[0]!, 0), () => locks.bhLockOrBacklog(cpus[0]!, 0)]) {
      expect(wait).toThrow(expect.objectContaining({ code: 'ERR_ABORTED' }));
    }
  });
});
