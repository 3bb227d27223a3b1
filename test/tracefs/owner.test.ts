import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { hasEnded, nameOf, ownerOf, thisProcess } from '../../lib/tracefs/owner.js';

/** A process that has ended. */
const ended = { pid: spawnSync('true').pid, namespace: thisProcess().namespace };

describe('the name of what a process makes', () => {
  it('tells its owner, with either separator', () => {
    const owner = thisProcess();
    expect(owner.pid).toBe(process.pid);
    expect(nameOf(owner)).toMatch(/^copytax-\d+-\d+$/);
    expect(ownerOf(nameOf(owner))).toEqual(owner);
    expect(ownerOf(nameOf(owner, '_'))).toEqual(owner);
    for (const other of ['', 'copytax', 'copytax-1', 'copytax-1_2', 'mine-1-2']) expect(ownerOf(other)).toBeNull();
  });

  it('tells whether that has ended: not one that runs, nor one of another namespace', () => {
    const own = thisProcess();
    expect(hasEnded(ended)).toBe(true);
    expect(hasEnded({ ...own, pid: process.ppid })).toBe(false);
    expect(hasEnded({ ...ended, namespace: `${own.namespace}1` })).toBe(false);
  });

  it('tells that what bears the PID of this process is of an earlier one', () => {
    expect(hasEnded(thisProcess())).toBe(true);
  });
});
