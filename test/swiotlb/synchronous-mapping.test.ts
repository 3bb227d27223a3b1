/** Bounces real bytes, and compares them with an array of what all memory, bounce buffers included, must hold. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { Region } from '../../lib/memory/region.js';
import { DIRECTION, type Direction, NO_WARN, SKIP_CPU_SYNC } from '../../lib/swiotlb/dma-attributes.js';
import type { SwiotlbDevice } from '../../lib/swiotlb/slots/constraints.js';
import { NO_ADDRESS, Swiotlb } from '../../lib/swiotlb/swiotlb.js';
import { type BounceWarning, RegionBounces, SynchronousMapping } from '../../lib/swiotlb/synchronous-mapping.js';
import { MIB } from '../../lib/units.js';
import { inArena, testCpus } from '../smp/fixtures/cpus.js';
import { ZoneBlocks } from './zone-blocks.js';

const START = MIB + 3 * 4096; // originals lie below, from 4096 on
const { cpus } = testCpus(4);
const [cpu] = cpus as [(typeof cpus)[0]];
const COPY_KERNEL = copyKernelIndex('libc');
const DIRECTIONS = Object.entries(DIRECTION) as [string, Direction][];

/** With `perMapping`, there is memory for buffers behind the slots. */
function machine(slots = 512, areas = 2, perMapping = false) {
  const end = START + slots * 2048;
  const bytes = end + (perMapping ? MIB : 0);
  const buffers = { blocks: new ZoneBlocks(10, new Array(3).fill([end, bytes])), devices: 1, zoneDmaLimit: 0 };
  const config = { ...{ start: START, slots, areas }, ...(perMapping ? { perMapping: buffers } : {}) };
  const swiotlb = inArena((arena) => new Swiotlb(arena, config));
  swiotlb.reset();
  const region = Region.create({ bytes, lock: 'no' });
  const sink = new RegionBounces(region.id, COPY_KERNEL);
  return {
    swiotlb,
    region,
    sink,
    memory: new Uint8Array(region.buffer),
    mapping: new SynchronousMapping(swiotlb, sink),
  };
}

const device = (minAlignMask = 0, addressLimit = Infinity): SwiotlbDevice => {
  return { minAlignMask, segmentBoundaryMask: Infinity, addressLimit };
};

interface Live {
  readonly device: SwiotlbDevice;
  readonly origin: number;
  readonly address: number;
  readonly bytes: number;
  readonly direction: Direction;
  /** Bytes from the first to the end of what was allocated: as far as a sync may go. */
  readonly limit: number;
}

/** Memory as it is and as it has to be. */
class Twins {
  readonly #machine;
  readonly #expected;
  readonly #warnings: Record<BounceWarning, number> = { full: 0, alignment: 0, clamped: 0, 'out-of-reach': 0 };
  readonly #live: Live[] = [];
  #stamp = 0;

  constructor(perMapping: boolean) {
    this.#machine = machine(512, 2, perMapping);
    this.#expected = this.#machine.memory.slice();
  }

  map({ mam, alignMask, origin, bytes, direction, attributes, by }: Mapping): void {
    const { mapping, swiotlb } = this.#machine;
    const from = device(mam);
    const address = mapping.map(cpus[by]!, from, origin, bytes, { alignMask, attributes });
    if (alignMask >= 4096) this.#warnings.alignment++;
    if (address === NO_ADDRESS) {
      if ((attributes & NO_WARN) === 0) this.#warnings.full++;
      return;
    }
    expect((address - origin) % (mam + 1)).toBe(0);
    const offset = Math.min(origin % (mam + 1), origin % (Math.max(alignMask, 2047) + 1));
    expect((address - offset) % (Math.max(alignMask, 2047) + 1)).toBe(0);
    for (const at of [0, bytes - 1]) expect(swiotlb.isBounce(cpu, from, address + at)).toBe(true);
    for (const other of this.#live) {
      expect(address + bytes <= other.address || other.address + other.bytes <= address).toBe(true);
    }
    const limit = Math.ceil((bytes + offset) / (alignMask + 1)) * (alignMask + 1) - offset;
    this.#live.push({ device: from, origin, address, bytes, direction, limit });
    this.#expected.copyWithin(address, origin, origin + bytes);
  }

  /** The CPU writes to the original, or the device to its side, where they are mapped. */
  write({ which, at, bytes, byDevice }: Part): void {
    const live = this.#live[which % this.#live.length];
    if (live === undefined) return;
    const begin = (byDevice ? live.address : live.origin) + (at % live.bytes);
    const end = begin + Math.min(bytes, live.bytes - (at % live.bytes));
    this.#stamp = (this.#stamp % 255) + 1;
    this.#machine.memory.fill(this.#stamp, begin, end);
    this.#expected.fill(this.#stamp, begin, end);
  }

