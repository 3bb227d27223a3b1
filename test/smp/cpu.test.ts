import { describe, expect, it } from '@jest/globals';
import { Arena } from '../../lib/smp/arena.js';
import { PROCESS, SITE, SOFTIRQ } from '../../lib/smp/copy-ledger.js';
import { CpuTable, NET_RX, NET_TX, TIME } from '../../lib/smp/cpu.js';
import { testCpu, testCpus } from './fixtures/cpus.js';

describe('CpuTable', () => {
  it('collects raised softirqs per CPU and kind until they are taken', () => {
    const { table } = testCpus(3);
    table.raise(1, NET_RX, 0);
    table.raise(1, NET_RX, 30);
    table.raise(1, NET_RX, 0);
    table.raise(1, NET_TX, 5);
    expect([0, 1, 2].map((cpu) => table.isPending(cpu))).toEqual([false, true, false]);
    expect(table.take(1, NET_RX)).toBe((1 << 30) | 1);
    expect(table.take(1, NET_RX)).toBe(0);
    expect(table.isPending(1)).toBe(true);
    expect(table.take(1, NET_TX)).toBe(1 << 5);
    expect(table.isPending(1)).toBe(false);
  });

  it('tells every thread that the machine drains or is aborted', () => {
    const arena = Arena.for((counting) => new CpuTable(counting, 2));
    const here = new CpuTable(arena, 2);
    const there = new CpuTable(Arena.over(arena.buffer!), 2);
    here.reset();
    expect({ isDraining: there.isDraining(), isAborted: there.isAborted() }).toEqual({
      isDraining: false,
      isAborted: false,
    });
    here.drain();
    expect({ isDraining: there.isDraining(), isAborted: there.isAborted() }).toEqual({
      isDraining: true,
      isAborted: false,
    });
    here.abort();
    expect({ isDraining: there.isDraining(), isAborted: there.isAborted() }).toEqual({
      isDraining: true,
      isAborted: true,
    });
    there.reset();
    expect({ isDraining: here.isDraining(), isAborted: here.isAborted() }).toEqual({
      isDraining: false,
      isAborted: false,
    });
  });

  it('adds up time by CPU and kind', () => {
    const { table } = testCpus(2);
    table.addTime(0, TIME.idle, 2);
    table.addTime(0, TIME.idle, 3);
    table.addTime(1, TIME.idle, 7);
    table.addTime(1, TIME.slotPage, 11);
    expect(table.timeOf(0, 'idle')).toBe(5);
    expect(table.timeOf(1, 'idle')).toBe(7);
    expect(table.timeOf(0, 'lockWait')).toBe(0);
    expect(table.timeOf(1, 'slotPage')).toBe(11);
    table.reset();
    expect(table.timeOf(1, 'slotPage')).toBe(0);
  });
});

describe('Cpu', () => {
  it('begins in process context, with a clock that never goes back', () => {
    const cpu = testCpu();
    expect(cpu.context).toBe(PROCESS);
    let last = cpu.clock();
    for (let i = 0; i < 1000; i++) {
      const now = cpu.clock();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
    expect(cpu.list.now).toBe(last);
  });

  it('enters its time under its own number', () => {
    const { cpus, table } = testCpus(3);
    cpus[2]!.addTime(TIME.lockWait, 4);
    expect([0, 1, 2].map((cpu) => table.timeOf(cpu, 'lockWait'))).toEqual([0, 0, 4]);
  });

  it('enters copies in the copy ledger under its own number, in its context', () => {
    const { cpus, copyLedger } = testCpus(2);
    cpus[1]!.context = SOFTIRQ;
    cpus[1]!.account(SITE.bounce, 100, true);
    cpus[1]!.account(SITE.bounce, 20);
    expect(copyLedger.sum('bounce', { cpu: 1, context: SOFTIRQ, locked: true })).toMatchObject({
      bytes: 100,
      copies: 1,
    });
    expect(copyLedger.sum('bounce')).toMatchObject({ bytes: 120, copies: 2 });
  });

  it('uses the copy list of the thread that runs it', () => {
    const { cpus } = testCpus(2);
    expect(cpus[0]!.list).toBe(cpus[1]!.list);
  });
});
