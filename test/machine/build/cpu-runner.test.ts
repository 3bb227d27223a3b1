import { describe, expect, it } from '@jest/globals';
import type { DeviceEngine } from '../../../lib/dma/device-engine.js';
import { CpuRunner } from '../../../lib/machine/build/cpu-runner.js';
import type { Sender } from '../../../lib/machine/build/sender.js';
import type { Softirqs } from '../../../lib/net/softirq.js';
import type { TransmitPath } from '../../../lib/net/transmit-path.js';
import { testCpu } from '../../smp/fixtures/cpus.js';

/** Parts that have work when the test says so, and record the order of their calls. */
function runnerOf(senderCount: number, hasDevice: boolean) {
  const log: string[] = [];
  const busy = new Set<string>();
  const called = (name: string) => {
    log.push(name);
    return busy.has(name);
  };
  const senders = Array.from({ length: senderCount }, (_, task) => ({
    step: () => called(`sender ${task}`),
    exit: () => log.push(`exit ${task}`),
    get isReady() {
      return busy.has(`sender ${task}`);
    },
    get finished() {
      return busy.has(`finished ${task}`);
    },
  })) as unknown as Sender[];
  const softirqs = {
    run: (isIdle: boolean) => called(isIdle ? 'softirqs, idle' : 'softirqs'),
    get isDue() {
      return busy.has('due');
    },
  } as unknown as Softirqs;
  const engine = hasDevice ? ({ advance: () => called('device') } as unknown as DeviceEngine) : null;
  return { runner: new CpuRunner(testCpu(), {} as TransmitPath, softirqs, senders, engine), log, busy };
}

describe('CpuRunner.step', () => {
  it('steps the device, the softirqs and the senders in turn', () => {
    const { runner, log, busy } = runnerOf(2, true);
    busy.add('sender 0');
    expect(runner.step()).toBe(true);
    expect(log).toEqual(['device', 'softirqs', 'sender 0', 'sender 1']);
  });

  it.each(['device', 'softirqs', 'sender 0', 'sender 1'])('returns true when only this had work: %s', (name) => {
    const { runner, busy, log } = runnerOf(2, true);
    busy.add(name);
    expect(runner.step()).toBe(true);
    expect(log).toHaveLength(4);
  });

  it('runs the softirqs again, as an idle CPU, when there was nothing to do', () => {
    const { runner, log, busy } = runnerOf(1, false);
    expect(runner.step()).toBe(false);
    expect(log).toEqual(['softirqs', 'sender 0', 'softirqs, idle']);
    busy.add('softirqs, idle');
    expect(runner.step()).toBe(true);
  });
});

describe('CpuRunner.hasWork', () => {
  it('is true when a step would find work, and steps nothing', () => {
    const { runner, busy, log } = runnerOf(2, false);
    expect(runner.hasWork()).toBe(false);
    for (const reason of ['due', 'sender 1']) {
      busy.add(reason);
      expect(runner.hasWork()).toBe(true);
      busy.clear();
    }
    expect(log).toEqual([]);
    expect(runnerOf(0, true).runner.hasWork()).toBe(true); // a device may have work at any time
  });
});

describe('CpuRunner', () => {
  it('is finished when its last sender is', () => {
    const { runner, busy } = runnerOf(2, false);
    busy.add('finished 0');
    expect(runner.finished).toBe(false);
    busy.add('finished 1');
    expect(runner.finished).toBe(true);
    expect(runnerOf(0, false).runner.finished).toBe(true);
  });

  it('ends all its senders together', () => {
    const { runner, log } = runnerOf(2, false);
    runner.exitSenders();
    expect(log).toEqual(['exit 0', 'exit 1']);
  });
});
