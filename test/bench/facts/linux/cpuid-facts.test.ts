import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { x86Flags } from '../../../../lib/bench/facts/linux/cpuid-facts.js';
import { hostTree } from '../../fixtures/host-tree.js';

describe('x86Flags', () => {
  const read = (text: string) => x86Flags(new HostFiles(hostTree({ 'proc/cpuinfo': text })));

  it('are those of the first CPU', () => {
    expect(read('processor\t: 0\nflags\t\t: fpu sme \nvmx flags\t: vnmi\n\nflags\t\t: fpu\n')).toEqual(['fpu', 'sme']);
  });

  it('are unknown where there is no such line or nothing in it', () => {
    expect(read('Features\t: fp\n')).toBeNull();
    expect(read('flags\t\t:\nmodel\t\t: 1\n')).toBeNull();
    expect(x86Flags(new HostFiles(hostTree({})))).toBeNull();
  });
});
