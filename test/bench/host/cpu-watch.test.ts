import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { CpuWatch } from '../../../lib/bench/host/cpu-watch.js';
import { usableCpus } from '../../../lib/bench/host/environment.js';
import { hostTree } from '../fixtures/host-tree.js';

const MAIN = 100;
const path = (thread: number) => `proc/self/task/${thread}/status`;
const status = (cpus: string) => `Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t${cpus}\n`;

/** A process with threads of these masks on a host with four CPUs, watched for a run on CPUs 0, 1 and 2. */
function watched(masks: Readonly<Record<number, string>>) {
  const threads = Object.entries(masks).map(([thread, cpus]) => [path(Number(thread)), status(cpus)]);
  const root = hostTree({ 'sys/devices/system/cpu/online': '0-3\n', ...Object.fromEntries(threads) });
  const watch = new CpuWatch([2, 0, 1], { root, mainThread: MAIN });
  return {
    lost: () => watch.lost(),
    set: (thread: number, cpus: string) => {
      mkdirSync(join(root, 'proc/self/task', `${thread}`), { recursive: true });
      writeFileSync(join(root, path(thread)), status(cpus));
    },
    end: (thread: number) => rmSync(join(root, 'proc/self/task', `${thread}`), { recursive: true }),
    online: (cpus: string) => writeFileSync(join(root, 'sys/devices/system/cpu/online'), cpus),
  };
}

describe('CpuWatch', () => {
  it('finds nothing while some thread may use each CPU, however the others are pinned', () => {
    const { lost, set } = watched({ [MAIN]: '0', 101: '0-3', 102: '1' });
    expect(lost()).toEqual([]);
    set(MAIN, '2');
    expect(lost()).toEqual([]);
  });

  it('finds CPUs that a control group or an affinity took from all threads, until they are back', () => {
    const { lost, set } = watched({ [MAIN]: '0-3', 101: '0-3', 102: '3' });
    expect(lost()).toEqual([]);
    for (const thread of [MAIN, 101, 102]) set(thread, '1,3');
    expect(lost()).toEqual([0, 2]);
    for (const thread of [MAIN, 101]) set(thread, '0-3');
    set(102, '3');
    expect(lost()).toEqual([]);
  });

  it('takes no thread for pinned while one CPU is left to all of them', () => {
    const { lost, set } = watched({ [MAIN]: '0-3', 101: '0-3', 102: '0' });
    expect(lost()).toEqual([]);
    for (const thread of [MAIN, 101, 102]) set(thread, '1');
    expect([lost(), lost()]).toEqual([
      [0, 2],
      [0, 2],
    ]);
    for (const thread of [MAIN, 101]) set(thread, '0-3');
    set(102, '0');
    expect(lost()).toEqual([]);
  });

  it('finds that a thread is not pinned any more when its CPU is back', () => {
    const { lost, set } = watched({ [MAIN]: '0-3', 101: '0-3', 102: '0' });
    lost();
    for (const thread of [MAIN, 101, 102]) set(thread, '1');
    lost();
    for (const thread of [MAIN, 101, 102]) set(thread, '0-3');
    expect(lost()).toEqual([0]);
  });

  it('finds CPUs that went offline, which masks still have', () => {
    const { lost, online } = watched({ [MAIN]: '0-3' });
    online('0,2-3');
    expect(lost()).toEqual([1]);
  });

  it('finds a CPU to which a thread is not pinned any more', () => {
    const { lost, set, end } = watched({ [MAIN]: '0-3', 101: '2' });
    expect(lost()).toEqual([]);
    set(101, '0-3');
    expect([lost(), lost()]).toEqual([[2], [2]]);
    end(101);
    expect(lost()).toEqual([]);
  });

  it('takes no notice of a thread that pins itself to another CPU of the run', () => {
    const { lost, set } = watched({ [MAIN]: '0-3', 101: '0' });
    lost();
    set(101, '1');
    expect(lost()).toEqual([]);
    set(101, '3');
    expect(lost()).toEqual([1]);
  });

  it('returns null where Linux does not tell', () => {
    expect(new CpuWatch([0], { root: hostTree({}) }).lost()).toBeNull();
  });

  it('finds nothing in this process on the CPUs that it may use, and a CPU that is not there', async () => {
    const cpus = usableCpus(new HostFiles());
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
    try {
      expect(new CpuWatch(cpus).lost()).toEqual([]);
      expect(new CpuWatch([...cpus, 99_999]).lost()).toEqual([99_999]);
    } finally {
      await worker.terminate();
    }
  });

  it('does not take a new thread for one that has ended and had its id', () => {
    const { lost, set, end } = watched({ [MAIN]: '0-3', 101: '1' });
    expect(lost()).toEqual([]);
    end(101);
    expect(lost()).toEqual([]);
    set(101, '0-3');
    expect(lost()).toEqual([]);
  });
});
