import { afterEach, describe, expect, it } from '@jest/globals';
import { type MachineOptions, machineConfig } from '../../../lib/machine/build/config.js';
import { System } from '../../../lib/machine/build/system.js';
import type { CpuReport } from '../../../lib/machine/run/trial.js';
import { txTrial } from '../../../lib/machine/run/tx-trial.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { Arena } from '../../../lib/smp/arena.js';
import { CopyLedger, PROCESS, SITE, SOFTIRQ } from '../../../lib/smp/copy-ledger.js';
import { Cpu } from '../../../lib/smp/cpu.js';
import type { SlotPool } from '../../../lib/swiotlb/slots/slot-pool.js';
import { testCpus } from '../../smp/fixtures/cpus.js';

function systemOf(given: MachineOptions = {}): System {
  const config = machineConfig(
    {
      cpus: { copyKernel: 0, count: 2 },
      sockets: { senders: 2, sendBufferBytes: 1 << 16 },
      slotPool: { bytes: 1 << 20 },
    },
    given,
  );
  const made = new System(
    Arena.for((counting) => new System(counting, config)),
    config,
  );
  made.reset();
  return made;
}

const system = systemOf();

function report(cpu: number, fill: (copyLedger: CopyLedger) => void, given: Partial<CpuReport> = {}): CpuReport {
  const copyLedger = CopyLedger.inArena(
    Arena.for((counting) => CopyLedger.inArena(counting, 1)),
    1,
  );
  fill(copyLedger);
  const time = { lockWait: 10, idle: 100, slotPage: 13, refill: 7, txLock: 5, application: 4, away: 0 };
  const nothing = { arrivedBytes: 0, arrivedSkbs: 0, involuntarySwitches: 0, pulseNs: 0.3, measuredShare: 1 };
  return { cpu, elapsedNs: 1000, copyLedger: copyLedger.row(0), time, onCpuNs: 900, ...nothing, ...given };
}

const user = (copyLedger: CopyLedger) => copyLedger.add(0, SITE.user, PROCESS, false, 500, 300);

