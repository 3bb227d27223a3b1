import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Flavour } from '../../lib/flavour.js';
import { PercentLimit } from '../../lib/page/percent-limit.js';
import { Arena } from '../../lib/smp/arena.js';
import { Cpu } from '../../lib/smp/cpu.js';
import type { Swiotlb } from '../../lib/swiotlb/swiotlb.js';

/** An allocator of so many slots, of which `used.slots` are used, at `used.ms`. */
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
  const share = build(Arena.for(build));
  share.reset(percent);
  return { share, used, cpu: clocked };
}

describe('the percentage', () => {
  it.each([
    [0, 0],
    [1, 1],
    [89, 89],
    [90, 90],
    [91, 90],
    [2 ** 32 - 1, 90],
  ])('%d takes effect as %d, at once', (written, effective) => {
    const { share } = rig('hardened', 1000, 50);
    share.percent = written;
    expect(share.percent).toBe(effective);
  });

  it('of 0 gives nothing, whatever is free', () => {
    for (const flavour of ['faithful', 'hardened'] as const) {
      const { share, cpu } = rig(flavour, 1000, 0);
      expect(share.take(cpu, 1)).toBe(false);
    }
  });
});

describe('faithful', () => {
  it('denies when the occupancy is exactly the percentage', () => {
    const { share, used, cpu } = rig('faithful', 1000, 50);
    used.slots = 499;
    expect(share.take(cpu, 16)).toBe(true);
    used.slots = 500;
    used.ms = 100;
    expect(share.take(cpu, 16)).toBe(false);
  });

  it('goes by a count that is up to eleven milliseconds old', () => {
    const { share, used, cpu } = rig('faithful', 1000, 50);
    expect(share.take(cpu, 16)).toBe(true);
    used.slots = 1000;
    used.ms = 10;
    expect(share.take(cpu, 16)).toBe(true);
    expect(used.counts).toBe(1);
    used.ms = 11;
    expect(share.take(cpu, 16)).toBe(false);
    expect(used.counts).toBe(2);
  });
});

describe('faithful, on sixteen CPUs at once', () => {
  it('counts once when the count is old, and has all others go by the old one meanwhile', () => {
    const [old, fresh] = [0, 900];
    const answers: boolean[] = [];
    let counts = 0;
    const swiotlb = {
      slots: 1000,
      used: () => {
        counts++;
        if (counts === 2) for (const cpu of cpus.slice(1)) answers.push(share.take(cpu, 16)); // while it is being counted
        return counts === 1 ? old : fresh;
      },
    } as unknown as Swiotlb;
    const build = (arena: Arena) => new PercentLimit(arena, 'faithful', swiotlb, 16);
    const share = build(Arena.for(build));
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
    share.reset(50);
    expect([share.take(cpus[0]!, 16), counts]).toEqual([true, 1]);
    ms = 11;
    expect([share.take(cpus[0]!, 16), counts, answers]).toEqual([false, 2, Array(15).fill(true)]);
    expect(cpus.map((cpu) => share.take(cpu, 16))).toEqual(Array(16).fill(false));
    expect(counts).toBe(2);
  });
});

describe('hardened', () => {
  it('never has more than the percentage reserved, and gives up what it could not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.array(fc.integer({ min: -32, max: 32 }).filter((step) => step !== 0)),
        (percent, steps) => {
          const { share, cpu } = rig('hardened', 1000, percent);
          const limit = Math.floor((Math.min(percent, 90) * 1000) / 100);
          let held = 0;
          for (const step of steps) {
            if (step > 0 && share.take(cpu, step)) held += step;
            else if (step < 0 && held >= -step) {
              share.give(cpu, -step);
              held += step;
            } else if (step > 0) {
              expect(held + step).toBeGreaterThan(limit);
            }
            expect(share.taken).toBe(held);
            expect(held).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });

  it('lets every CPU keep a few lots, and no more', () => {
    let held = 0;
    const swiotlb = { slots: 32768, used: () => held } as unknown as Swiotlb;
    const build = (arena: Arena) => new PercentLimit(arena, 'hardened', swiotlb, 2);
    const share = build(Arena.for(build));
    share.reset(50);
    const cpus = [0, 1].map((id) => Object.create(Cpu.alone(), { id: { value: id } }) as Cpu);
    while (share.take(cpus[0]!, 16)) held += 16;
    expect([held, share.taken, share.reserved]).toEqual([16384, 16384, 16384]);
    expect(share.take(cpus[1]!, 16)).toBe(false);
    for (; held > 0; held -= 16) {
      share.give(cpus[1]!, 16);
      expect(share.reserved - share.taken).toBeLessThanOrEqual(2 * 256 + 16);
    }
    expect(share.taken).toBe(0);
    share.percent = 0;
    expect(share.take(cpus[1]!, 16)).toBe(false);
  });

  it('reserves what others leave of the percentage, and not what they use', () => {
    const { share, used, cpu } = rig('hardened', 1000, 50);
    used.slots = 400; // of somebody else
    let held = 0;
    while (share.take(cpu, 16)) {
      held += 16;
      used.slots += 16;
    }
    expect([held, share.taken]).toEqual([96, 96]);
    used.slots -= 400;
    expect(share.take(cpu, 16)).toBe(true);
  });

  it('stops at a percentage that went down, though a CPU has slots reserved', () => {
    const { share, cpu } = rig('hardened', 32768, 90);
    expect(share.take(cpu, 16)).toBe(true);
    expect(share.reserved).toBeGreaterThan(16);
    share.percent = 1;
    expect(share.take(cpu, 16)).toBe(true);
    while (share.take(cpu, 16));
    expect(share.reserved).toBeLessThanOrEqual(327);
  });
});
