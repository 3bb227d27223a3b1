import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCpuList, parseCpuList } from '../../../lib/bench/facts/cpu-list.js';

describe('a list of CPUs', () => {
  it.each([
    ['', []],
    ['0', [0]],
    ['0-3,8', [0, 1, 2, 3, 8]],
    ['3,1-2\n', [1, 2, 3]],
    ['0-1\n\0', [0, 1]],
    ['1,0-1', [0, 1]],
    ['0, 2', [0, 2]],
    ['\0', []],
  ])('is parsed from %j', (text, cpus) => {
    expect(parseCpuList(text)).toEqual(cpus);
  });

  it.each(['a', '1-', '3-1', '1;2', '-1', '1,,2', '0\x001'])('is not parsed from %j', (text) => {
    expect(parseCpuList(text)).toBeNull();
  });

  it('is parsed again from what it is formatted as', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300)), (cpus) => {
        const sorted = cpus.sort((a, b) => a - b);
        expect(parseCpuList(formatCpuList(sorted))).toEqual(sorted);
      }),
    );
  });
});
