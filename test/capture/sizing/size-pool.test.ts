import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { capturedLoad } from '../../../lib/capture/load/captured-load.js';
import type { PoolSizing } from '../../../lib/capture/sizing/pool-sizing.js';
import { sizePool } from '../../../lib/capture/sizing/size-pool.js';
import { KIB, MIB } from '../../../lib/units.js';

const FOLDER = fileURLToPath(new URL('../../../../test/fixtures/captures/', import.meta.url));
const read = (name: string, floor: number, highWater: number | null) =>
  capturedLoad(`${FOLDER}${name}.trace.gz`, { floor, highWater });

const FLOWS = { flows: 20, sendBufferBytes: 256 * KIB, bitsPerSecond: 10e9, cpus: 4, mappings: 2000 };
const codes = ({ notes }: PoolSizing) => notes.map(({ code }) => code);
const column = ({ pools }: PoolSizing, areas: number) =>
  pools.filter((one) => one.areas === areas && one.percent === 0);

describe('sizePool', () => {
  it('finds that a pool which overflowed is too small, and the next larger one enough', async () => {
    const captures = [await read('full-nvme12-k6.12', 511, 1871)];
    const found = await sizePool({ captures }, { cpus: 4, have: { slots: 2048, areas: 4 }, bootParam: '2048,4,force' });
    expect(found).toMatchObject({
      schema: 'copytax.size/1',
      seen: 2180,
      flows: null,
      target: { asked: null, applied: 3 / 2180 },
      recommended: { slots: 8192, enoughSlots: 4096, token: 'swiotlb=8192,4,force', moreBytes: 12 * MIB },
    });
    expect(found.compared.map(({ name, isEnough }) => [name, isEnough])).toEqual([
      ['have', false],
      ['default', true],
      ['largest', true],
    ]);
    expect(column(found, 4).at(-1)!.mostUsed).toBeGreaterThanOrEqual(1871);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  it('takes several captures for loads that the pool has to bear, one after the other', async () => {
    const captures = [await read('kp-nvme-k6.12', 511, null), await read('full-nvme12-k6.12', 511, 1871)];
    const found = await sizePool({ captures }, { cpus: 4, passes: 2 });
    expect(found.seen).toBe(found.loads.reduce((sum, { mappings }) => sum + mappings, 0));
    expect(found.recommended?.enoughSlots).toBe(4096);
  });

  it('is decided by its seed, and has the same failures without pages whatever their percent', async () => {
    const [one, same, other] = await Promise.all([
      sizePool({ flows: FLOWS }, { seed: 3, passes: 2 }),
      sizePool({ flows: FLOWS }, { seed: 3, passes: 2 }),
      sizePool({ flows: FLOWS }, { seed: 3, passes: 2, percent: 75 }),
    ]);
    expect(one).toEqual(same);
    expect(column(one, 4)).toEqual(column(other, 4));
    expect(one.pools.some(({ percent }) => percent === 50)).toBe(true);
    expect(other.pools.some(({ percent }) => percent === 75)).toBe(true);
  });

  it('has a recommendation that is enough for what flows have in the device, and in all larger pools', async () => {
    const found = await sizePool({ flows: FLOWS }, { passes: 2, memoryBytes: 32 * 2 ** 30 });
    const { enoughSlots } = found.recommended!;
    expect(enoughSlots * 2048).toBeGreaterThan(found.flows!.inDeviceBytes);
    for (const { slots, failures } of column(found, 4).filter(({ slots }) => slots >= enoughSlots))
      expect([slots, failures!.failures]).toEqual([slots, 0]);
    expect(found.compared.map(({ name, pool }) => [name, pool.slots])).toEqual([
      ['default', 32_768],
      ['share-of-memory', 524_288],
      ['largest', 524_288],
    ]);
    expect(found.seen).toBe(4000);
  });

  it('says if a target needs more mappings than there are, and if no pool is enough', async () => {
    const low = await sizePool({ flows: FLOWS }, { passes: 1, target: 1e-9 });
    expect([low.target.applied, codes(low)]).toEqual([3 / 2000, expect.arrayContaining(['target-unsupported'])]);
    const none = await sizePool({ flows: FLOWS }, { passes: 1, floor: 2 ** 20 });
    expect(none.recommended).toBeNull();
    expect(codes(none)).toContain('none-enough');
    expect(none.pools.every(({ holdsFloor, failures }) => !holdsFloor && failures === null)).toBe(true);
  });

  it('allows as many failures as a target does', async () => {
    const captures = [await read('full-nvme12-k6.12', 511, 1871)];
    const found = await sizePool({ captures }, { cpus: 4, target: 0.02, passes: 4, headroom: 1 });
    expect(found.recommended).toMatchObject({ slots: 2048, enoughSlots: 2048, headroom: 1 });
  });

  it('tries a pool of a size that is no power of two, in one area where it has no more', async () => {
    const found = await sizePool({ flows: FLOWS }, { passes: 1, have: { slots: 1000, areas: 4 } });
    expect(found.compared[0]).toMatchObject({ name: 'have', pool: { slots: 1000, areas: 1 } });
  });

  it('returns what it has when it is stopped, without advice', async () => {
    const abort = new AbortController();
    const onProgress = (done: number) => {
      if (done === 3) abort.abort();
    };
    const found = await sizePool({ flows: FLOWS }, { passes: 1, signal: abort.signal, onProgress });
    expect(found).toMatchObject({ recommended: null, percents: [] });
    expect(found.pools.length).toBeGreaterThan(0);
    expect(codes(found)[0]).toBe('stopped');
    expect(codes(found)).not.toContain('none-enough');
  });

  it('refuses a load without a mapping that a pool has room for', async () => {
    await expect(sizePool({ captures: [] })).rejects.toMatchObject({ code: 'ERR_CAPTURE' });
    const one = await read('kp-nvme-k6.12', 0, null);
    const load = { ...one.load, bytes: one.load.bytes.map(() => 300_000) };
    await expect(sizePool({ captures: [{ ...one, load }] })).rejects.toMatchObject({
      code: 'ERR_CAPTURE',
      message: expect.stringContaining(`all ${one.mappings.paired} mappings are larger than a segment`),
    });
  });
});
