import { describe, expect, it } from '@jest/globals';
import { parseHolds, parsePool } from '../../../lib/cli/options/pool-values.js';

describe('parsePool', () => {
  it.each([
    ['32768', 32_768, '32768'],
    ['swiotlb=2048,4,force', 2048, '2048,4,force'],
    ['64,force', 64, '64,force'],
    ['2097152,16', 2_097_152, '2097152,16'],
  ])('reads %s', (text, slots, param) => {
    expect(parsePool('--have', text)).toEqual({ slots, param });
  });

  it.each([['0'], ['x'], ['64M'], ['1,2,3'], ['2097153'], [''], ['swiotlb=']])('refuses %p', (text) => {
    expect(() => parsePool('--have', text)).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining('--have') }),
    );
  });
});

describe('parseHolds', () => {
  it('reads times of all devices and of single ones', () => {
    const holds = parseHolds('--hold', ['50us', 'a=b=1ms', 'nvme=2ms'], 1);
    expect(holds).toEqual({
      defaultNs: 50_000,
      byDevice: new Map([
        ['a=b', 1e6],
        ['nvme', 2e6],
      ]),
    });
    expect(parseHolds('--hold', ['nvme=2ms'], 7).defaultNs).toBe(7);
    expect(parseHolds('--hold', ['nvme=2ms'], null).defaultNs).toBeNull();
  });

  it.each([
    [['nvme=2ms', 'a=1ms', 'nvme=3ms'], "two times for 'nvme'"],
    [['2ms', '2ms'], 'two times for all devices'],
  ])('refuses %j', (given, message) => {
    expect(() => parseHolds('--hold', given, 1)).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(message) }),
    );
  });

  it.each([['=1ms'], ['nvme='], ['5'], ['nvme=5']])('refuses %p', (text) => {
    expect(() => parseHolds('--hold', [text], 1)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
  });
});
