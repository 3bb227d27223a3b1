import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { capturedLoad } from '../../../lib/capture/load/captured-load.js';
import { EARLIER } from '../../../lib/capture/load/pool-load.js';
import { sidecarOf } from '../../../lib/capture/occupancy/sidecar.js';
import { LoadedPool, madeShape } from '../../../lib/capture/sizing/loaded-pool.js';
import { loadOf, type Row } from '../load/loads.js';

const FOLDER = fileURLToPath(new URL('../../../../test/fixtures/captures/', import.meta.url));
const INPUT = { floor: 0, seed: 1, percent: 0, wantedPageSlots: 0 };

/** Where slots are all alike, a counter is enough: what finds as many free slots as it wants takes them. */
function counted(rows: readonly Row[], slots: number, floor: number) {
  let [used, failures, most] = [floor, 0, floor];
  const ends: { endNs: number }[] = [];
  for (const { timeNs, heldNs } of rows) {
    for (const one of ends.filter(({ endNs }) => endNs <= timeNs!)) {
      ends.splice(ends.indexOf(one), 1);
      used--;
    }
    if (used === slots) {
      failures++;
      continue;
    }
    used++;
    most = Math.max(most, used);
    ends.push({ endNs: timeNs! + heldNs! });
  }
  return { attempts: rows.length, failures, mostUsed: most };
}