  sync({ which, at: anywhere, bytes, byDevice: forCpu }: Part): void {
    const live = this.#live[which % this.#live.length];
    if (live === undefined) return;
    const { origin, address, direction, limit } = live;
    const at = anywhere % live.bytes;
    const { mapping } = this.#machine;
    if (forCpu) mapping.syncForCpu(cpu, live.device, address + at, bytes, direction);
    else mapping.syncForDevice(cpu, live.device, address + at, bytes, direction);
    if (direction === (forCpu ? DIRECTION.toDevice : DIRECTION.fromDevice)) return;
    const reachable = Math.min(bytes, limit - at);
    if (reachable < bytes) this.#warnings.clamped++;
    if (forCpu) this.#expected.copyWithin(origin + at, address + at, address + at + reachable);
    else this.#expected.copyWithin(address + at, origin + at, origin + at + reachable);
  }

  unmap({ which, attributes, by }: Unmapping): void {
    const [live] = this.#live.splice(which % this.#live.length, 1);
    if (live === undefined) return;
    const { origin, address, bytes, direction } = live;
    this.#machine.mapping.unmap(cpus[by]!, live, attributes);
    if (direction === DIRECTION.toDevice || (attributes & SKIP_CPU_SYNC) !== 0) return;
    this.#expected.copyWithin(origin, address, address + bytes);
  }

