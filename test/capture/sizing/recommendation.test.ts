import { describe, expect, it } from '@jest/globals';
import type { TriedPool } from '../../../lib/capture/sizing/pool-sizing.js';
import { areasIn, enoughSlots, recommend, roomFor, withHeadroom } from '../../../lib/capture/sizing/recommendation.js';
import { bootPool } from '../../../lib/swiotlb/boot/boot-options.js';

function tried(slots: number, given: { failures?: number; areas?: number; percent?: number } = {}): TriedPool {
  const { failures = 0, areas = 4, percent = 0 } = given;
  return {
    slots,
    bytes: slots * 2048,
    areas: areasIn(slots, areas),
    percent,
    failures: {
      attempts: 1000,
      failures,
      bursts: failures,
      probability: failures / 1000,
      low: 0,
      high: (failures + 3) / 1000,
    },
    holdsFloor: true,
    failingShare: 0,
    mostUsed: 0,
    mostPageSlots: 0,
    passes: 1,
  };
}

const isEnough = ({ failures }: TriedPool) => failures!.failures === 0;

describe('enoughSlots', () => {
  it('is the smallest from which on all are enough', () => {
    const pools = [tried(512), tried(1024, { failures: 1 }), tried(2048), tried(4096)];
    expect(enoughSlots(pools, 4, isEnough)?.slots).toBe(2048);
    expect(enoughSlots([tried(512), tried(1024, { failures: 1 })], 4, isEnough)).toBeNull();
  });

  it('looks at pools with the areas that Linux makes, without pages, of powers of two, up to 1 GiB', () => {
    const others = [tried(4096, { areas: 1, failures: 9 }), tried(4096, { percent: 50, failures: 9 })];
    const odd = [tried(5120, { failures: 9 }), tried(2 ** 20, { failures: 9 })];
    expect(enoughSlots([tried(512), tried(2048), tried(4096), ...others, ...odd], 4, isEnough)?.slots).toBe(512);
  });
});

describe('recommend', () => {
  const input = {
    enough: tried(1024),
    areas: 4,
    headroom: 2,
    percents: [],
    isEnough,
    there: null,
    bootParam: undefined,
    memoryBytes: undefined,
    cpus: 4,
    mayShrink: true,
  };

  it('is a token with headroom', () => {
    expect(recommend(input)).toEqual({
      slots: 2048,
      bytes: 4 * 2 ** 20,
      areas: 4,
      token: 'swiotlb=2048,4',
      enoughSlots: 1024,
      high: 0.003,
      headroom: 2,
      askedHeadroom: 2,
      mayShrink: true,
      percent: null,
      moreBytes: null,
      inEncryptedGuest: null,
      inEncryptedGuestInstead: null,
    });
    expect(recommend({ ...input, headroom: 1.5 })).toMatchObject({ slots: 2048, headroom: 2 });
    expect(recommend({ ...input, headroom: 1 })).toMatchObject({ slots: 1024, headroom: 1 });
    expect(recommend({ ...input, enough: tried(2 ** 19) })).toMatchObject({ slots: 2 ** 19, headroom: 1 });
  });

  it('keeps the word force of the command line, and no other', () => {
    expect(recommend({ ...input, bootParam: '512,8,force' }).token).toBe('swiotlb=2048,4,force');
    expect(recommend({ ...input, bootParam: 'noforce' }).token).toBe('swiotlb=2048,4');
  });

  it('tells what it costs beside what there is', () => {
    expect(recommend({ ...input, there: { slots: 32_768, areas: 4 } }).moreBytes).toBe(-60 * 2 ** 20);
    expect(recommend({ ...input, there: { slots: 1024, areas: 4 } }).moreBytes).toBe(2 * 2 ** 20);
  });

  it('knows that an encrypted guest takes 32768 slots for the default', () => {
    const memoryBytes = 16 * 2 ** 30;
    expect(recommend({ ...input, enough: tried(16_384), memoryBytes })).toMatchObject({
      token: 'swiotlb=32768,4',
      inEncryptedGuest: 2 ** 19,
      inEncryptedGuestInstead: 'swiotlb=32640',
    });
    const guest = { cpus: 4, hintBytes: 2 ** 30, flags: { force: true } };
    const made = ['32640', '32640,4'].map((param) => bootPool({ ...guest, param }).slots);
    expect(made).toEqual([32_768, 2 ** 19]);
    expect(recommend({ ...input, memoryBytes })).toMatchObject({
      inEncryptedGuest: 2048,
      inEncryptedGuestInstead: null,
    });
  });

  it.each([
    [[0, 0, 0], 90],
    [[0, 0, 2], 50],
    [[0, 2, 0], 10],
    [[2, 0, 0], 0],
    [[], null],
  ])('advises of percents with failures %j the one of %p', (failures, percent) => {
    const percents = failures.map((count, at) => tried(2048, { failures: count, percent: [10, 50, 90][at]! }));
    expect(recommend({ ...input, percents }).percent).toBe(percent);
  });
});

describe('areasIn', () => {
  it('is no more than there are segments', () => {
    expect([areasIn(512, 16), areasIn(2048, 16), areasIn(32_768, 4)]).toEqual([4, 16, 4]);
  });
});

describe('roomFor', () => {
  it('is a power of two of at most a quarter of the memory, and 1 GiB', () => {
    const MIB = 2 ** 20;
    expect([256 * MIB, 300 * MIB, 1.9 * 2 ** 30, 64 * 2 ** 30, 1].map(roomFor)).toEqual([
      32_768, 32_768, 131_072, 524_288, 0,
    ]);
    expect(roomFor(undefined)).toBe(524_288);
  });
});

describe('withHeadroom', () => {
  it('is at least 1024 slots, and at most what there is room for', () => {
    expect([withHeadroom(512, 1, 2 ** 19), withHeadroom(512, 2, 512), withHeadroom(2 ** 18, 4, 2 ** 19)]).toEqual([
      1024,
      512,
      2 ** 19,
    ]);
  });
});
