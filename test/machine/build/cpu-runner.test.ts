import { describe, expect, it } from '@jest/globals';
import type { DeviceEngine } from '../../../lib/dma/device-engine.js';
import { CpuRunner } from '../../../lib/machine/build/cpu-runner.js';
import type { Sender } from '../../../lib/machine/build/sender.js';
import type { Softirqs } from '../../../lib/net/softirq.js';
import type { TransmitPath } from '../../../lib/net/transmit-path.js';
import { testCpu } from '../../smp/fixtures/cpus.js';

/** Parts that have something to do when the test says so, and remember in which order they were asked. */
function runnerOf(senderCount: number, hasDevice: boolean) {
  const log: string[] = [];
  const busy = new Set<string>();
  const asked = (name: string) => {
    log.push(name);
    return busy.has(name);
  };
  const senders = Array.from({ length: senderCount }, (_, task) => ({
    step: () => asked(`sender ${task}`),
    exit: () => log.push(`exit ${task}`),
    get isReady() {
      return busy.has(`sender ${task}`);
    },
    get finished() {
      return busy.has(`finished ${task}`);
    },
  })) as unknown as Sender[];
  const softirqs = {
    run: (isIdle: boolean) => asked(isIdle ? 'softirqs, idle' : 'softirqs'),
    get isDue() {
      return busy.has('due');
    },
  } as unknown as Softirqs;
  const engine = hasDevice ? ({ advance: () => asked('device') } as unknown as DeviceEngine) : null;
  return { runner: new CpuRunner(testCpu(), {} as TransmitPath, softirqs, senders, engine), log, busy };
}

describe('CpuRunner.step', () => {
  it('gives everything its turn: device, softirqs, senders', () => {
    const { runner, log, busy } = runnerOf(2, true);
    busy.add('sender 0');
    expect(runner.step()).toBe(true);
    expect(log).toEqual(['device', 'softirqs', 'sender 0', 'sender 1']);
  });

  it.each(['device', 'softirqs', 'sender 0', 'sender 1'])('has done something when only this has: %s', (name) => {
    const { runner, busy, log } = runnerOf(2, true);
    busy.add(name);
    expect(runner.step()).toBe(true);
    expect(log).toHaveLength(4);
  });

  it('asks the softirqs again as an idle CPU when there was nothing to do', () => {
    const { runner, log, busy } = runnerOf(1, false);
    expect(runner.step()).toBe(false);
    expect(log).toEqual(['softirqs', 'sender 0', 'softirqs, idle']);
    busy.add('softirqs, idle');
    expect(runner.step()).toBe(true);
  });
});

describe('CpuRunner.hasWork', () => {
  it('is what a step would find', () => {
    const { runner, busy, log } = runnerOf(2, false);
    expect(runner.hasWork()).toBe(false);
    for (const reason of ['due', 'sender 1']) {
      busy.add(reason);
      expect(runner.hasWork()).toBe(true);
      busy.clear();
    }
    expect(log).toEqual([]);
    expect(runnerOf(0, true).runner.hasWork()).toBe(true); // a device is never known to be done
  });
});

describe('the senders of a CpuRunner', () => {
  it('are finished when the last one is', () => {
    const { runner, busy } = runnerOf(2, false);
    busy.add('finished 0');
    expect(runner.finished).toBe(false);
    busy.add('finished 1');
    expect(runner.finished).toBe(true);
    expect(runnerOf(0, false).runner.finished).toBe(true);
  });

  it('exit together', () => {
    const { runner, log } = runnerOf(2, false);
    runner.exitSenders();
    expect(log).toEqual(['exit 0', 'exit 1']);
  });
});
