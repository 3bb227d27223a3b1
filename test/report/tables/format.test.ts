import { describe, expect, it } from '@jest/globals';
import {
  bytes,
  duration,
  harmless,
  measured,
  nanoseconds,
  ratio,
  roughBytes,
  significant,
  wrap,
} from '../../../lib/report/tables/format.js';
import { textReport } from '../../../lib/report/text.js';
import { copyCells, resultOf } from '../fixtures/result.js';

describe('harmless', () => {
  it('keeps text and line ends, and nothing that a terminal obeys', () => {
    expect(harmless('a \u00b5s\n\u001b[2Jb\r\u0007\u009bc\td\n')).toBe('a \u00b5s\n [2Jb   c d\n');
  });
});

describe('textReport', () => {
  it('shows no control characters of a file', () => {
    const warning = { code: 'DRIFT', seen: 'it \u001b[2J drifts', why: 'why\u009b', remedy: 'wait\u0007' };
    const text = textReport({ ...resultOf(copyCells()), warnings: [warning] });
    expect(text).toContain('it  [2J drifts');
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

describe('a number in a report', () => {
  it.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [1.005, '1.00'],
    [9.999, '10.0'],
    [99.96, '100'],
    [118.2, '118'],
    [12345, '12345'],
    [-2.345, '-2.35'],
    [Number.NaN, '-'],
  ])('has three significant digits: %d', (value, text) => {
    expect(significant(value)).toBe(text);
  });

  it('has its interval if it is a ratio, and ~ if it is not significant', () => {
    const summary = { median: 2.054, low: 1.98, high: 2.1, rounds: 12 };
    expect(ratio({ ...summary, significant: true })).toBe('2.05 [1.98, 2.10]');
    expect(ratio({ ...summary, significant: false })).toBe('~ 2.05 [1.98, 2.10]');
    expect(ratio({ median: 1.81, low: 1.81, high: 1.81, rounds: 1, significant: false })).toBe('~ 1.81');
  });

  it.each([
    [64, '64 B'],
    [1500, '1500 B'],
    [65536, '64 KiB'],
    [1536, '1.5 KiB'],
    [4 << 20, '4 MiB'],
    [1 << 30, '1 GiB'],
  ])('has a unit of bytes that divides it: %d', (value, text) => {
    expect(bytes(value)).toBe(text);
  });

  it('is rounded if it is a size that was measured', () => {
    expect(roughBytes(25_276_514_304)).toBe('23.5 GiB');
    expect(roughBytes(8_388_608)).toBe('8.00 MiB');
  });

  it.each([
    [0, '0 ns'],
    [999, '999 ns'],
    [1_420_000, '1.42 ms'],
    [39_929.4, '39.9 µs'],
    [2.5e9, '2.50 s'],
  ])('has a unit of time that fits: %d ns', (value, text) => {
    expect(nanoseconds(value)).toBe(text);
  });

  it('has its interval behind it, and none if it was measured once', () => {
    const summary = { median: 175.1, low: 168, high: 184.6, confidence: 0.95 };
    expect(measured(summary)).toBe('175 [168, 185]');
    expect(measured(summary, ' Gbit/s')).toBe('175 Gbit/s [168, 185]');
    const once = { median: 3315, low: 3315, high: 3315, confidence: 0 };
    expect(measured(once, ' ns')).toBe('3315 ns');
    expect(duration(once)).toBe('3.31 µs');
  });

  it('has the same unit as the ends of its interval', () => {
    expect(duration({ median: 3315, low: 982, high: 3347, confidence: 0.95 })).toBe('3.31 [0.982, 3.35] µs');
    expect(duration({ median: 0.5, low: 0.4, high: 0.6, confidence: 0.5 })).toBe('0.500 [0.400, 0.600] ns');
  });
});

describe('wrap', () => {
  it('breaks text at spaces, and leaves room for the beginnings of lines', () => {
    expect(wrap('aa bb cc dd', 5)).toEqual(['aa bb', 'cc dd']);
    expect(wrap('aa bb cc', 6, '  ', '- ')).toEqual(['- aa', '  bb', '  cc']);
    expect(wrap('aaaaaaaa b', 4)).toEqual(['aaaaaaaa', 'b']);
    expect(wrap('', 4)).toEqual(['']);
  });
});
