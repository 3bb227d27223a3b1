import { describe, expect, it } from '@jest/globals';
import { addon } from '../../lib/addon/addon.js';
import { CopyList } from '../../lib/memory/copy-list.js';

describe('the addon', () => {
  it('reports the facts of this CPU and its clock', () => {
    const facts = addon().cpuInfo();
    expect(facts.arch).toBe(process.arch);
    expect(facts.tscHz).toBeGreaterThan(1e6);
    expect(facts.clockOverheadNs).toBeGreaterThanOrEqual(0);
    expect(['tsc', 'cntvct', 'clock_gettime']).toContain(facts.clockSource);
    expect(Object.values(facts.flags).every((flag) => typeof flag === 'boolean')).toBe(true);
  });

  it('reports which CPUs this thread may use and what it has used', () => {
    const affinity = addon().affinity();
    expect(affinity.length).toBeGreaterThan(0);
    const { userNs, cpuNs } = addon().threadUsage();
    expect(userNs).toBeGreaterThan(0);
    // To the nanosecond and at once, while `userNs` may stand still between two ticks of Linux.
    expect(addon().threadUsage().cpuNs).toBeGreaterThan(cpuNs);
    expect(() => addon().pinThread(8191)).toThrow(
      expect.objectContaining({ code: 'ERR_CPU_PIN', details: expect.objectContaining({ errno: 22 }) }),
    );
  });

  it('opens hardware counters or says why not, and never throws', () => {
    const { names, refused } = addon().countersOpen();
    expect(addon().countersOpen()).toEqual({ names, refused });
    expect(addon().countersRead()).toHaveLength(3 * names.length);
    expect([...names, ...refused.map(({ name }) => name)].sort()).toEqual(
      ['cycles', 'dtlbLoadMisses', 'dtlbStoreMisses', 'instructions', 'llcMisses'].sort(),
    );
    for (const { errno } of refused) expect(errno).toBeGreaterThan(0);
    addon().countersClose();
    addon().countersClose();
    expect(addon().countersRead()).toHaveLength(0);
  });

  it('measures the time that a cache line takes between two CPUs', () => {
    const cpus = addon().affinity();
    const ns = addon().cacheLineRoundTrip(cpus[0]!, cpus.at(-1)!, 100);
    expect(ns === -1 || ns > 0).toBe(true);
  });
});

describe('a pulse', () => {
  const pulses = (of: () => number) => Array.from({ length: 50 }, of);

  it('takes as long as its steps need on a CPU of a few GHz', () => {
    for (const ns of pulses(() => addon().pulse())) {
      // No CPU has a clock of 10 GHz: when this one seems to, a compiler has shortened the loop.
      expect(ns).toBeGreaterThan(0.1);
      expect(ns).toBeLessThan(50);
    }
  });

  it('takes at least ten thousand steps, and no more than a sample can spare', () => {
    const list = CopyList.ofThisThread();
    const whole = pulses(() => {
      const begin = list.clock();
      const ns = addon().pulse();
      return (list.clock() - begin) / ns;
    });
    // An interrupted pulse seems to have had more steps; one in fifty was not interrupted.
    expect(Math.min(...whole)).toBeGreaterThan(1e4);
    expect(Math.min(...whole)).toBeLessThan(1e6);
  });

  it('finds a CPU about as fast on a thread of its own as on the calling one, at their fastest', () => {
    const [cpu] = addon().affinity();
    const own = Math.min(...pulses(() => addon().pulseOn(cpu!)));
    const here = Math.min(...pulses(() => addon().pulse()));
    expect(own / here).toBeGreaterThan(0.1);
    expect(own / here).toBeLessThan(10);
  });

  it('is refused on a CPU that is not there', () => {
    expect(() => addon().pulseOn(8191)).toThrow(
      expect.objectContaining({ code: 'ERR_CPU_PIN', details: expect.objectContaining({ errno: 22 }) }),
    );
  });

  it.each([99_999, -1, 0.5, Number.NaN])('is refused on CPU %p, which no Linux has', (cpu) => {
    expect(() => addon().pulseOn(cpu)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
  });

  it('is refused on what is no number', () => {
    expect(() => addon().pulseOn('0' as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
  });
});
