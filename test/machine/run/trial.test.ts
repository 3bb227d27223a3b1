import { afterEach, describe, expect, it } from '@jest/globals';
import { addon } from '../../../lib/addon/addon.js';
import { assembleCpu } from '../../../lib/machine/build/assemble-cpu.js';
import { type MachineOptions, machineConfig } from '../../../lib/machine/build/config.js';
import type { CpuRunner } from '../../../lib/machine/build/cpu-runner.js';
import { fillUsers } from '../../../lib/machine/build/ram.js';
import type { System } from '../../../lib/machine/build/system.js';
import { assertBalanced } from '../../../lib/machine/check/balance.js';
import { type Rendezvous, Trial } from '../../../lib/machine/run/trial.js';
import { sharedState } from '../../../lib/machine/run/trial-request.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { Region } from '../../../lib/memory/region.js';
import { Arena } from '../../../lib/smp/arena.js';

const list = CopyList.ofThisThread();
let ram: Region;
afterEach(() => {
  for (const patched of ['now', 'clock', 'relax']) Reflect.deleteProperty(list, patched);
  ram.close();
});

/** The only CPU of a machine, on this thread. */
function lonely(given: MachineOptions = {}): { system: System; runner: CpuRunner; rendezvous: Rendezvous } {
  const config = machineConfig(
    {
      cpus: { copyKernel: copyKernelIndex('libc') },
      sockets: { sendBufferBytes: 1 << 18, userBufferBytes: 1 << 17 },
      slotPool: { bytes: 1 << 20 },
      checking: { everyByte: true },
    },
    given,
  );
  const state = sharedState(
    Arena.for((counting) => sharedState(counting, config)),
    config,
  );
  state.system.reset();
  state.rendezvous.reset();
  ram = Region.create({ bytes: state.system.layout.bytes, lock: 'no', hugePages: 'never' });
  fillUsers(ram.buffer, state.system.layout);
  return { ...state, runner: assembleCpu(state.system, 0, ram) };
}

/** A clock that moves by so much whenever it is asked, and by a hundred times as much at each pause. */
function steppedClock(ns: number): void {
  let now = 1e9;
  const after = (step: number) => {
    now += step;
    return now;
  };
  Object.defineProperty(list, 'now', { configurable: true, get: () => now });
  list.clock = () => after(ns);
  list.relax = () => after(100 * ns);
}