describe('txTrial', () => {
  const bounces = (copyLedger: CopyLedger) => {
    copyLedger.add(0, SITE.bounce, PROCESS, true, 100, 50);
    copyLedger.add(0, SITE.bounce, SOFTIRQ, true, 300, 150);
  };

  it('adds up the CPUs, and counts what is left of their time as the rest', () => {
    const trial = txTrial(system, [report(0, user, { arrivedBytes: 1000, arrivedSkbs: 4 }), report(1, bounces)]);
    expect(trial).toMatchObject({ bytes: 1000, skbs: 4, cpuNs: 2000, seconds: 1e-6, gbps: 8 });
    expect(trial).toMatchObject({ bounceProcessBytes: 100, bounceSoftirqBytes: 300 });
    expect(trial.time).toEqual({
      userCopy: 300,
      bounceCopy: 200,
      headerCopy: 0,
      slotPage: 40,
      lockWait: 20,
      idle: 200,
      application: 8,
      rest: 2000 - 300 - 200 - 40 - 20 - 200 - 8,
    });
    expect(trial).toMatchObject({ refillNs: 14, txLockNs: 10 });
    expect(Object.values(trial.time).reduce((sum, ns) => sum + ns)).toBe(trial.cpuNs);
  });

  it('tells which share of the time the host let the threads run, and scales what was busy by the rest of it', () => {
    const of = (onCpuNs: number, away: number) => {
      const time = { ...report(0, user).time, idle: 200, away };
      const { onCpuShare, busyCpuNs, cpuPerBusyNs } = txTrial(system, [report(0, user, { onCpuNs, time })]);
      return { onCpuShare, busyCpuNs, cpuPerBusyNs };
    };
    expect(of(1000, 0)).toEqual({ onCpuShare: 1, busyCpuNs: 800, cpuPerBusyNs: 1 });
    // A clock that is read a little later than the other says more than there was.
    expect(of(1001, 0)).toEqual({ onCpuShare: 1, busyCpuNs: 800, cpuPerBusyNs: 1 });
    // Interrupted in the middle of work, or while it was idle.
    expect(of(900, 0)).toEqual({ onCpuShare: 0.9, busyCpuNs: 700, cpuPerBusyNs: 700 / 800 });
    expect(of(900, 100)).toEqual({ onCpuShare: 0.9, busyCpuNs: 800, cpuPerBusyNs: 1 });
    expect(of(900, 50)).toEqual({ onCpuShare: 0.9, busyCpuNs: 750, cpuPerBusyNs: 750 / 800 });
    expect(of(100, 0)).toEqual({ onCpuShare: 0.1, busyCpuNs: 0, cpuPerBusyNs: 0 });
  });

  it('tells which part of the planned time the sender with the least of it measured', () => {
    const of = (...shares: number[]) =>
      txTrial(
        system,
        shares.map((measuredShare, cpu) => report(cpu, user, { measuredShare })),
      ).measuredShare;
    // The third report is of the device, which is no sender.
    expect([of(1, 1), of(1, 0.25), of(0.5, 0.75), of(1, 1, 0.1)]).toEqual([1, 0.25, 0.5, 1]);
  });

  it('scales parts that were sampled too high to what there was', () => {
    const time = { ...report(0, user).time, idle: 200, slotPage: 1593 };
    const trial = txTrial(system, [report(0, user, { onCpuNs: 1000, time })]);
    expect(trial.time.rest).toBe(0);
    expect(trial.cpuPerBusyNs * (300 + 10 + 1600 + 4)).toBeCloseTo(trial.busyCpuNs);
  });

  it('tells how many pages the slot pool refused, why, and how full it was', () => {
    const one = systemOf({ slotPool: { exactCounters: true } });
    const cpu = testCpus(2).cpus[1]!;
    const { counters } = one.freeing;
    counters.countOverLimit(cpu);
    for (let time = 0; time < 3; time++) counters.countWithoutBlock(cpu);
    const device = one.devices.all[0]!;
    one.swiotlb.free(cpu, device, one.swiotlb.alloc(cpu, device, 4096, 10_000, 0));
    expect(txTrial(one, [report(0, user)])).toMatchObject({ pagesOverLimit: 1, pagesWithoutBlock: 3, slotsPeak: 5 });
    expect(txTrial(system, [report(0, user)])).toMatchObject({ pagesOverLimit: 0, pagesWithoutBlock: 0, slotsPeak: 0 });
  });

  it('counts reads of a device on a logical CPU as no part of the control plane', () => {
    const reads = (copyLedger: CopyLedger) => copyLedger.add(0, SITE.deviceRead, PROCESS, false, 700, 600);
    const { time, cpuPerBusyNs } = txTrial(system, [report(0, reads, { onCpuNs: 1000 })]);
    expect(time.rest).toBe(1000 - 600 - 20 - 10 - 4 - 100);
    expect(cpuPerBusyNs).toBe(1);
  });

  it('leaves the CPU of a device that reads out of the times and pulses', () => {
    const reads = (copyLedger: CopyLedger) => copyLedger.add(0, SITE.deviceRead, PROCESS, false, 700, 600);
    const trial = txTrial(system, [report(0, user), report(1, user, { pulseNs: 0.4 }), report(2, reads)]);
    expect(trial.cpuNs).toBe(2000);
    expect(trial.pulseNs).toEqual([0.3, 0.4]);
    expect(trial.onCpuShare).toBe(0.9);
    expect(trial.copyLedger.sum('deviceRead')).toEqual({ bytes: 700, ns: 600, copies: 1 });
  });
});

describe('the waits for locks of areas', () => {
  const list = CopyList.ofThisThread();
  afterEach(() => void Reflect.deleteProperty(list, 'relax'));

  /** CPU 1 waits for an area that CPU 0 lets go when it is waited for. */
  function contend({ cpus, copyLedger }: System, { areas }: SlotPool, area: number): void {
    areas.lock(new Cpu(0, cpus, copyLedger), area);
    list.relax = () => {
      areas.unlock(area);
      return list.now;
    };
    areas.lock(new Cpu(1, cpus, copyLedger), area);
    areas.unlock(area);
  }

  it('are listed area by area, and add up', () => {
    const own = systemOf();
    const { swiotlb } = own;
    const none = { waits: 0, waitNs: 0 };
    expect(txTrial(own, [report(0, user)])).toMatchObject({ areaContention: 0, areas: [none, none] });
    for (const area of [1, 1, 0]) contend(own, swiotlb.pool, area);
    const { areaContention, areas } = txTrial(own, [report(0, user)]);
    expect({ areaContention, waits: areas.map(({ waits }) => waits) }).toEqual({ areaContention: 3, waits: [1, 2] });
    expect(areas.map(({ waitNs }) => waitNs > 0)).toEqual([true, true]);
    swiotlb.reset();
    expect(txTrial(own, [report(0, user)]).areas).toEqual([none, none]);
  });

  it('count only in the sum when the area is of a slot pool that growth has added', () => {
    const own = systemOf({ slotPool: { growth: 'pools' } });
    const { swiotlb } = own;
    swiotlb.pools!.growth!.schedule();
    own.growthWork()!.step();
    const [added, boot] = swiotlb.listed();
    contend(own, added!, 0);
    contend(own, added!, 1);
    contend(own, boot!, 1);
    const { areaContention, areas } = txTrial(own, [report(0, user)]);
    expect({ areaContention, waits: areas.map(({ waits }) => waits) }).toEqual({ areaContention: 3, waits: [0, 1] });
  });
});
