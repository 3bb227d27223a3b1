import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type BootInputs,
  bootPool,
  confidentialGuestBytes,
  DEFAULT_SLOTS,
  joinedBootParam,
  parseBootParam,
} from '../../../lib/swiotlb/boot/boot-options.js';
import { limitAreas } from '../../../lib/swiotlb/pools/growth.js';
import { isPowerOfTwo, MIB, SEGMENT_SLOTS, SLOT_SIZE } from '../../../lib/units.js';

const FORCE = 2;
const ANY_MEMORY = 4;

/** One line of the recording: what went in, and what Linux made of it. Described beside the recordings. */
interface Recorded {
  readonly param: string;
  readonly ncpus: number;
  readonly adjustSize: number;
  readonly initFlags: number;
  readonly addressingLimit: number;
  readonly memblockMaxBytes: number;
  readonly sizeOrDefaultBeforeInit: number;
  readonly nslabs: number;
  readonly nareas: number;
  readonly areaNslabs: number;
  readonly defaultNslabs: number;
  readonly defaultNareas: number;
  readonly forceBounce: number;
  readonly forceDisable: number;
  readonly memForceBounce: number;
}

const file = new URL('../../../../test/fixtures/oracle/bootparams.jsonl.gz', import.meta.url);
const recordings = gunzipSync(readFileSync(file))
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);

function inputsOf({ param, ncpus, adjustSize, initFlags, addressingLimit, memblockMaxBytes }: Recorded): BootInputs {
  return {
    ...(param === '-' ? {} : { param }),
    ...(adjustSize === 0 ? {} : { hintBytes: adjustSize }),
    cpus: ncpus,
    flags: {
      needed: addressingLimit === 1,
      force: (initFlags & FORCE) !== 0,
      anyMemory: (initFlags & ANY_MEMORY) !== 0,
    },
    limits: memblockMaxBytes < 0 ? {} : { blockBytes: memblockMaxBytes },
  };
}

describe('bootPool beside recordings of Linux', () => {
  it('has all recordings', () => {
    expect(recordings).toHaveLength(472);
  });

  it('computes the recorded boot pools', () => {
    for (const recorded of recordings) {
      const { slots, areas, areaSlots, initialised, wantedSlots, ...pool } = bootPool(inputsOf(recorded));
      const ours = {
        nslabs: slots,
        nareas: areas,
        areaNslabs: areaSlots,
        initialised,
        defaultNslabs: pool.defaultSlots,
        defaultNareas: pool.defaultAreas,
        sizeOrDefaultBeforeInit: wantedSlots * SLOT_SIZE,
        forceBounce: Number(pool.force),
        forceDisable: Number(pool.noforce),
        memForceBounce: Number(pool.forceBounce),
      };
      expect({ ...recorded, ...ours }).toEqual({ ...recorded, initialised: recorded.nslabs > 0 });
    }
  });
});

describe('parseBootParam', () => {
  const none = { slots: DEFAULT_SLOTS, areas: 0, force: false, noforce: false };

  it.each([
    ['', {}],
    ['1', { slots: 128 }],
    ['0X1000', { slots: 4096 }],
    ['010000', { slots: 4096 }],
    ['08', { slots: 1024, areas: 8 }], // octal ends before the 8, and a comma may be missing
    ['0x', { slots: 0 }],
    ['1024,,force', { slots: 1024, force: true }],
    ['1024,3', { slots: 1024, areas: 4 }],
    ['4096,4force', { slots: 4096, areas: 4, force: true }],
    [',0', { areas: 1 }],
    ['force', { force: true }],
    ['noforce', { noforce: true }],
    ['Force', {}],
    ['force ', {}],
    ['force\n', {}],
    ['1024,forced', { slots: 1024 }],
    [',,,force', {}],
    ['-1', {}],
    [' 1', {}],
    ['9'.repeat(400), { slots: 2 ** 31 }],
  ])('reads %j as the defaults with %j', (param, expected) => {
    expect(parseBootParam(param)).toEqual({ ...none, ...expected });
  });

  it('refuses no text', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0189x,foren') }));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 512 }), (param, cpus) => {
        const { slots, areas, force, noforce } = parseBootParam(param);
        expect(slots % SEGMENT_SLOTS).toBe(0);
        expect(areas === 0 || (isPowerOfTwo(areas) && isPowerOfTwo(slots))).toBe(true);
        expect(force && noforce).toBe(false);
        expect(bootPool({ param, cpus }).initialised).toBe(!noforce);
      }),
    );
  });

  it('reads the same numbers in every notation', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), fc.nat({ max: 1024 }), (slots, areas) => {
        const decimal = parseBootParam(`${slots},${areas},force`);
        expect(parseBootParam(`0x${slots.toString(16)},0${areas.toString(8)},force`)).toEqual(decimal);
      }),
    );
  });
});

