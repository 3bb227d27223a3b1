/** What the preparation of a state does, by the calls that it makes of the addon: no test can see into a cache. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Spans } from '../../../benchmarks/copy-surface/copy-states.js';
import type { Copies, SurfaceRig } from '../../../benchmarks/copy-surface/surface-rig.js';
import { addon } from '../../../lib/addon/addon.js';
import type { TimedCopyOptions } from '../../../lib/memory/copy.js';
import * as real from '../../../lib/memory/copy.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import type { Region } from '../../../lib/memory/region.js';
import { random } from '../../../lib/random.js';
import { KIB, MIB, PAGE_SIZE } from '../../../lib/units.js';

/** A call that touches, flushes or copies memory. */
interface Call {
  readonly what: 'read' | 'flush' | 'copy' | 'timed';
  /** Id of the region, of a copy that of the source, with the begin and the end of the bytes in it. */
  readonly region: number;
  readonly from: number;
  readonly to: number;
  readonly destination?: number | undefined;
}

const EMPTY_NS = 40;
const COPIED_NS = 1000;
const calls: Call[] = [];
/** Of a copy of one byte, which only takes the time of the clock, and of all others. */
const timed = (spec: TimedCopyOptions, samples: number, ns: Float64Array): Float64Array => {
  const { bytes, batch, srcRegion, srcOffset = 0, dstOffset = 0 } = spec;
  if (bytes > 1) {
    calls.push({
      what: 'timed',
      region: srcRegion as number,
      from: srcOffset,
      to: srcOffset + bytes * batch,
      destination: dstOffset,
    });
  }
  real.timedCopy(spec, samples, ns);
  return ns.fill(bytes === 1 ? EMPTY_NS : COPIED_NS);
};
const noted =
  (what: 'read' | 'flush') =>
  (region: Region, offset = 0, bytes = region.bytes): number => {
    calls.push({ what, region: region.id, from: offset, to: offset + bytes });
    return 0;
  };
jest.unstable_mockModule('../../../lib/memory/copy.js', () => ({
  ...real,
  timedCopy: timed,
  flush: noted('flush'),
  checksum: noted('read'),
}));

const [cpu = 0, otherCpu = cpu] = addon().affinity();
const [L2_WALK, LLC_WALK] = [96 * KIB, 512 * KIB];
const SPANS: Spans = {
  l2: { chunkBytes: 64 * KIB, walkBytes: L2_WALK },
  llc: { chunkBytes: 64 * KIB, walkBytes: LLC_WALK },
  cacheBytes: MIB,
  memoryBytes: MIB,
  cappedFrom: null,
};
const OFFSETS = { source: 128, destination: 192 };
const [SIZE, BATCH] = [1500, 20];
const SPAN = 1536 * BATCH;

describe('a state of the surface', () => {
  let rig: SurfaceRig;
  beforeAll(async () => {
    const { SurfaceRig: Rig } = await import('../../../benchmarks/copy-surface/surface-rig.js');
    rig = new Rig(SPANS, 64 * KIB, cpu, otherCpu);
    await rig.open();
  });
  afterAll(() => rig.close());

  /** Runs copies, and returns what came before the last timed one, that one, and the time that was told. */
  async function run(from: Copies['from'], to: Copies['to']) {
    const copies = { kernel: copyKernelIndex('libc'), size: SIZE, batch: BATCH, from, to };
    calls.length = 0;
    const ns = await rig.run(copies, OFFSETS, random(5), false);
    return { ns, before: calls.slice(0, -1), copied: calls.at(-1)! };
  }
  /** The source of what was copied, as another call has it. */
  const sourceOf = ({ region, from }: Call) => ({ region, from, to: from + SPAN });

  it('is copied at the offsets in a page that were drawn', async () => {
    for (const from of ['hot', 'L2', 'memory'] as const) {
      for (const to of ['L2', 'memory', 'first touch'] as const) {
        const { copied } = await run(from, to);
        const inPage = { source: copied.from % PAGE_SIZE, destination: copied.destination! % PAGE_SIZE };
        expect({ from, to, ...inPage }).toEqual({ from, to, ...OFFSETS });
      }
    }
  });

  it('has the time of a batch without that of an empty one', async () => {
    expect((await run('memory', 'memory')).ns).toBe(COPIED_NS - EMPTY_NS);
  });

  it('is flushed where it is that of flushed memory, and nothing else is', async () => {
    const { before, copied } = await run('flushed', 'L2');
    expect(before.filter(({ what }) => what === 'flush')).toEqual([{ what: 'flush', ...sourceOf(copied) }]);
    const others = await run('hot', 'LLC');
    expect(others.before.filter(({ what }) => what === 'flush')).toEqual([]);
  });

  it.each([
    ['L2', L2_WALK],
    ['LLC', LLC_WALK],
  ] as const)('is touched for %s, and then as much is walked as the smaller caches hold', async (state, walkBytes) => {
    const { before, copied } = await run(state, 'memory');
    const reads = before.filter(({ what }) => what === 'read');
    expect(reads[0]).toEqual({ what: 'read', ...sourceOf(copied) });
    expect(reads[1]).toMatchObject({ from: 0, to: walkBytes });
    expect(reads[1]!.region).not.toBe(copied.region);
  });

  it('is evicted first where it is to be colder, and touched last where it is hot', async () => {
    const { before, copied } = await run('hot', 'L2');
    const reads = before.filter(({ what }) => what === 'read');
    expect(reads.at(-1)).toMatchObject({ region: copied.region, from: copied.from });
    const colder = (await run('L2', 'LLC')).before.filter(({ what, from }) => what === 'read' && from === 0);
    expect(colder.map(({ to }) => to)).toEqual([LLC_WALK, L2_WALK]);
  });
});
