import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  BARS_HELP,
  parseBars,
  parseCpus,
  parseDuration,
  parseInteger,
  parseList,
  parsePowerOfTwo,
  parseSize,
  sizeText,
} from '../../../lib/cli/options/values.js';

const RANGE = { min: 1, max: 2 ** 31 };
const usage = (details: Record<string, unknown>) =>
  expect.objectContaining({ code: 'ERR_USAGE', details: expect.objectContaining(details) });

describe('parseSize', () => {
  it.each([
    ['1500', 1500],
    ['64K', 65536],
    ['64k', 65536],
    ['64KiB', 65536],
    ['64KB', 65536],
    ['4M', 4 << 20],
    ['1G', 1 << 30],
    ['12B', 12],
  ])('reads %s as %i bytes', (text, bytes) => {
    expect(parseSize('--pool', text, RANGE)).toBe(bytes);
  });

  it.each(['', 'K', '1.5M', '-1', '64 K B', '1T', '0x10', '64KK'])('refuses %j', (text) => {
    expect(() => parseSize('--pool', text, RANGE)).toThrow(usage({ option: '--pool', given: text }));
  });

  it.each([
    [RANGE, '64K, 4M, 1G'],
    [{ min: 2 ** 20, max: 2 ** 33 }, '4M, 1G'],
    [{ min: 512, max: 1024 }, '512'],
  ])('names sizes of the range %j where it is none', (range, sizes) => {
    const message = `--pool 'all' is not a size: write bytes, or ${sizes}`;
    expect(() => parseSize('--pool', 'all', range)).toThrow(expect.objectContaining({ message }));
  });

  it('names the nearest size within the range', () => {
    expect(() => parseSize('--pool', '4G', RANGE)).toThrow(usage({ nearest: '2G' }));
    expect(() => parseSize('--pool', '0', RANGE)).toThrow(usage({ nearest: '1' }));
  });

  it('reads the sizes that it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (bytes) => {
        expect(parseSize('--pool', sizeText(bytes), RANGE)).toBe(bytes);
      }),
    );
  });
});

describe('parseDuration', () => {
  const SECOND = { min: 0, max: 1e9 };

  it.each([
    ['0', 0],
    ['500ns', 500],
    ['50us', 50_000],
    ['1.5ms', 1_500_000],
    ['1 S', 1e9],
  ])('reads %s', (text, ns) => {
    expect(parseDuration('--ack-delay', text, SECOND)).toBe(ns);
  });

  it.each(['', '50', '1h', '-1us', 'us'])('refuses "%s"', (text) => {
    expect(() => parseDuration('--ack-delay', text, SECOND)).toThrow(usage({ option: '--ack-delay', given: text }));
  });

  it.each([
    [{ min: 0, max: 1e9 }, '500ns, 50us, 1ms, or 0'],
    [{ min: 1e7, max: 3.6e12 }, '10ms, 1s, 60s'],
    [{ min: 2000, max: 3000 }, '2us'],
  ])('names times of the range %j where it is none', (range, times) => {
    const message = `--interval 'often' is not a time: write ${times}`;
    expect(() => parseDuration('--interval', 'often', range)).toThrow(expect.objectContaining({ message }));
  });

  it('names the nearest valid time', () => {
    expect(() => parseDuration('--ack-delay', '2s', SECOND)).toThrow(usage({ nearest: '1s' }));
    expect(() => parseDuration('--ack-delay', '0', { min: 1500, max: 1e9 })).toThrow(usage({ nearest: '1500ns' }));
  });
});

describe('parsePowerOfTwo', () => {
  it.each([
    ['60M', '64M'],
    ['40M', '32M'],
    ['1000', '1K'],
  ])('names the power of two that is nearest to %s: %s', (text, best) => {
    expect(() => parsePowerOfTwo('--pool', text, RANGE)).toThrow(usage({ nearest: best }));
  });

  it('reads a power of two', () => {
    expect(parsePowerOfTwo('--pool', '64M', RANGE)).toBe(1 << 26);
  });
});

describe('parseList', () => {
  const integers = (text: string) => parseList('--queues', text, (item) => parseInteger('--queues', item, RANGE));

  it('keeps the order of the values', () => {
    expect(integers('2,1, 8')).toEqual([2, 1, 8]);
  });

  it.each(['', '1,', '1,,2', ',', '1,1', 'x', '1.5', '-2', '0'])('refuses %j', (text) => {
    expect(() => integers(text)).toThrow(usage({}));
  });
});

describe('parseCpus', () => {
  const parse = (text: string) => parseCpus('--cpus', text, [0, 1, 4], '0-1,4');

  it('reads lists and ranges of CPUs that are available', () => {
    expect(parse('0-1')).toEqual([0, 1]);
    expect(parse('4,0')).toEqual([0, 4]);
  });

  it('names the nearest CPU that is available', () => {
    expect(() => parse('3')).toThrow(usage({ nearest: 4 }));
    expect(() => parse('0-2')).toThrow(usage({ nearest: 1 }));
  });

  it.each(['', 'all', '1-'])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(usage({ given: text }));
  });
});

describe('--bars', () => {
  it('takes the words that its help says', () => {
    expect([undefined, 'auto', 'always', 'never'].map(parseBars)).toEqual(['auto', 'auto', 'always', 'never']);
    for (const word of ['auto', 'always', 'never']) expect(BARS_HELP).toContain(word);
  });

  it('refuses other words', () => {
    expect(() => parseBars('allways')).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining('always') }),
    );
  });
});
