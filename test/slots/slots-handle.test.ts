import { describe, expect, it } from '@jest/globals';
import { Slots } from '../../lib/slots/slots.js';
import { checkHandle, type SlotsHandle, type SlotsSpec, shapeOf } from '../../lib/slots/slots-handle.js';

const KIB = 1024;
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('shapeOf', () => {
  it.each([
    [256 * KIB, 1],
    [512 * KIB, 2],
    [768 * KIB, 1],
    [8192 * KIB, 4],
  ])('divides %i bytes into %i areas where it is not told', (bytes, areas) => {
    expect(shapeOf({ bytes })).toEqual({ bytes, areas, threads: 64, stallMs: 2000 });
  });

  it.each([
    { threads: 1, stallMs: 1, areas: 1 },
    { threads: 1023, stallMs: 3_600_000, areas: 2 },
  ])('takes the least and the most of what may be told: %j', (spec) => {
    expect(shapeOf({ bytes: 512 * KIB, ...spec })).toEqual({ bytes: 512 * KIB, ...spec });
  });

  it.each([
    ['ERR_OUT_OF_RANGE', { bytes: 512 * KIB, stallMs: 3_600_001 }],
    ['ERR_OUT_OF_RANGE', { bytes: 0 }],
    ['ERR_OUT_OF_RANGE', { bytes: Number.NaN }],
    ['ERR_OUT_OF_RANGE', { bytes: '524288' }],
    ['ERR_OUT_OF_RANGE', {}],
    ['ERR_OUT_OF_RANGE', { bytes: 300 * KIB }],
    ['ERR_OUT_OF_RANGE', { bytes: 256 * KIB, areas: 2 }],
    ['ERR_NOT_POWER_OF_TWO', { bytes: 7 * 256 * KIB, areas: 7 }],
    ['ERR_NOT_POWER_OF_TWO', { bytes: 512 * KIB, areas: 0 }],
    ['ERR_OUT_OF_RANGE', { bytes: 512 * KIB, threads: 0 }],
    ['ERR_OUT_OF_RANGE', { bytes: 512 * KIB, threads: 1024 }],
    ['ERR_OUT_OF_RANGE', { bytes: 512 * KIB, stallMs: 0 }],
    ['ERR_OUT_OF_RANGE', { bytes: 512 * KIB, lock: null }],
    ['ERR_OUT_OF_RANGE', { bytes: 512 * KIB, lock: 'yes' }],
    ['ERR_UNKNOWN_OPTION', { bytes: 512 * KIB, area: 2 }],
    ['ERR_INVALID_ARG_TYPE', 5],
    ['ERR_INVALID_ARG_TYPE', null],
    ['ERR_INVALID_ARG_TYPE', undefined],
  ])('throws %s for %j', (expected, spec) => {
    expect(() => shapeOf(spec as SlotsSpec)).toThrow(code(expected));
  });
});

describe('each field of a specification', () => {
  const values = [Symbol('s'), Object.create(null), 1n, [[]], null];
  const fields = ['bytes', 'areas', 'threads', 'lock', 'stallMs'];

  it.each(fields)('is refused with a code whatever it is: %s', (field) => {
    for (const value of values) {
      const spec = { bytes: 512 * KIB, [field]: value } as unknown as SlotsSpec;
      expect(() => shapeOf(spec)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^ERR_(OUT_OF_RANGE|NOT_POWER_OF_TWO)$/) }),
      );
    }
  });
});

describe('checkHandle', () => {
  it('accepts the handle of a slot pool also when it was copied as a message is, and nothing else', () => {
    using slots = Slots.create({ bytes: 256 * KIB, lock: 'no' });
    const { handle } = slots;
    checkHandle(handle);
    checkHandle(structuredClone(handle));
    const wrong: unknown[] = [
      null,
      undefined,
      7,
      {},
      { ...handle, control: new SharedArrayBuffer(8) },
      { ...handle, control: new ArrayBuffer(handle.control.byteLength) },
      { ...handle, bytes: 512 * KIB },
      { ...handle, threads: 63 },
    ];
    for (const handled of wrong) {
      expect(() => checkHandle(handled as SlotsHandle)).toThrow(code('ERR_INVALID_ARG_TYPE'));
    }
  });
});
