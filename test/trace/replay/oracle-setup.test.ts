import { describe, expect, it } from '@jest/globals';
import type { Arena } from '../../../lib/smp/arena.js';
import { NO_ADDRESS } from '../../../lib/swiotlb/swiotlb.js';
import type { TraceHeader } from '../../../lib/trace/format/trace-header.js';
import { allocatorOf, cpusOf, devicesOf, ReplayMemory } from '../../../lib/trace/replay/oracle-setup.js';
import { ZoneBlocks } from '../../swiotlb/zone-blocks.js';

const CONFIG: TraceHeader['config'] = {
  name: 'made up',
  kind: 'boot',
  dynamic: true,
  canGrow: true,
  ncpus: 3,
  nslabs: 256,
  nareas: 2,
  pageShift: 12,
  defaultNslabs: 512,
  defaultNareas: 2,
  physBase: 2 ** 30,
  physLimit: -1,
  zoneDmaLimit: 2 ** 24 - 1,
};
const DEVICE = { minAlignMask: 511, segBoundary: -1, dmaMask: -1, busDmaLimit: 0, maxMapping: 260_096 };

function header(config: Partial<TraceHeader['config']> = {}): TraceHeader {
  return { v: 1, config: { ...CONFIG, ...config }, devices: [DEVICE] };
}

describe('the set-up of a replay', () => {
  it.each([
    ['the static build', { dynamic: false }, { pools: false, growth: false }],
    ['the dynamic build', {}, { pools: true, growth: true }],
    ['a restricted pool in it', { canGrow: false }, { pools: true, growth: false }],
  ])('makes an allocator: %s', (_what, config, has) => {
    const io = allocatorOf(header(config), new ZoneBlocks(), new ReplayMemory());
    expect({ pools: io.pools !== null, growth: (io.pools?.growth ?? null) !== null }).toEqual(has);
    expect(io.pool).toMatchObject({ start: 2 ** 30, slots: 256, areaSlots: 128 });
    expect(io.statistics().io_tlb_nslabs).toBe(256);
  });

  it('makes an allocator that refuses everything if the boot never set areas', () => {
    const made = header({ canGrow: false, defaultNareas: 0 });
    const io = allocatorOf(made, new ZoneBlocks(), new ReplayMemory());
    expect(io.alloc(cpusOf(made)[2]!, devicesOf(made)[0]!, 2 ** 33, 100, 0)).toBe(NO_ADDRESS);
  });

  it('makes a fresh allocator in memory that was used before', () => {
    const used = new ReplayMemory();
    const bytes = (arena: Arena) => arena.uint8(2 ** 25);
    bytes(used.arenaFor(bytes)).fill(0xa5);
    const device = devicesOf(header())[0]!;
    const addresses = (memory: ReplayMemory) => {
      const io = allocatorOf(header(), new ZoneBlocks(), memory);
      const cpu = cpusOf(header())[1]!;
      const taken = Array.from({ length: 300 }, () => io.alloc(cpu, device, 2 ** 33, 2048, 0));
      return {
        taken,
        grown: io.pools!.grow(cpu),
        freed: taken.map((at) => io.free(cpu, device, at)),
        ...io.statistics(),
      };
    };
    expect(addresses(used)).toEqual(addresses(new ReplayMemory()));
  });

  it.each([
    [Infinity, -1, 0],
    [2 ** 32 - 1, 2 ** 32 - 1, 0],
    [2 ** 30, -1, 2 ** 30],
    [2 ** 32 - 1, 2 ** 40 - 1, 2 ** 32 - 1],
  ])('makes a device that reaches up to %d from DMA mask %d and bus limit %d', (addressLimit, dmaMask, busDmaLimit) => {
    const devices = [DEVICE, { ...DEVICE, segBoundary: 0xffff, dmaMask, busDmaLimit }];
    expect(devicesOf({ ...header(), devices })).toEqual([
      { index: 0, minAlignMask: 511, segmentBoundaryMask: Infinity, addressLimit: Infinity },
      { index: 1, minAlignMask: 511, segmentBoundaryMask: 0xffff, addressLimit },
    ]);
  });

  it('makes CPUs', () => {
    expect(cpusOf(header()).map(({ id }) => id)).toEqual([0, 1, 2]);
  });
});
