import { describe, expect, it } from '@jest/globals';
import { type ReplayArguments, replayOptions } from '../../../lib/cli/options/parse-replay-options.js';

describe('replayOptions()', () => {
  it('gives nothing that was not given', () => expect(replayOptions({})).toEqual({}));

  it.each([
    ['32768', { slots: 32768, areas: 1 }],
    ['2048,4', { slots: 2048, areas: 4 }],
    ['swiotlb=1000,3,force', { slots: 1024, areas: 4 }],
    ['swiotlb=65536,force', { slots: 65536, areas: 1 }],
    ['1', { slots: 128, areas: 1 }],
  ])('reads a pool of %s as Linux does', (pool, shape) => expect(replayOptions({ pool })).toEqual({ pool: shape }));

  it('reads times for all devices and for one, whatever is in its name', () => {
    const { holds } = replayOptions({ hold: ['50us', '0000:00:01.0=2ms', 'a=b=1s'] });
    expect(holds).toEqual({ defaultNs: 5e4, byDevice: new Map(Object.entries({ '0000:00:01.0': 2e6, 'a=b': 1e9 })) });
    expect(replayOptions({ hold: ['nvme=2ms'] }).holds!.defaultNs).toBe(1e6);
  });

  it('reads all others', () => {
    expect(replayOptions({ startUsed: '481', receive: '1536,4K', pace: 'recorded', copy: 'libc' })).toEqual({
      startUsed: 481,
      receiveSizes: [1536, 4096],
      pace: 'recorded',
      copyKernel: 'libc',
    });
  });

  it.each<[ReplayArguments, string]>([
    [{ pool: '64M' }, "--pool '64M' is not a slot pool: write slots of 2 KiB, and areas, as after swiotlb=: 32768,4"],
    [{ pool: '0' }, "--pool '0' is not a slot pool"],
    [{ pool: '9999999' }, 'the nearest valid value is 2097152 slots'],
    [{ startUsed: '-1' }, "--start-used '-1' is not a whole number"],
    [{ hold: ['soon'] }, "--hold 'soon' is not a time: write 500ns, 50us, 1ms, or 0"],
    [{ hold: ['=1ms'] }, "--hold '=1ms' names no device before '='"],
    [{ hold: ['nvme='] }, "--hold '' is not a time"],
    [{ receive: '1536,,1' }, '--receive'],
    [{ receive: '1M' }, 'the nearest valid value is 256K'],
    [{ pace: 'recordd' }, "unknown pace 'recordd': did you mean 'recorded'?"],
    [{ copy: 'movs' }, "unknown copy kernel 'movs'"],
  ])('refuses %j', (given, message) => {
    expect(() => replayOptions(given)).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(message) }),
    );
  });
});