  compare(): void {
    const { memory, sink } = this.#machine;
    if (Buffer.compare(memory, this.#expected) !== 0) {
      const at = memory.findIndex((byte, address) => byte !== this.#expected[address]);
      throw new Error(`address ${at} holds ${memory[at]} instead of ${this.#expected[at]}`);
    }
    expect(sink.warnings).toEqual(this.#warnings);
  }

  end(): void {
    while (this.#live.length > 0) this.unmap({ which: 0, attributes: 0, by: 1 });
    this.compare();
    const { swiotlb } = this.#machine;
    expect([swiotlb.used(), swiotlb.perMapping?.statistics().bytes ?? 0]).toEqual([0, 0]);
    this.#machine.region.close();
  }
}

const bytes = fc.oneof(fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 1, max: 100_000 }), fc.constant(262_144));
const by = fc.nat({ max: 3 });
const attributes = fc.constantFrom(0, 0, SKIP_CPU_SYNC, NO_WARN, SKIP_CPU_SYNC | NO_WARN);
const aMapping = fc.record({
  kind: fc.constant('map' as const),
  mam: fc.constantFrom(0, 511, 4095, 65535),
  alignMask: fc.constantFrom(0, 0, 0, 511, 4095, 16383, 65535),
  origin: fc.integer({ min: 4096, max: MIB - 330_000 }),
  bytes,
  by,
  attributes,
  direction: fc.constantFrom(...DIRECTIONS.map(([, direction]) => direction)),
});
const aPart = fc.record({
  kind: fc.constantFrom('write' as const, 'sync' as const),
  which: fc.nat(),
  at: fc.nat(),
  bytes: fc.integer({ min: 1, max: 20_000 }),
  byDevice: fc.boolean(),
});
const anUnmapping = fc.record({ kind: fc.constant('unmap' as const), which: fc.nat(), attributes, by });
const steps = fc.array(
  fc.oneof({ weight: 3, arbitrary: aMapping }, { weight: 6, arbitrary: aPart }, { weight: 2, arbitrary: anUnmapping }),
  { maxLength: 80, size: 'max' },
);

type Value<Of> = Of extends fc.Arbitrary<infer Made> ? Omit<Made, 'kind'> : never;
type Mapping = Value<typeof aMapping>;
type Part = Value<typeof aPart>;
type Unmapping = Value<typeof anUnmapping>;

describe('SynchronousMapping', () => {
  it.each([false, true])('copies the bytes that have to be copied, and no others; a buffer each: %s', (perMapping) => {
    fc.assert(
      fc.property(steps, (made) => {
        const twins = new Twins(perMapping);
        for (const step of made) {
          if (step.kind === 'map') twins.map(step);
          else if (step.kind === 'unmap') twins.unmap(step);
          else if (step.kind === 'write') twins.write(step);
          else twins.sync(step);
          twins.compare();
        }
        twins.end();
      }),
      { seed: 20_231, numRuns: 120, interruptAfterTimeLimit: 30_000 },
    );
  });

  it.each(DIRECTIONS)(
    'fills the bounce buffer at map, also %s, because a device may write less than was mapped',
    (_, way) => {
      const { mapping, memory, region } = machine();
      memory.fill(7, 8192, 8192 + 5000);
      memory.fill(9, START);
      const address = mapping.map(cpu, device(), 8192, 5000, { attributes: SKIP_CPU_SYNC });
      expect(memory.subarray(address, address + 5001)).toEqual(new Uint8Array(5001).fill(7).fill(9, 5000));
      memory.fill(1, address, address + 100);
      mapping.unmap(cpu, { device: device(), address, bytes: 5000, direction: way });
      const written = way === DIRECTION.toDevice ? 0 : 100;
      expect(memory.subarray(8192, 8192 + 5000)).toEqual(new Uint8Array(5000).fill(7).fill(1, 0, written));
      region.close();
    },
  );

  it('cuts a sync that runs past its mapping, with a warning', () => {
    const { mapping, memory, region, sink } = machine();
    const address = mapping.map(cpu, device(511), 8192 + 300, 1000);
    memory.fill(1, address, address + 1200);
    memory.fill(2, 8192 + 1300, 8192 + 1500);
    mapping.syncForCpu(cpu, device(511), address + 900, 100, DIRECTION.fromDevice);
    expect(sink.warnings.clamped).toBe(0);
    mapping.syncForCpu(cpu, device(511), address + 900, 101, DIRECTION.fromDevice);
    expect(sink.warnings.clamped).toBe(1);
    expect([...memory.subarray(8192 + 1298, 8192 + 1302)]).toEqual([1, 1, 2, 2]);
    region.close();
  });

  it('warns of a full slot pool, unless it is asked not to, and of alignment that may prevent large mappings', () => {
    const { mapping, region, sink } = machine(128, 1);
    expect(mapping.map(cpu, device(), 8192, 262_144)).toBe(START);
    expect(mapping.map(cpu, device(), 8192, 1, { attributes: NO_WARN })).toBe(NO_ADDRESS);
    expect(sink.warnings).toEqual({ full: 0, alignment: 0, clamped: 0, 'out-of-reach': 0 });
    expect(mapping.map(cpu, device(), 8192, 1, { attributes: SKIP_CPU_SYNC })).toBe(NO_ADDRESS);
    expect(mapping.map(cpu, device(), 8192, 1, { alignMask: 4095, attributes: NO_WARN })).toBe(NO_ADDRESS);
    expect(sink.warnings).toEqual({ full: 1, alignment: 0, clamped: 0, 'out-of-reach': 0 });
    expect(mapping.map(cpu, device(), 8192, 1, { alignMask: 8191, attributes: NO_WARN })).toBe(NO_ADDRESS);
    expect(sink.warnings.alignment).toBe(1);
    region.close();
  });

  it('frees what the device cannot reach, after a copy for nothing', () => {
    const { mapping, memory, region, sink, swiotlb } = machine();
    memory.fill(5, 8192, 8192 + 3000);
    const far = device(0, START + 2998);
    expect(mapping.mapReachable(cpu, far, 8192, 3000, 0)).toBe(NO_ADDRESS);
    expect(sink.warnings).toEqual({ full: 0, alignment: 0, clamped: 0, 'out-of-reach': 1 });
    expect(memory[START + 2999]).toBe(5);
    expect(swiotlb.used()).toBe(0);
    expect(swiotlb.pool.areas.index(0)).toBe(2); // the cursor has moved
    const near = device(0, START + 4 * 2048 - 1);
    expect(mapping.mapReachable(cpu, near, 8192, 4096, 0)).toBe(START + 2 * 2048);
    expect(mapping.mapReachable(cpu, device(), 8192, 4096, 0)).toBe(START + 4 * 2048);
    region.close();
  });

  it('copies nothing at the address of a page, and refuses an address that is not allocated', () => {
    const { mapping, memory, region, swiotlb } = machine();
    const before = memory.slice();
    const page = swiotlb.alloc(cpu, device(), 0, 4096, 4095);
    mapping.syncForDevice(cpu, device(), page, 4096, DIRECTION.bidirectional);
    expect(
      mapping.unmap(cpu, { device: device(), address: page, bytes: 4096, direction: DIRECTION.bidirectional }),
    ).toBe(2);
    expect(Buffer.compare(memory, before)).toBe(0);
    const twice = () =>
      mapping.unmap(cpu, { device: device(), address: page, bytes: 4096, direction: DIRECTION.bidirectional });
    expect(twice).toThrow(expect.objectContaining({ code: 'ERR_BAD_ADDRESS' }));
    region.close();
  });
});
