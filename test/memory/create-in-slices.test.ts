import { describe, expect, it } from '@jest/globals';
import { createInSlices, createSlices, SLICE_BYTES } from '../../lib/memory/create-in-slices.js';
import { Region } from '../../lib/memory/region.js';
import { type RegionSpec, requireSpec } from '../../lib/memory/region-spec.js';

const SPEC = { bytes: 2 * SLICE_BYTES + 5000, lock: 'no' } as const;
const isGone = (id: number) =>
  expect(() => Region.attach(id)).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));

/** The slices of a region; notes the id after each in `ids`, and calls `meanwhile` with their number so far. */
function* noted(spec: RegionSpec, ids: number[], meanwhile: (slices: number) => void = () => {}) {
  for (const id of createSlices(requireSpec(spec))) {
    ids.push(id);
    meanwhile(ids.length);
    yield id;
  }
}

describe('createInSlices()', () => {
  it('populates one slice in each turn of the event loop', async () => {
    let turns = 0;
    const turnsAt: number[] = [];
    const count = (): void => {
      turns++;
      if (turnsAt.length < 3) setImmediate(count);
    };
    setImmediate(count);
    const ids: number[] = [];
    using region = await createInSlices(
      SPEC,
      Region.attach,
      undefined,
      noted(SPEC, ids, () => turnsAt.push(turns)),
    );
    expect(ids).toEqual([region.id, region.id, region.id]);
    expect(new Set(turnsAt).size).toBe(3);
    expect(region.info()).toMatchObject({ bytes: 2 * SLICE_BYTES + 8192, attachments: 1, locked: false });
  });

  it('makes a region with the contents of one that is created at once', async () => {
    using region = await createInSlices(SPEC, Region.attach);
    using other = Region.create(SPEC);
    const stepsOf = ({ buffer }: Region) => {
      const words = new BigUint64Array(buffer);
      return [words[1]! - words[0]!, words.at(-1)! - words[0]!].map((step) => BigInt.asUintN(64, step));
    };
    expect(stepsOf(region)).toEqual(stepsOf(other));
    expect(new BigUint64Array(region.buffer, 0, 1)).not.toEqual(new BigUint64Array(other.buffer, 0, 1));
  });

  it('has it locked where one that is created at once is locked', async () => {
    for (const bytes of [4096, SPEC.bytes]) {
      using region = await createInSlices({ bytes }, Region.attach);
      using other = Region.create({ bytes });
      expect([region.locked, region.lockRefusal]).toEqual([other.locked, other.lockRefusal]);
    }
  });

  it('writes nothing where pages are to fault at their first access', async () => {
    using region = await createInSlices({ ...SPEC, populate: false }, Region.attach);
    expect(region.view(0, 8).readBigUInt64LE()).toBe(0n);
  });

  it('is aborted after any slice, with the reason of its signal, and gives the memory back', async () => {
    const reason = new Error('enough');
    for (const last of [1, 2, 3]) {
      const abort = new AbortController();
      const ids: number[] = [];
      const slices = noted(SPEC, ids, (count) => count === last && setImmediate(() => abort.abort(reason)));
      await expect(createInSlices(SPEC, Region.attach, abort.signal, slices)).rejects.toBe(reason);
      expect(ids).toHaveLength(last);
      isGone(ids[0]!);
    }
    const late = new AbortController();
    using region = await createInSlices(SPEC, Region.attach, late.signal);
    late.abort(reason);
    expect(region.closed).toBe(false);
  });

  it('maps nothing where the signal has aborted before', async () => {
    const reason = new Error('enough');
    const ids: number[] = [];
    await expect(createInSlices(SPEC, Region.attach, AbortSignal.abort(reason), noted(SPEC, ids))).rejects.toBe(reason);
    expect(ids).toEqual([]);
  });

  it('rejects as Region.create() throws', async () => {
    await expect(createInSlices({ bytes: 0 }, Region.attach)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    const refused = createInSlices({ bytes: 4096, numaNode: 1000 }, Region.attach);
    await expect(refused).rejects.toMatchObject({ code: 'ERR_REGION_MAP', details: { syscall: 'mbind' } });
  });
});

describe('createSlices()', () => {
  it('has written all of the region at its end, and only what it has come to before', () => {
    const slices = createSlices(requireSpec(SPEC));
    const id = slices.next().value!;
    using region = Region.attach(id);
    const words = new BigUint64Array(region.buffer);
    const atEnds = () => [SLICE_BYTES, 2 * SLICE_BYTES, region.bytes].map((end) => words[end / 8 - 1] !== 0n);
    expect(atEnds()).toEqual([true, false, false]);
    slices.next();
    expect(atEnds()).toEqual([true, true, false]);
    slices.next();
    expect([atEnds(), slices.next().done]).toEqual([[true, true, true], true]);
  });

  it('yields the same id after each slice, to the end of the region', () => {
    const ids = [...createSlices(requireSpec({ bytes: SLICE_BYTES + 1, lock: 'no' }))];
    expect(ids).toEqual([ids[0], ids[0]]);
    Region.attach(ids[0]!).close();
    isGone(ids[0]!);
  });
});