describe('joinedBootParam', () => {
  it.each([
    [['1024,4,force'], '1024,4,force'],
    [['1024', 'force'], '1024,,force'],
    [['1024,4,force', '2048'], '2048,4,force'],
    [[',8', '1024,2'], '1024,2'],
    [['noforce', 'force'], ',,noforce'],
    [['forced', 'force'], ',,force'],
    [['', ''], ''],
  ])('joins %j to %j', (params, expected) => {
    expect(joinedBootParam(params)).toBe(expected);
  });

  it('makes a value that gives the pool of all values, read in order as Linux does', () => {
    const param = fc
      .tuple(
        fc.constantFrom('', '0', '1000', '32768'),
        fc.constantFrom('', ',', ',3', ',64'),
        fc.constantFrom('', ',force'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(param, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 100 }), (params, on) => {
        const inOrder = params.map(parseBootParam);
        const { areas } = inOrder.findLast((parsed) => parsed.areas > 0) ?? { areas: 0 };
        const slots = params.findLast((text) => /^\d/.test(text));
        const pool = bootPool({ param: joinedBootParam(params), cpus: on });
        expect(pool.defaultAreas).toBe(areas === 0 ? bootPool({ cpus: on }).defaultAreas : areas);
        expect(pool.slots).toBe(
          bootPool({ param: `${Number.parseInt(slots ?? '32768', 10)},${areas || ''}`, cpus: on }).slots,
        );
        expect(pool.force).toBe(inOrder.some((parsed) => parsed.force));
      }),
    );
  });
});

const cpus = fc.integer({ min: 1, max: 4096 });
const typed = fc.nat({ max: 2 ** 24 });
const areas = fc.option(fc.nat({ max: 600 }), { nil: undefined });
const paramOf = (slots: number | undefined, count: number | undefined) =>
  [slots ?? '', count === undefined ? '' : `,${count}`].join('');
const hint = fc.option(fc.nat({ max: 2 ** 31 - 1 }), { nil: undefined });

