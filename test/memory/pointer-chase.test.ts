import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addon, type PointerChaseSpec } from '../../lib/addon/addon.js';
import { Region } from '../../lib/memory/region.js';

const BYTES = 2 ** 20;
const code = (name: string) => expect.objectContaining({ code: name });

describe('a pointer chase', () => {
  let region: Region;
  let spec: PointerChaseSpec;

  beforeAll(() => {
    region = Region.create({ bytes: 2 * BYTES, lock: 'no' });
    const [cpu] = addon().affinity();
    spec = { region: region.id, offset: BYTES, bytes: BYTES, loads: 1000, limitMs: 5000, cpu: cpu! };
  });

  afterAll(() => region.close());

  it('returns the time of a load for each span', () => {
    const ns = addon().pointerChase(spec, Float64Array.of(4096, BYTES, 64, 12_288));
    expect(ns).toHaveLength(4);
    expect(Math.min(...ns)).toBeGreaterThan(0.1);
  });

  it('writes only to the memory that it is given', () => {
    const before = new Uint8Array(region.buffer, 0, BYTES).fill(7);
    addon().pointerChase(spec, Float64Array.of(BYTES));
    expect(before.every((byte) => byte === 7)).toBe(true);
  });

  it('begins no span when its time is up, and measures none of none', () => {
    const many = new Float64Array(16_384).fill(BYTES);
    expect(addon().pointerChase({ ...spec, loads: 2 ** 20, limitMs: 1 }, many).length).toBeLessThan(16_384);
    expect(addon().pointerChase(spec, new Float64Array(0))).toHaveLength(0);
  });

  it.each([
    ['spans beyond the memory', {}, [BYTES + 64]],
    ['a span of no line', {}, [0]],
    ['a span of half a line', {}, [96]],
    ['a span that is no number', {}, [Number.NaN]],
    ['memory beyond the region', { offset: BYTES + 64 }, [64]],
    ['an offset within a line', { offset: 8 }, [64]],
    ['less than a page', { bytes: 2048 }, [64]],
    ['more than a gibibyte', { bytes: 2 ** 31 }, [64]],
    ['no load', { loads: 0 }, [64]],
    ['more loads than end soon', { loads: 2 ** 20 + 1 }, [64]],
    ['no time', { limitMs: 0 }, [64]],
    ['a CPU that no Linux has', { cpu: -1 }, [64]],
  ])('refuses %s', (_name, wrong, spans) => {
    expect(() => addon().pointerChase({ ...spec, ...wrong }, Float64Array.from(spans))).toThrow(
      code('ERR_OUT_OF_RANGE'),
    );
  });

  it('refuses other memory than a power of two, a closed region, a CPU that is not there, and what is no array', () => {
    const spans = Float64Array.of(64);
    expect(() => addon().pointerChase({ ...spec, bytes: 5000 }, spans)).toThrow(code('ERR_NOT_POWER_OF_TWO'));
    expect(() => addon().pointerChase({ ...spec, region: 0 }, spans)).toThrow(code('ERR_REGION_CLOSED'));
    expect(() => addon().pointerChase({ ...spec, cpu: 8191 }, spans)).toThrow(code('ERR_CPU_PIN'));
    expect(() => addon().pointerChase(spec, [64] as never)).toThrow(code('ERR_INVALID_ARG_TYPE'));
    expect(() => addon().pointerChase({ ...spec, loads: '9' as never }, spans)).toThrow(code('ERR_INVALID_ARG_TYPE'));
  });
});
