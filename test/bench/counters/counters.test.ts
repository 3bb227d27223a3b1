import { readdirSync, readlinkSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import { Counters, counterLimits, counters, refusedText } from '../../../lib/bench/counters/counters.js';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { hostTree } from '../fixtures/host-tree.js';
import { fakeCounters } from './fixtures/fake-counters.js';

const isCounter = (file: string) => {
  try {
    return readlinkSync(`/proc/self/fd/${file}`).includes('perf_event');
  } catch {
    return false; // closed meanwhile
  }
};
const openFiles = () => readdirSync('/proc/self/fd').filter(isCounter).length;

describe('the counters of a thread', () => {
  it('count what it does, or say why they cannot', () => {
    using open = counters();
    const before = open.read();
    for (let step = 0; step < 1e5; step++) Math.sqrt(step);
    const after = open.read();
    for (const name of Object.keys(before)) expect(after[name]).toBeGreaterThanOrEqual(before[name]!);
    expect(open.names).toEqual(expect.arrayContaining(Object.keys(after)));
    expect(open.names.length > 0 || open.reason !== '').toBe(true);
  });

  it('are open once at a time, and can be opened again', () => {
    const first = counters();
    expect(counters).toThrow(expect.objectContaining({ code: 'ERR_ALREADY_RUNNING' }));
    first.close();
    first.close();
    using second = new Counters();
    first.close();
    expect(first.read()).toEqual({});
    expect(second.names).toEqual(expect.arrayContaining(Object.keys(second.read())));
  });

  it('are scaled up where they took turns, and unknown where they never ran', () => {
    const fake = fakeCounters(['cycles', 'instructions'], [{ name: 'llcMisses', errno: 2 }]);
    using open = new Counters(fake);
    fake.rows.splice(0, 6, 10, 400, 100, 0, 400, 0);
    expect(open.read()).toEqual({ cycles: 40 });
    expect(open.reason).toContain('llcMisses: not offered');
    const counted = open.around(() => fake.rows.splice(0, 6, 30, 800, 300, 7, 500, 50));
    expect(counted).toEqual({ counts: { cycles: 40, instructions: 14 }, ranShare: 0.5 });
  });

  it('are given back once, also to a thread that goes on', () => {
    const fake = fakeCounters(['cycles']);
    const open = new Counters(fake);
    expect(fake.open).toBe(1);
    open.close();
    open.close();
    expect(fake.open).toBe(0);
  });

  it('leave no file open, also those of a thread that is ended', async () => {
    const before = openFiles();
    for (let time = 0; time < 3; time++) counters().close();
    const file = new URL('../../../lib/bench/counters/counters.js', import.meta.url).href;
    const source = `import(${JSON.stringify(file)}).then(({ counters }) => {
      const { names } = counters();
      require('node:worker_threads').parentPort.postMessage(names.length);
      setInterval(() => {}, 1000);
    })`;
    const worker = new Worker(source, { eval: true });
    const opened = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    if (opened === 0) console.warn('SKIPPED: this host grants no counter, so that none can be left open');
    expect(openFiles() - before).toBe(opened);
    await worker.terminate();
    expect(openFiles()).toBe(before);
  });
});

describe('counterLimits', () => {
  it('reads the level of perf_event_paranoid, or null', () => {
    const limits = (files: Record<string, string>) => counterLimits(new HostFiles(hostTree(files)), 1000);
    expect(limits({ 'proc/sys/kernel/perf_event_paranoid': '3\n' })).toEqual({ paranoid: 3, isRoot: false });
    expect(limits({ 'proc/sys/kernel/perf_event_paranoid': '-1\n' })).toEqual({ paranoid: -1, isRoot: false });
    expect(limits({})).toEqual({ paranoid: null, isRoot: false });
    expect(counterLimits(new HostFiles(hostTree({})), 0).isRoot).toBe(true);
  });
});

describe('refusedText', () => {
  it('says each reason once, with all that it is of', () => {
    const refused = [
      { name: 'cycles', errno: 2 },
      { name: 'instructions', errno: 24 },
      { name: 'llcMisses', errno: 2 },
    ];
    const text = refusedText(refused, { paranoid: 2, isRoot: false });
    expect(text.split('; ').map((part) => part.split(':')[0])).toEqual(['cycles, llcMisses', 'instructions']);
    expect(refusedText([], { paranoid: 2, isRoot: false })).toBe('');
  });
});
