import { describe, expect, it } from '@jest/globals';
import { FREE_COUNTERS, FreeCounters, freeCounter } from '../../lib/page/free-counters.js';
import { Arena } from '../../lib/smp/arena.js';
import type { Cpu } from '../../lib/smp/cpu.js';
import { testCpus } from '../smp/fixtures/cpus.js';

const { cpus } = testCpus(3);
const BITS = [false, true];
const ROWS = BITS.flatMap((batched) => BITS.flatMap((pool) => BITS.map((device) => ({ device, pool, batched }))));

function counters() {
  const arena = Arena.for((counting) => new FreeCounters(counting, cpus.length));
  return {
    here: new FreeCounters(arena, cpus.length),
    there: new FreeCounters(Arena.over(arena.buffer!), cpus.length),
  };
}

const all = (counts: FreeCounters) => Array.from({ length: FREE_COUNTERS }, (_, index) => counts.of(index));

describe('the counters of frees', () => {
  it('are numbered as in the patch', () => {
    expect(ROWS.map(({ device, pool, batched }) => freeCounter(device, pool, batched))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it.each(ROWS.map((row, index) => [index, row] as const))(
    'count in number %i frees with %j and no others, on every CPU',
    (index, row) => {
      const { here, there } = counters();
      const { device, pool, batched } = row;
      for (const cpu of [...cpus, cpus[1]!]) there.countFree(cpu, freeCounter(device, pool, batched));
      expect(all(here)).toEqual(ROWS.map((_, at) => (at === index ? 4 : 0)));
      expect({ freed: here.freed, allocated: here.allocated }).toEqual({
        freed: index === 3 || index === 7 ? 4 : 0,
        allocated: 0,
      });
    },
  );

  it('lie on lines of their own for each CPU, so that CPUs which count at the same time lose nothing', () => {
    const arena = Arena.for((counting) => new FreeCounters(counting, cpus.length));
    const counts = new FreeCounters(arena, cpus.length);
    const isCounted = () => [...new Float64Array(arena.buffer!)].flatMap((count, at) => (count > 0 ? [at >> 4] : []));
    for (const count of [
      (cpu: Cpu) => counts.countFreed(cpu, false),
      (cpu: Cpu) => counts.countFreed(cpu, true),
      (cpu: Cpu) => counts.countFree(cpu, 4),
      (cpu: Cpu) => counts.countAlloc(cpu),
    ]) {
      counts.reset();
      for (const cpu of cpus) count(cpu);
      expect(isCounted()).toEqual([0, 1, 2]);
    }
  });

  it('can be set to zero one by one and all together', () => {
    const { here, there } = counters();
    for (const cpu of cpus) {
      for (const { device, pool, batched } of ROWS) here.countFree(cpu, freeCounter(device, pool, batched));
      here.countAlloc(cpu);
      here.countOverLimit(cpu);
      for (let time = 0; time < 2; time++) here.countWithoutBlock(cpu);
    }
    there.zero(3);
    expect(all(here)).toEqual([3, 3, 3, 0, 3, 3, 3, 3]);
    expect({ allocated: here.allocated, freed: here.freed }).toEqual({ allocated: 3, freed: 3 });
    expect({ overLimit: there.overLimit, withoutBlock: there.withoutBlock }).toEqual({ overLimit: 3, withoutBlock: 6 });
    there.reset();
    expect([...all(here), here.allocated, here.overLimit, here.withoutBlock]).toEqual(new Array(11).fill(0));
  });
});