describe('bootPool', () => {
  it('makes a power of two of slots, in a power of two of areas of at least a segment each', () => {
    const blockBytes = fc.oneof(fc.constant(Infinity), fc.nat({ max: 2 ** 30 }));
    fc.assert(
      fc.property(
        fc.option(typed, { nil: undefined }),
        areas,
        cpus,
        hint,
        blockBytes,
        (slots, count, on, wish, most) => {
          const hintBytes = wish === undefined ? {} : { hintBytes: wish };
          const pool = bootPool({ param: paramOf(slots, count), cpus: on, ...hintBytes, limits: { blockBytes: most } });
          if (!pool.initialised) {
            expect(pool).toMatchObject({ slots: 0, areas: 0, areaSlots: 0 });
            expect(most).toBeLessThan(Math.min(pool.defaultSlots, 512) * SLOT_SIZE);
            return;
          }
          expect([pool.slots, pool.areas].every(isPowerOfTwo)).toBe(true);
          expect(pool.areaSlots * pool.areas).toBe(pool.slots);
          expect(pool.areaSlots % SEGMENT_SLOTS).toBe(0);
          expect(pool.slots * SLOT_SIZE).toBeLessThanOrEqual(most);
          expect(pool.defaultSlots).toBe(pool.slots);
          expect(pool.areas).toBe(limitAreas(pool.defaultAreas, pool.slots));
        },
      ),
    );
  });

  it('makes the boot pool no smaller for more slots, more areas or more memory', () => {
    fc.assert(
      fc.property(typed, typed, cpus, fc.nat({ max: 600 }), fc.nat({ max: 600 }), (a, b, on, few, many) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const slots = (param: string, blockBytes = Infinity) =>
          bootPool({ param, cpus: on, limits: { blockBytes } }).slots;
        expect(slots(`${less}`)).toBeLessThanOrEqual(slots(`${more}`));
        expect(slots(`${a},${Math.min(few, many)}`)).toBeLessThanOrEqual(slots(`${a},${Math.max(few, many)}`));
        expect(slots(`${a}`, less * SLOT_SIZE)).toBeLessThanOrEqual(slots(`${a}`, more * SLOT_SIZE));
      }),
    );
  });

  it('makes at least the requested slots if there is memory, but not twice as many unless areas need them', () => {
    fc.assert(
      fc.property(typed, cpus, (slots, on) => {
        const pool = bootPool({ param: `${slots}`, cpus: on });
        expect(pool.slots).toBeGreaterThanOrEqual(slots);
        expect(pool.slots).toBeLessThan(2 * Math.max(pool.wantedSlots, SEGMENT_SLOTS * pool.areas));
      }),
    );
  });

  it('follows the request of the architecture if the slots are the default', () => {
    fc.assert(
      fc.property(typed, cpus, fc.nat({ max: 2 ** 31 - 1 }), (slots, on, hintBytes) => {
        const param = `${slots}`;
        const isDefault = bootPool({ param, cpus: on }).wantedSlots === DEFAULT_SLOTS;
        const same = isDefault ? bootPool({ cpus: on, hintBytes }) : bootPool({ param, cpus: on });
        expect(bootPool({ param, cpus: on, hintBytes })).toEqual(same);
      }),
    );
    const hintBytes = 256 * MIB;
    expect(bootPool({ param: '32768', cpus: 1, hintBytes }).slots).toBe(131072); // typed, and still overruled
    expect(bootPool({ param: '32769', cpus: 1, hintBytes }).slots).toBe(65536);
  });

  it('keeps the default number of areas when slots had to shrink', () => {
    expect(bootPool({ param: '65536,128', cpus: 8, limits: { blockBytes: MIB } })).toMatchObject({
      slots: 512,
      areas: 4,
      defaultSlots: 512,
      defaultAreas: 128,
    });
  });

  it('makes a boot pool that no device needs if the parameter forces it, and not if the platform does', () => {
    const unneeded = { cpus: 4, flags: { needed: false, force: true } };
    expect(bootPool(unneeded)).toMatchObject({ initialised: false, forceBounce: false, defaultAreas: 0 });
    expect(bootPool({ ...unneeded, param: 'force' })).toMatchObject({ initialised: true, forceBounce: true });
  });

  it('lets growth go up to 4 GiB, or up to the end of memory', () => {
    const limits = { lastByte: 2 ** 36 - 1 };
    expect(bootPool({ cpus: 1, limits }).physLimit).toBe(2 ** 32 - 1);
    expect(bootPool({ cpus: 1, limits, flags: { anyMemory: true } }).physLimit).toBe(2 ** 36 - 1);
    expect(bootPool({ cpus: 1, flags: { anyMemory: true } }).physLimit).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([{ cpus: 0 }, { cpus: 1.5 }, { cpus: Number.NaN }, { cpus: 1, hintBytes: -1 }, { cpus: 1, hintBytes: NaN }])(
    'refuses %j',
    (inputs) => {
      expect(() => bootPool(inputs)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    },
  );
});

describe('confidentialGuestBytes', () => {
  it('is 6 % of memory, within limits', () => {
    expect(confidentialGuestBytes(0)).toBe(64 * MIB);
    expect(confidentialGuestBytes(4096 * MIB)).toBe(257698037);
    expect(confidentialGuestBytes(2 ** 40)).toBe(1024 * MIB);
  });

  it('does not shrink with more memory, and makes a boot pool of at least that size', () => {
    const ram = fc.integer({ min: 0, max: 2 ** 45 });
    fc.assert(
      fc.property(ram, ram, cpus, (a, b, on) => {
        const hints = [Math.min(a, b), Math.max(a, b)].map(confidentialGuestBytes) as [number, number];
        expect(hints[0]).toBeLessThanOrEqual(hints[1]);
        const { slots } = bootPool({ cpus: on, hintBytes: hints[0] });
        expect(slots * SLOT_SIZE).toBeGreaterThanOrEqual(hints[0]);
      }),
    );
  });
});
