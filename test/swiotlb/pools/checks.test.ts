/** Checked mode: tells every misuse apart in each kind of slot pool, and changes nothing for correct use. */
import { describe, expect, it } from '@jest/globals';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import type { SwiotlbConfig } from '../../../lib/swiotlb/config.js';
import type { BounceRange } from '../../../lib/swiotlb/slots/bounce-range.js';
import type { SwiotlbDevice } from '../../../lib/swiotlb/slots/constraints.js';
import { NO_ORIGIN } from '../../../lib/swiotlb/slots/slot-table.js';
import { Swiotlb } from '../../../lib/swiotlb/swiotlb.js';
import { inArena, testCpu } from '../../smp/fixtures/cpus.js';
import { ZONE_DMA_LIMIT, ZoneBlocks } from '../zone-blocks.js';

const START = 2 ** 30;
const ORIGIN = 2 ** 40;
const cpu = testCpu();
const device: SwiotlbDevice = { index: 0, minAlignMask: 511, segmentBoundaryMask: Infinity };

const restricted = { defaultAreas: 1, devices: 2, cpus: 1, growth: null };
const growing = () => {
  const growth = { defaultSlots: 512, defaultAreas: 1, physLimit: Infinity, zoneDmaLimit: ZONE_DMA_LIMIT };
  return { ...restricted, growth: { ...growth, blocks: new ZoneBlocks() } };
};

/** `isFull`: the boot pool is full, so that the next mapping gets a transient pool. */
const POOLS: [name: string, config: () => Partial<SwiotlbConfig>, isFull: boolean][] = [
  ['the static build', () => ({}), false],
  ['a restricted pool', () => ({ dynamic: restricted }), false],
  ['a transient pool', () => ({ dynamic: growing() }), true],
];

function allocator(config: Partial<SwiotlbConfig>, isFull: boolean, checked = true): Swiotlb {
  const all = { start: START, slots: 128, areas: 1, ...config, checked };
  const io = inArena((arena) => new Swiotlb(arena, all));
  io.reset();
  if (isFull) io.alloc(cpu, { ...device, minAlignMask: 0 }, ORIGIN, 262_144, 0);
  return io;
}

const refused = (code: string, reason: string) =>
  expect.objectContaining({ code, details: expect.objectContaining({ reason }) });
const sync = (io: Swiotlb, address: number, bytes: number): BounceRange => {
  const range = { origin: 0, bytes: 0 };
  io.originOf(cpu, device, address, bytes, range);
  return range;
};

describe.each(POOLS)('checked mode in %s', (_name, config, isFull) => {
  const map = (io: Swiotlb, bytes = 5000, low = 256) => io.alloc(cpu, device, ORIGIN + low, bytes, 0);

  it('accepts a correct sync and free', () => {
    const io = allocator(config(), isFull);
    const address = map(io);
    expect(sync(io, address, 5000)).toEqual({ origin: ORIGIN + 256, bytes: 5000 });
    expect(sync(io, address + 4999, 1)).toEqual({ origin: ORIGIN + 256 + 4999, bytes: 1 });
    expect(io.free(cpu, device, address)).toBe(3);
  });

  it('refuses to free an address twice', () => {
    const io = allocator(config(), isFull);
    const address = map(io);
    io.free(cpu, device, address);
    expect(() => io.free(cpu, device, address)).toThrow(refused('ERR_BAD_ADDRESS', 'double-free'));
  });

  it('refuses addresses of other memory', () => {
    const io = allocator(config(), isFull);
    map(io);
    for (const foreign of [0, START - 1, START + 2 ** 50]) {
      expect(() => io.free(cpu, device, foreign)).toThrow(refused('ERR_BAD_ADDRESS', 'foreign'));
      expect(() => sync(io, foreign, 1)).toThrow(refused('ERR_BAD_ADDRESS', 'foreign'));
    }
  });

  it('refuses to free an address in the middle of an allocation, or beside its first byte', () => {
    const io = allocator(config(), isFull);
    const address = map(io);
    for (const offset of [2048, 4096, 4999, 1, 64, -1]) {
      expect(() => io.free(cpu, device, address + offset)).toThrow(refused('ERR_BAD_ADDRESS', 'middle'));
    }
    expect(io.free(cpu, device, address)).toBe(3);
  });

  it('refuses a sync past the allocation, which is cut without the check', () => {
    const io = allocator(config(), isFull);
    const address = map(io);
    const past = refused('ERR_OUT_OF_RANGE', 'past-allocation');
    expect(() => sync(io, address, 5001)).toThrow(past);
    expect(() => sync(io, address + 4999, 2)).toThrow(past);
    const unchecked = allocator(config(), isFull, false);
    expect(sync(unchecked, map(unchecked), 5001)).toEqual({ origin: ORIGIN + 256, bytes: 5000 });
  });

  it('compares a sync with the allocation, which alignment may have made larger than the mapping', () => {
    const io = allocator(config(), isFull);
    const address = io.alloc(cpu, device, ORIGIN, 1000, 4095);
    expect(sync(io, address, 4096)).toEqual({ origin: ORIGIN, bytes: 4096 });
    expect(() => sync(io, address, 4097)).toThrow(refused('ERR_OUT_OF_RANGE', 'past-allocation'));
  });

  it('refuses to sync a mapping that was freed', () => {
    const io = allocator(config(), isFull);
    const address = map(io);
    io.free(cpu, device, address);
    expect(() => sync(io, address, 1)).toThrow(refused('ERR_BAD_ADDRESS', isFull ? 'double-free' : 'not-mapped'));
  });

  it('accepts a sync of pages, which have no original', () => {
    const io = allocator(config(), isFull);
    const page = io.alloc(cpu, device, 0, 4096, 4095);
    expect(sync(io, page, 99_999).origin).toBe(NO_ORIGIN);
    expect(() => io.free(cpu, device, page + 2048)).toThrow(refused('ERR_BAD_ADDRESS', 'middle'));
    expect(io.free(cpu, device, page)).toBe(2);
  });
});

describe('checked mode', () => {
  it('refuses to free what lies in the transient pool of another device', () => {
    const io = allocator({ dynamic: growing() }, true);
    const other = { ...device, index: 1 };
    const address = io.alloc(cpu, device, ORIGIN, 100, 0);
    io.alloc(cpu, other, ORIGIN, 100, 0);
    expect(() => io.free(cpu, other, address)).toThrow(refused('ERR_BAD_ADDRESS', 'foreign'));
  });

  it('finds the first byte after padding', () => {
    const io = allocator({}, false);
    const nvme = { ...device, minAlignMask: 0xffff };
    const address = io.alloc(cpu, nvme, ORIGIN + 0x6123, 1000, 65_535);
    expect(() => io.free(cpu, nvme, address - 0x1000)).toThrow(refused('ERR_BAD_ADDRESS', 'middle'));
    expect(io.free(cpu, nvme, address)).toBe(32);
  });

  it.each([true, false])('is on in a machine that checks (%s)', (check) => {
    using machine = new InlineMachine(
      machineConfig({
        cpus: { copyKernel: copyKernelIndex('libc'), count: 1 },
        sockets: { senders: 1, messageBytes: 1000 },
        slotPool: { bytes: 2 ** 20 },
        checking: { everyByte: check },
      }),
    );
    const { swiotlb } = machine.system;
    const address = swiotlb.alloc(cpu, device, 4096, 100, 0);
    const past = () => sync(swiotlb, address, 101);
    if (check) expect(past).toThrow(refused('ERR_OUT_OF_RANGE', 'past-allocation'));
    else expect(past().bytes).toBe(100);
  });
});