describe('LoadedPool', () => {
  it('fails as a counter of slots says, where each mapping is of one slot', () => {
    const row = fc.record({
      waitNs: fc.nat(4),
      heldNs: fc.nat(2000),
      cpu: fc.nat(7),
      bytes: fc.integer({ min: 1, max: 2048 }),
    });
    const pools = [1, 2].map((areas) => new LoadedPool({ slots: 256, areas }, 4));
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 600 }),
        fc.integer({ min: 0, max: 256 }),
        fc.nat(9),
        (steps, floor, seed) => {
          let now = 0;
          const rows = steps.map(({ waitNs, ...one }) => {
            now += waitNs;
            return { ...one, timeNs: now };
          });
          for (const pool of pools) {
            expect(pool.play(loadOf(rows), { ...INPUT, floor, seed })).toMatchObject(counted(rows, 256, floor));
          }
        },
      ),
    );
  });

  it('finds no room for a mapping where slots are free, but not in a row', () => {
    const pool = new LoadedPool({ slots: 128, areas: 1 }, 1);
    const single = Array.from({ length: 128 }, (_, at) => ({ timeNs: at, heldNs: at % 2 === 0 ? 1000 : 1 }));
    const load = loadOf([...single, { timeNs: 200, bytes: 4096 }, { timeNs: 201, bytes: 2048 }]);
    expect(pool.play(load, INPUT)).toMatchObject({ attempts: 130, failures: 1, bursts: 1, mostUsed: 65 });
  });

  it('is null if the pool does not hold the floor, and gives floor back whose end is told', () => {
    const pool = new LoadedPool({ slots: 128, areas: 1 }, 1);
    expect(pool.play(loadOf([{}]), { ...INPUT, floor: 129 })).toBeNull();
    const full = { ...INPUT, floor: 128 };
    expect(pool.play(loadOf([{}, {}]), full)).toMatchObject({ attempts: 2, failures: 2, bursts: 1, failingNs: 1 });
    expect(pool.play(loadOf([{ heldNs: EARLIER, bytes: 4096 }, {}, {}, {}]), full)).toMatchObject({
      attempts: 3,
      failures: 1,
    });
    expect(pool.play(loadOf([{ heldNs: EARLIER, bytes: 2 ** 30 }, {}]), full)).toMatchObject({ failures: 0 });
  });

  it('tries nothing that no pool has room for', () => {
    const pool = new LoadedPool({ slots: 1024, areas: 1 }, 1);
    expect(pool.play(loadOf([{ bytes: 262_145 }, { bytes: 262_144 }]), INPUT)).toMatchObject({
      attempts: 1,
      failures: 0,
    });
  });

  it('counts failures that follow each other closely as one burst, and how long it failed', () => {
    const pool = new LoadedPool({ slots: 128, areas: 1 }, 1);
    const full = Array.from({ length: 128 }, () => ({ timeNs: 0, heldNs: 100 }));
    const later = Array.from({ length: 100 }, (_, at) => ({ timeNs: 150 + at, heldNs: 1 }));
    const again = Array.from({ length: 128 }, () => ({ timeNs: 500, heldNs: 100 }));
    const load = loadOf([...full, { timeNs: 10 }, { timeNs: 20 }, ...later, ...again, { timeNs: 510 }]);
    expect(pool.play(load, INPUT)).toMatchObject({ failures: 3, bursts: 2, failingNs: 140 });
  });

  it('is decided by its seed, and has a free pool at each begin', () => {
    const pool = new LoadedPool({ slots: 256, areas: 2 }, 2);
    const load = loadOf(
      Array.from({ length: 300 }, (_, at) => ({ cpu: at, bytes: 1 + ((at * 7919) % 20_000), heldNs: 30 })),
    );
    const play = (seed: number, floor = 60) => pool.play(load, { ...INPUT, floor, seed });
    const first = play(3);
    play(4);
    expect(play(3)).toEqual(first);
    expect(first!.failures).toBeGreaterThan(0);
  });

  it('leaves less room for mappings the more of it pages take, up to their percent', () => {
    const rows = Array.from({ length: 2000 }, (_, at) => ({ bytes: 32_768, heldNs: 20, timeNs: at }));
    const load = loadOf(rows);
    const pool = new LoadedPool({ slots: 1024, areas: 1 }, 1);
    const passes = [0, 10, 50, 90].map((percent) => pool.play(load, { ...INPUT, percent, wantedPageSlots: 2 ** 31 })!);
    const failures = passes.map((one) => one.failures);
    expect(failures).toEqual([...failures].sort((a, b) => a - b));
    expect(failures[0]).toBe(0);
    expect(failures[3]).toBeGreaterThan(0);
    for (const [at, percent] of [0, 10, 50, 90].entries())
      expect(passes[at]!.mostPageSlots).toBeLessThanOrEqual((1024 * percent) / 100);
  });

  it('maps no payload that lies in pages', () => {
    const rows = Array.from({ length: 100 }, (_, at) => ({ timeNs: at, bytes: 32_768 }));
    const load = { ...loadOf(rows), payload: new Uint8Array(100).fill(1) };
    const pool = new LoadedPool({ slots: 1024, areas: 1 }, 1);
    const play = (wantedPageSlots: number) => pool.play(load, { ...INPUT, percent: 50, wantedPageSlots })!.attempts;
    expect(play(128)).toBeLessThan(30);
    expect(play(2 ** 20)).toBe(100);
  });

  it.each(['kp-full-nvme-k6.12', 'kp-nvme-k6.12', 'kp-vnet-tcp1-k6.12', 'kp-vnet-udp1472-k6.12'])(
    'is as full as Linux counted, if a capture tells when mappings end: %s',
    async (name) => {
      const file = `${FOLDER}${name}.trace.gz`;
      const { usedBefore, highWater } = sidecarOf(file)!;
      const { load } = await capturedLoad(file);
      const large = new LoadedPool({ slots: 32_768, areas: 4 }, 4).play(load, { ...INPUT, floor: usedBefore! })!;
      expect([large.failures, large.mostUsed]).toEqual([0, highWater]);
    },
  );

  it('fails about as rarely as the pool of Linux did', async () => {
    const { load } = await capturedLoad(`${FOLDER}kp-full-nvme-k6.12.trace.gz`);
    const own = new LoadedPool({ slots: 2048, areas: 4 }, 4);
    const failures = [1, 2, 3, 4].map((seed) => own.play(load, { ...INPUT, floor: 511, seed })!.failures);
    expect(Math.max(...failures)).toBeLessThan(load.entries / 100);
  });
});

describe('madeShape', () => {
  it.each([
    [512, 16, 4],
    [1024, 3, 4],
    [128, 8, 1],
  ])('gives a pool of %d slots, of %d areas that are asked for, %d', (slots, asked, areas) => {
    expect(madeShape({ slots, areas: asked })).toEqual({ slots, areas });
  });
});
