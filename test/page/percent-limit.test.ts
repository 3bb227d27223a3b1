import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Flavour } from '../../lib/flavour.js';
import { PercentLimit } from '../../lib/page/percent-limit.js';
import { Arena } from '../../lib/smp/arena.js';
import { Cpu } from '../../lib/smp/cpu.js';
import type { Swiotlb } from '../../lib/swiotlb/swiotlb.js';

/** An allocator with a given number of slots, of which `used.slots` are used, at time `used.ms`. */
function rig(flavour: Flavour, slots: number, percent: number) {
  const used = { slots: 0, ms: 0, counts: 0 };
  const cpu = Cpu.alone();
  const clocked = Object.create(cpu, {
    list: {
      value: {
        get now() {
          return used.ms * 1e6;
        },
      },
    },
  }) as Cpu;
  const swiotlb = {
    slots,
    used() {
      used.counts++;
      return used.slots;
    },
  } as unknown as Swiotlb;
  const build = (arena: Arena) => new PercentLimit(arena, flavour, swiotlb, 1);
  const limit = build(Arena.for(build));
  limit.reset(percent);
  return { limit, used, cpu: clocked };
}

describe('the percentage of PercentLimit', () => {
  it.each([
    [0, 0],
    [1, 1],
    [89, 89],
    [90, 90],
    [91, 90],
    [2 ** 32 - 1, 90],
  ])('written as %d takes effect as %d at once', (written, effective) => {
    const { limit } = rig('hardened', 1000, 50);
    limit.percent = written;
    expect(limit.percent).toBe(effective);
  });

  it('allows no page at 0, whatever is free', () => {
    for (const flavour of ['faithful', 'hardened'] as const) {
      const { limit, cpu } = rig(flavour, 1000, 0);
      expect(limit.take(cpu, 1)).toBe(false);
    }
  });
});

describe('PercentLimit in faithful', () => {
  it('refuses when the occupancy is exactly the percentage', () => {
    const { limit, used, cpu } = rig('faithful', 1000, 50);
    used.slots = 499;
    expect(limit.take(cpu, 16)).toBe(true);
    used.slots = 500;
    used.ms = 100;
    expect(limit.take(cpu, 16)).toBe(false);
  });

  it('uses a count that is up to eleven milliseconds old', () => {
    const { limit, used, cpu } = rig('faithful', 1000, 50);
    expect(limit.take(cpu, 16)).toBe(true);
    used.slots = 1000;
    used.ms = 10;
    expect(limit.take(cpu, 16)).toBe(true);
    expect(used.counts).toBe(1);
    used.ms = 11;
    expect(limit.take(cpu, 16)).toBe(false);
    expect(used.counts).toBe(2);
  });
});

describe('PercentLimit in faithful on sixteen CPUs at once', () => {
  it('counts on one CPU when the count is old, while the others use the old one', () => {
    const [old, fresh] = [0, 900];
    const results: boolean[] = [];
    let counts = 0;
    const swiotlb = {
      slots: 1000,
      used: () => {
        counts++;
        // While it is being counted.
        if (counts === 2) for (const cpu of cpus.slice(1)) results.push(limit.take(cpu, 16));
        return counts === 1 ? old : fresh;
      },
    } as unknown as Swiotlb;
    const build = (arena: Arena) => new PercentLimit(arena, 'faithful', swiotlb, 16);
    const limit = build(Arena.for(build));
    let ms = 0;
    const list = {
      get now() {
        return ms * 1e6;
      },
    };
    const cpus = Array.from(
      { length: 16 },
      (_, id) => Object.create(Cpu.alone(), { id: { value: id }, list: { value: list } }) as Cpu,
    );
    limit.reset(50);
    expect({ take: limit.take(cpus[0]!, 16), counts }).toEqual({ take: true, counts: 1 });
    ms = 11;
    expect({ take: limit.take(cpus[0]!, 16), counts, results }).toEqual({
      take: false,
      counts: 2,
      results: Array(15).fill(true),
    });
    expect(cpus.map((cpu) => limit.take(cpu, 16))).toEqual(Array(16).fill(false));
    expect(counts).toBe(2);
  });
});

describe('PercentLimit in hardened', () => {
  it('never reserves more than the percentage, and returns what it could not use', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer({ min: -32, max: 32 }).filter((step) => step !== 0)),
        (percent, steps) => {
          const { limit, cpu } = rig('hardened', 1000, percent);
          const most = Math.floor((Math.min(percent, 90) * 1000) / 100);
          let held = 0;
          for (const step of steps) {
            if (step > 0 && limit.take(cpu, step)) held += step;
            else if (step < 0 && held >= -step) {
              limit.give(cpu, -step);
              held += step;
            } else if (step > 0) {
              expect(held + step).toBeGreaterThan(most);
            }
            expect(limit.taken).toBe(held);
            expect(held).toBeLessThanOrEqual(most);
          }
        },
      ),
    );
  });

  it('lets every CPU keep a few lots and no more', () => {
    let held = 0;
    const swiotlb = { slots: 32768, used: () => held } as unknown as Swiotlb;
    const build = (arena: Arena) => new PercentLimit(arena, 'hardened', swiotlb, 2);
    const limit = build(Arena.for(build));
    limit.reset(50);
    const cpus = [0, 1].map((id) => Object.create(Cpu.alone(), { id: { value: id } }) as Cpu);
    while (limit.take(cpus[0]!, 16)) held += 16;
    expect({ held, taken: limit.taken, reserved: limit.reserved }).toEqual({
      held: 16384,
      taken: 16384,
      reserved: 16384,
    });
    expect(limit.take(cpus[1]!, 16)).toBe(false);
    for (; held > 0; held -= 16) {
      limit.give(cpus[1]!, 16);
      expect(limit.reserved - limit.taken).toBeLessThanOrEqual(2 * 256 + 16);
    }
    expect(limit.taken).toBe(0);
    limit.percent = 0;
    expect(limit.take(cpus[1]!, 16)).toBe(false);
  });

  it('reserves only the part of the percentage that mappings leave', () => {
    const { limit, used, cpu } = rig('hardened', 1000, 50);
    used.slots = 400; // by mappings
    let held = 0;
    while (limit.take(cpu, 16)) {
      held += 16;
      used.slots += 16;
    }
    expect({ held, taken: limit.taken }).toEqual({ held: 96, taken: 96 });
    used.slots -= 400;
    expect(limit.take(cpu, 16)).toBe(true);
  });

  it('obeys a percentage that went down although a CPU has slots reserved', () => {
    const { limit, cpu } = rig('hardened', 32768, 90);
    expect(limit.take(cpu, 16)).toBe(true);
    expect(limit.reserved).toBeGreaterThan(16);
    limit.percent = 1;
    expect(limit.take(cpu, 16)).toBe(true);
    while (limit.take(cpu, 16));
    expect(limit.reserved).toBeLessThanOrEqual(327);
  });
});
