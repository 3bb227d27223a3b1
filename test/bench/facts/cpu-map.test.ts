import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cpusOfFiles, parseCpuMap } from '../../../lib/bench/facts/cpu-map.js';
import { HostFiles } from '../../../lib/bench/facts/host-files.js';
import { hostTree } from '../fixtures/host-tree.js';

/** The naive model: one bit after the other, words of 32 with the highest first. */
function mapOf(cpus: readonly number[], words: number): string {
  const texts: string[] = [];
  for (let word = words - 1; word >= 0; word--) {
    let value = 0n;
    for (const cpu of cpus) if (cpu >= word * 32 && cpu < (word + 1) * 32) value |= 1n << BigInt(cpu % 32);
    texts.push(value.toString(16).padStart(8, '0'));
  }
  return texts.join(',');
}

describe('parseCpuMap', () => {
  it.each([
    ['0', []],
    ['00000000,00000000', []],
    ['1', [0]],
    ['f0', [4, 5, 6, 7]],
    ['3,00000001', [0, 32, 33]],
    ['3,1', [0, 32, 33]],
    ['00000000,00000003,00000000\n\0', [32, 33]],
    ['8000000000000001', [0, 63]],
    ['F', [0, 1, 2, 3]],
  ])('reads %j', (text, cpus) => {
    expect(parseCpuMap(text)).toEqual(cpus);
  });

  it.each(['', '\0', '\n', ',', '1,', '0-3', 'g', '0x3', '-1', '1 1', '123456789,00000000'])('rejects %j', (text) => {
    expect(parseCpuMap(text)).toBeNull();
  });

  it('reads each set of CPUs that a map was written of, with commas or without', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(255)), fc.integer({ min: 8, max: 12 }), (cpus, words) => {
        const sorted = [...cpus].sort((a, b) => a - b);
        const map = mapOf(cpus, words);
        expect(parseCpuMap(map)).toEqual(sorted);
        expect(parseCpuMap(map.replaceAll(',', ''))).toEqual(sorted);
        expect(parseCpuMap(map.replace(/^[0,]+(?=.)/, ''))).toEqual(sorted);
      }),
    );
  });
});

describe('cpusOfFiles', () => {
  const read = (tree: Record<string, string>) => cpusOfFiles(new HostFiles(hostTree(tree)), '/list', '/map');

  it('prefers the list, and takes the map where the list is missing, empty or no list', () => {
    expect(read({ list: '0-1\n', map: 'f0\n' })).toEqual([0, 1]);
    expect(read({ list: '0-1\n\0' })).toEqual([0, 1]);
    expect(read({ map: 'f0\n' })).toEqual([4, 5, 6, 7]);
    expect(read({ list: '\n', map: 'f0\n' })).toEqual([4, 5, 6, 7]);
    expect(read({ list: 'none', map: 'f0\n' })).toEqual([4, 5, 6, 7]);
  });

  it('tells no CPUs only where a file says so', () => {
    expect(read({ list: '\n' })).toEqual([]);
    expect(read({ map: '00000000\n' })).toEqual([]);
    expect(read({})).toBeNull();
    expect(read({ list: 'none', map: 'none' })).toBeNull();
  });
});
