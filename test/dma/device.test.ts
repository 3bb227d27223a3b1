/** The device of a bench run, by what it does to mappings. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { type DmaDevice, networkDevice } from '../../lib/dma/device.js';
import { Dma } from '../../lib/dma/map.js';
import { BouncePageMemory } from '../../lib/dma/shared-memory.js';
import { SITE } from '../../lib/smp/copy-ledger.js';
import { PAGE_SIZE, SLOT_SIZE } from '../../lib/units.js';
import { testCpu } from '../smp/fixtures/cpus.js';
import { rig } from './fixtures/rig.js';

const cpu = testCpu();
const memory = rig();
const dma = new Dma(memory.swiotlb, new BouncePageMemory(memory.pages, null), memory.ram.id);
const page = memory.system.alloc(cpu, 3) * PAGE_SIZE;
afterAll(() => memory.ram.close());

const map = (device: DmaDevice, at: number, bytes: number) => dma.map(cpu, device, page + at, bytes, SITE.bounce);

describe('a network device', () => {
  it('reaches all memory where it is, without a limit or a boundary', () => {
    expect(networkDevice(false)).toMatchObject({ dmaMask: Number.MAX_SAFE_INTEGER, segmentBoundaryMask: Infinity });
    expect(map(networkDevice(false), 100, 5000)).toBe(page + 100);
    expect(map(networkDevice(true, { forceBounce: false }), 100, 5000)).toBe(page + 100);
  });

  it('bounces to the beginning of any slot if it reaches bounce memory only', () => {
    const addresses = [map(networkDevice(true), 100, 64), map(networkDevice(true), 100, 64)];
    expect(addresses.map((address) => memory.swiotlb.pool.contains(address))).toEqual([true, true]);
    expect(addresses.map((address) => address % SLOT_SIZE)).toEqual([0, 0]);
    expect(addresses[1]! - addresses[0]!).toBe(SLOT_SIZE); // the next slot: no boundary, and no larger alignment
  });

  it('can be given alignments and limits', () => {
    const aligned = map(networkDevice(true, { minAlignMask: PAGE_SIZE - 1 }), 100, 64);
    expect(aligned % PAGE_SIZE).toBe((page + 100) % PAGE_SIZE);
    const narrow = networkDevice(false, { dmaMask: 0xffff });
    expect({ dmaMask: narrow.dmaMask, addressLimit: narrow.addressLimit }).toEqual({
      dmaMask: 0xffff,
      addressLimit: 0xffff,
    });
  });

  it('has a number that no page without a device carries', () => {
    expect(networkDevice(false).number).not.toBe(0);
  });
});