describe('Trial.play', () => {
  it('measures for as long as the plan says, and drains the data in flight', () => {
    const { system, runner, rendezvous } = lonely();
    steppedClock(10_000);
    const report = new Trial(system, runner, rendezvous, 1).play({ warmupMs: 1, measureMs: 10 });
    expect(report.cpu).toBe(0);
    expect(report.elapsedNs).toBeGreaterThanOrEqual(10e6);
    expect(report.measuredShare).toBe(1);
    expect(report.arrivedSkbs).toBeGreaterThan(0);
    expect(system.isDrained()).toBe(true);
    assertBalanced(system);
    expect(report.pulseNs).toBeGreaterThan(0.1);
    // Only what was measured: warming up and draining have sent more.
    expect(report.arrivedBytes).toBeLessThan(system.peers.receivedBytes(0));
    expect(report.copyLedger.reduce((sum, value) => sum + value)).toBeGreaterThan(report.arrivedBytes);
  });

  it('counts the CPU time of what is measured alone', () => {
    const begun = addon().threadUsage().cpuNs;
    const { system, runner, rendezvous } = lonely();
    while (addon().threadUsage().cpuNs - begun < 50e6);
    const report = new Trial(system, runner, rendezvous, 1).play({ warmupMs: 0, measureMs: 2 });
    expect(report.onCpuNs).toBeGreaterThan(0);
    expect(report.onCpuNs).toBeLessThan(report.elapsedNs + 5e6);
  });

  it('tells that little was measured when its thread had no CPU during most of the measured part', () => {
    const { system, runner, rendezvous } = lonely();
    steppedClock(1000);
    // The host runs something else from the middle of the warm-up until 9 of 10 ms are over.
    let hasSlept = false;
    const step = runner.step.bind(runner);
    runner.step = () => {
      if (!hasSlept && list.now > rendezvous.startedAt + 0.5e6) {
        hasSlept = true;
        while (list.now < rendezvous.startedAt + 10e6) list.relax(0);
      }
      return step();
    };
    const { measuredShare, elapsedNs } = new Trial(system, runner, rendezvous, 1).play({ warmupMs: 1, measureMs: 10 });
    expect(measuredShare).toBe(elapsedNs / 10e6);
    expect(measuredShare).toBeLessThan(0.2);
  });

  it('ends at once, with nothing lost, when the machine drains already', () => {
    const { system, runner, rendezvous } = lonely();
    system.cpus.drain();
    const report = new Trial(system, runner, rendezvous, 1).play({ warmupMs: 1e9, measureMs: 1e9 });
    expect(report).toMatchObject({ arrivedBytes: 0, arrivedSkbs: 0 });
    assertBalanced(system);
  });

  it('waits until its time is over when the senders have nothing more to send, and counts that as idle', () => {
    const { system, runner, rendezvous } = lonely({ sockets: { messagesPerSender: 1 } });
    steppedClock(1e5);
    const report = new Trial(system, runner, rendezvous, 1).play({ warmupMs: 10, measureMs: 20_000 });
    expect(report.arrivedBytes).toBe(0); // the one message was part of the warm-up
    expect(report.elapsedNs).toBeGreaterThanOrEqual(20e9);
    expect(report.time.idle).toBeGreaterThan(0.9 * report.elapsedNs);
    assertBalanced(system);
  });

  it('takes an idle pause that was far longer than a pause for time without a CPU', () => {
    const idleOf = (pauseNs: number) => {
      const { system, runner, rendezvous } = lonely({ sockets: { messagesPerSender: 1 } });
      steppedClock(pauseNs / 100);
      const { time } = new Trial(system, runner, rendezvous, 1).play({ warmupMs: 1, measureMs: 20 });
      return time;
    };
    const short = idleOf(10_000);
    expect(short.idle).toBeGreaterThan(10e6);
    expect(short.away).toBe(0);
    ram.close();
    const long = idleOf(30_000);
    expect(long.away).toBeGreaterThan(0.9 * long.idle);
    expect(long.away).toBeLessThanOrEqual(long.idle);
  });

  it('throws when data never arrive', () => {
    const { system, runner, rendezvous } = lonely({ devices: { completion: 'line-rate' } });
    system.queues[0]!.ring.complete = () => {}; // a device that is never done
    runner.step();
    const device = system.queues[0]!.ring;
    device.produced = () => device.done();
    steppedClock(1e5);
    expect(() => new Trial(system, runner, rendezvous, 1).play({ warmupMs: 1, measureMs: 1e9 })).toThrow(
      expect.objectContaining({ code: 'ERR_NEVER_ARRIVES', message: expect.stringMatching(/CPU 0/) }),
    );
  });

  it('does not take a pause of the process for a time in which data should have arrived', () => {
    const { system, runner, rendezvous } = lonely({ devices: { completion: 'line-rate' } });
    system.queues[0]!.ring.complete = () => {};
    runner.step();
    const device = system.queues[0]!.ring;
    device.produced = () => device.done();
    steppedClock(1e5);
    const { relax } = list;
    let waits = 0;
    list.relax = (pauses) => {
      if (++waits === 20) for (let step = 0; step < 6000; step++) relax(pauses); // a minute
      return relax(pauses);
    };
    expect(() => new Trial(system, runner, rendezvous, 1).play({ warmupMs: 1, measureMs: 1e9 })).toThrow(
      expect.objectContaining({ code: 'ERR_NEVER_ARRIVES' }),
    );
    expect(waits).toBeGreaterThan(400); // it then waited for five seconds as usual
  });

  it('gives up when another CPU has aborted the machine', () => {
    const { system, runner, rendezvous } = lonely();
    system.cpus.abort();
    const began = performance.now();
    // Two are expected, and the other one never comes.
    new Trial(system, runner, rendezvous, 2).play({ warmupMs: 1e6, measureMs: 1e6 });
    expect(performance.now() - began).toBeLessThan(1e6);
  });
});

describe('Rendezvous', () => {
  it('lets all threads start at the time at which the last one arrived', () => {
    const { runner, rendezvous } = lonely();
    const waits: number[] = [];
    list.relax = (spins) => {
      waits.push(spins);
      if (waits.length === 3) rendezvous.start(runner.cpu, 2); // the second one comes
      return list.now;
    };
    const before = list.clock();
    const start = rendezvous.start(runner.cpu, 2);
    expect(start).toBeGreaterThanOrEqual(before);
    expect(start).toBeLessThanOrEqual(list.clock());
    expect(waits.length).toBe(3);
  });

  it('says when all threads have stopped', () => {
    const { rendezvous } = lonely();
    expect(rendezvous.allStopped(2)).toBe(false);
    rendezvous.stopped();
    expect(rendezvous.allStopped(2)).toBe(false);
    rendezvous.stopped();
    expect(rendezvous.allStopped(2)).toBe(true);
    rendezvous.reset();
    expect(rendezvous.allStopped(2)).toBe(false);
  });
});
