import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { addon } from '../../../lib/addon/addon.js';
import { type CacheFacts, hostSchema } from '../../../lib/bench/facts/host-schema.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { cacheKnees, kneeTimeMs, measuredSizes } from '../../../lib/bench/run/cache-knees.js';
import { Region } from '../../../lib/memory/region.js';
import { KIB, MIB } from '../../../lib/units.js';

const known = hostFacts();
const host = { ...known, memory: { ...known.memory, totalBytes: 1024 * MIB } };
const availableBytes = () => 1024 * MIB;
const [cpu] = addon().affinity();

afterEach(() => {
  jest.restoreAllMocks();
});

const cacheOf = (mebibytes: number, only: number): CacheFacts => ({
  level: 2,
  type: 'Unified',
  bytes: mebibytes * MIB,
  lineBytes: 64,
  sharedBy: [[only]],
  instances: 1,
  sharingUnknown: [],
  toldBy: 'host',
});

/** A host with a cache of 1 MiB, whose time is up after a number of sizes. */
const scripted = (most: number) => (_spec: unknown, spans: Float64Array) =>
  spans.slice(0, most).map((span) => (span <= MIB ? 4 : 50));

describe('measured sizes', () => {
  it('are four to the octave from 4 KiB on, and multiples of a line or of 64 KiB', () => {
    const sizes = measuredSizes(64 * MIB);
    expect({ first: sizes[0], last: sizes.at(-1), count: sizes.length }).toEqual({
      first: 4 * KIB,
      last: 64 * MIB,
      count: 14 * 4 + 1,
    });
    expect(sizes.every((size) => size % (size < MIB ? 64 : 64 * KIB) === 0)).toBe(true);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });

  it('are none below 4 KiB', () => {
    expect(measuredSizes(2 * KIB)).toEqual([]);
  });
});

describe('cacheKnees', () => {
  it('takes a twentieth of a quick run, and a second of a long one', () => {
    expect([11_000, 480_000].map(kneeTimeMs)).toEqual([550, 1000]);
  });

  it.each<[string, { cpu: number; limitMs: number; totalBytes?: number; free?: number }, number]>([
    ['four times the last cache of the CPU where there is time', { cpu: 1, limitMs: 1000 }, 32],
    ['twice that where there is none', { cpu: 1, limitMs: 1 }, 16],
    ['those of its own cache, not of a smaller one beside it', { cpu: 0, limitMs: 1000 }, 8],
    ['a sixteenth of the memory of the host', { cpu: 1, limitMs: 1000, totalBytes: 128 * MIB }, 8],
    ['a sixteenth of what is still free', { cpu: 1, limitMs: 1000, free: 64 * MIB }, 4],
  ])('measures in %s', (_name, { cpu: on, limitMs, totalBytes = 1024 * MIB, free = 1024 * MIB }, mebibytes) => {
    let largest = 0;
    const told = { ...host, caches: [cacheOf(2, 0), cacheOf(8, 1)], memory: { ...host.memory, totalBytes } };
    const pointerChase = (_spec: unknown, spans: Float64Array) => {
      largest = Math.max(...spans);
      return spans.map(() => 4);
    };
    cacheKnees({ ...told, cachesIncomplete: [] }, on, limitMs, { pointerChase, availableBytes: () => free });
    expect(largest).toBe(mebibytes * MIB);
  });

  it('gives its memory back, and does not tell a share of huge pages that Linux does not tell', () => {
    const close = jest.spyOn(Region.prototype, 'close');
    const facts = Region.prototype.info;
    jest.spyOn(Region.prototype, 'info').mockImplementation(function (this: Region) {
      return { ...facts.call(this), hugeBytes: -1 };
    });
    const sources = { pointerChase: scripted(Number.POSITIVE_INFINITY), availableBytes };
    expect(cacheKnees(host, 0, 500, sources)).toMatchObject({ cacheKneesHugeShare: null });
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('finds the cache that a host has, whatever it tells', () => {
    const { cacheKnees: found, missing } = cacheKnees(host, 0, 500, {
      pointerChase: scripted(Number.POSITIVE_INFINITY),
      availableBytes,
    });
    expect(found).toHaveLength(1);
    expect(found![0]!.low).toBe(MIB);
    expect(found![0]!.beforeNs).toBeCloseTo(4);
    expect(found![0]!.afterNs).toBeCloseTo(50);
    expect(missing).toBe(host.missing);
  });

  it.each([
    ['too few passes', { pointerChase: scripted(100), availableBytes }, /^sizes were measured 1 times in 500 ms/],
    ['little memory', { availableBytes: () => 8 * MIB }, /^there is not enough memory/],
  ])('is null with a reason where there are %s', (_name, sources, reason) => {
    const { cacheKnees: found, missing } = cacheKnees(host, 0, 500, sources);
    expect(found).toBeNull();
    expect(missing).toEqual([...host.missing, { fact: 'cacheKnees', reason: expect.stringMatching(reason) }]);
  });

  it('is null with a reason on a CPU that is not there', () => {
    const { missing } = cacheKnees(host, 8191, 500, { availableBytes });
    expect(missing.at(-1)).toEqual({ fact: 'cacheKnees', reason: expect.stringContaining('CPU 8191') });
  });

  it('is a fact of this host, or has a reason not to be, and leaves the schema valid', () => {
    const facts = cacheKnees(host, cpu!, 2000);
    expect(hostSchema().safeParse({ ...host, ...facts }).success).toBe(true);
    expect(facts.cacheKnees === null).toBe(facts.missing.some(({ fact }) => fact === 'cacheKnees'));
  });
});
