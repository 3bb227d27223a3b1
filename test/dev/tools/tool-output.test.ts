import { describe, expect, it } from '@jest/globals';
import { loopRates, mbwRate, memoryRates, movesRate, perfRate, streamRate } from '../../../dev/tools/tool-output.js';
import { MBW, MEMCPY, MEMRATE, PERF, STREAM } from './fixtures/outputs.js';

const MIB = 2 ** 20;

describe('What a tool prints, as gigabytes per second,', () => {
  it('is of mbw the bytes of all runs but the first by their time', () => {
    const seconds = 64 / 13157.895 + 64 / 16414.465;
    expect(mbwRate(MBW)).toBeCloseTo((2 * 64 * MIB) / seconds / 1e9, 9);
  });

  it('is of perf bench what it prints, which is in bytes', () => {
    expect(perfRate(PERF)).toBeCloseTo(29.108918037337776, 12);
  });

  it('is of stress-ng --memcpy the eight copies and moves of each operation', () => {
    const n = 2 * MIB;
    const operation = n + n / 2 + (n - 64) + n + (n - 64) + n + (n - 1) + (n - 1);
    expect(movesRate(MEMCPY)).toBeCloseTo((5393.407416 * operation) / 1e9, 6);
  });

  it('is of stress-ng --stream what is read and what is written', () => {
    expect(streamRate(STREAM)).toBeCloseTo(((19833.16566 + 13222.11044) * MIB) / 1e9, 9);
  });

  it('is of stress-ng --memrate that of 128 bits, and of no other rate with such a name', () => {
    const { read, write } = memoryRates(MEMRATE);
    expect(read).toBeCloseTo((109299.33268 * MIB) / 1e9, 9);
    expect(write).toBeCloseTo((104478.992774 * MIB) / 1e9, 9);
  });

  it('is of tool_loops each rate that is asked for, in that order', () => {
    expect(Object.entries(loopRates('{"copyGBps": 2.5, "allGBps": 4}', ['all', 'copy']))).toEqual([
      ['all', 4],
      ['copy', 2.5],
    ]);
  });

  const strange: [name: string, parse: (text: string) => unknown, text: string, said: RegExp][] = [
    ['mbw', mbwRate, '', /ERR_USAGE.*mbw does not print MiB per second of two runs: it prints nothing/],
    ['mbw', mbwRate, 'Usage: mbw\n', /it prints 'Usage: mbw' first/],
    ['mbw', mbwRate, MBW.split('\n')[0]!, /of two runs/],
    ['mbw', mbwRate, MBW.replaceAll(/Copy: [\d.]+/g, 'Copy: 0.000'), /of two runs/],
    ['perf', perfRate, '# Memory allocation failed - maybe size (8TB) is too large?\n', /it prints '# Memory/],
    ['perf', perfRate, 'inf\n', /perf bench does not print bytes per second: it prints 'inf' first/],
    ['stress-ng', movesRate, STREAM.replace(/bogo-ops-per-second-real-time: .*/, ''), /bogo-ops-per-second-real-time/],
    ['stress-ng', streamRate, MEMCPY, /stress-ng does not print the metric memory-read-rate-mb-per-sec/],
    [
      'stress-ng',
      memoryRates,
      MEMRATE.replace('read128-mb-per-sec: 109299.332680', 'read128-mb-per-sec: -nan'),
      /read128/,
    ],
    ['tool_loops', (text) => loopRates(text, ['copy']), 'x', /tool_loops does not print rates/],
    ['tool_loops', (text) => loopRates(text, ['copy']), 'null', /tool_loops does not print the rate of copy/],
    ['tool_loops', (text) => loopRates(text, ['copy']), '{"copyGBps": "2"}', /the rate of copy/],
  ];
  it.each(strange)('is one clear error of %s where it is something else (%#)', (_name, parse, text, said) => {
    let thrown: { code?: string; message?: string } = {};
    try {
      parse(text);
    } catch (error) {
      thrown = error as typeof thrown;
    }
    expect(`${thrown.code}: ${thrown.message}`).toMatch(said);
    expect(thrown.code).toBe('ERR_USAGE');
  });
});
