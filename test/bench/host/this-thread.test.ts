import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import {
  affinity,
  cacheLineRoundTrip,
  clockNs,
  cpuFacts,
  currentCpu,
  pinThread,
  threadUsage,
} from '../../../lib/bench/host/this-thread.js';

const FILE = new URL('../../../lib/bench/host/this-thread.js', import.meta.url).href;

/** Runs a script of a process of its own, which may pin itself, and returns what it prints. */
function run(script: string): unknown {
  const source = `import * as thread from ${JSON.stringify(FILE)}; ${script}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('the tools of a thread', () => {
  it('pin it to a CPU, on which it runs from then on', () => {
    const pinned = run(`
      const cpu = thread.affinity().at(-1);
      thread.pinThread(cpu);
      console.log(JSON.stringify({ cpu, affinity: thread.affinity(), current: thread.currentCpu() }));
    `) as { cpu: number };
    const { cpu } = pinned;
    expect(pinned).toEqual({ cpu, affinity: [cpu], current: cpu });
  });

  it('say which CPUs it may use, and which it uses', () => {
    const cpus = affinity();
    expect(cpus).toEqual([...cpus].sort((a, b) => a - b));
    expect(cpus).toContain(currentCpu());
  });

  it('read a clock that goes on, and what the thread has used', () => {
    const [began, before] = [clockNs(), threadUsage()];
    for (let step = 0; step < 1e6; step++) Math.sqrt(step);
    const [ended, after] = [clockNs(), threadUsage()];
    expect(ended - began).toBeGreaterThan(0);
    expect(after.cpuNs - before.cpuNs).toBeGreaterThan(0);
  });

  it('tell the CPU, and the way from one to itself or another', () => {
    expect(['x64', 'arm64', 'other']).toContain(cpuFacts().arch);
    const [a, b = a] = affinity();
    const ns = a === b ? null : cacheLineRoundTrip(a!, b!);
    expect(ns === null || ns > 0).toBe(true);
  });

  it('refuse CPUs that there are not, by code', () => {
    const code = (call: () => void) => {
      try {
        call();
      } catch (error) {
        return (error as { code?: string }).code;
      }
      return 'nothing';
    };
    expect(code(() => pinThread(-1))).toBe('ERR_OUT_OF_RANGE');
    expect(code(() => pinThread(1.5))).toBe('ERR_OUT_OF_RANGE');
    expect(code(() => pinThread(60_000))).toMatch(/^ERR_(CPU_PIN|OUT_OF_RANGE)$/);
    expect(code(() => cacheLineRoundTrip(0, 60_000))).toMatch(/^ERR_(CPU_PIN|OUT_OF_RANGE)$/);
    expect(code(() => cacheLineRoundTrip(0, 1, 0))).toBe('ERR_OUT_OF_RANGE');
  });
});
