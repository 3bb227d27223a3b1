import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { memoryFacts } from '../../../../lib/bench/facts/memory/memory.js';
import { hostTree } from '../../fixtures/host-tree.js';

const THP = 'sys/kernel/mm/transparent_hugepage';

const read = (tree: Readonly<Record<string, string>>) => memoryFacts(new HostFiles(hostTree(tree)));

function vectorOf(words: readonly number[], wordBytes: 4 | 8, isBigEndian: boolean): Buffer {
  const vector = Buffer.alloc(words.length * wordBytes);
  for (const [index, word] of words.entries()) {
    const at = index * wordBytes + (isBigEndian ? wordBytes - 4 : 0);
    if (isBigEndian) vector.writeUInt32BE(word, at);
    else vector.writeUInt32LE(word, at);
  }
  return vector;
}

function pageOf(vector: Buffer): number | null {
  const root = hostTree({ 'proc/self/limits': '' });
  writeFileSync(join(root, 'proc/self/auxv'), vector);
  return memoryFacts(new HostFiles(root)).pageBytes;
}

describe('the facts of memory', () => {
  it.each([
    [4096, 8, false],
    [65536, 8, false],
    [4096, 8, true],
    [16384, 4, false],
    [8192, 4, true],
  ] as const)('have a page of %i bytes from words of %i bytes, big-endian: %s', (pageBytes, wordBytes, isBigEndian) => {
    // Something, the size of a page, the end.
    expect(pageOf(vectorOf([33, 0x7fff, 6, pageBytes, 0, 0], wordBytes, isBigEndian))).toBe(pageBytes);
  });

  it.each([
    ['a size that no page has', [6, 5000, 0, 0]],
    ['what stands behind the end', [0, 0, 6, 4096]],
    ['nothing', [33, 1]],
  ])('take no page from %s', (_name, words) => {
    expect(pageOf(vectorOf(words, 8, false))).toBeNull();
  });

  it('have a page from the last entry, too', () => {
    expect(pageOf(vectorOf([33, 1, 6, 4096], 8, false))).toBe(4096);
  });

  it('have the size of a page from a map otherwise, and never that of this host', () => {
    const smaps = '00400000-00401000 r-xp\nSize: 4 kB\nKernelPageSize:       64 kB\nMMUPageSize: 64 kB\n';
    expect(read({ 'proc/self/smaps': smaps }).pageBytes).toBe(65536);
    const files = new HostFiles(hostTree({ 'proc/self/auxv': 'no vector' }));
    expect(memoryFacts(files).pageBytes).toBeNull();
    expect(files.missing).toContainEqual({ fact: 'memory.pageBytes', reason: '/proc/self/auxv does not say' });
  });

  it('have the policies of huge pages, of other sizes too', () => {
    const memory = read({
      [`${THP}/enabled`]: 'always [madvise] never\n',
      [`${THP}/defrag`]: 'always defer defer+madvise [madvise] never\n',
      [`${THP}/hugepages-64kB/enabled`]: 'always inherit madvise [never]\n',
      [`${THP}/hugepages-2048kB/enabled`]: 'always [inherit] madvise never\n',
      [`${THP}/hugepages-2048kB/stats/swpout`]: '0\n',
    });
    expect(memory).toMatchObject({
      transparentHugePages: 'madvise',
      hugePageDefrag: 'madvise',
      multiSizePages: [
        { bytes: 64 << 10, policy: 'never' },
        { bytes: 2 << 20, policy: 'inherit' },
      ],
    });
    expect(read({ [`${THP}/enabled`]: '[always] never\n' }).multiSizePages).toEqual([]);
    expect(read({}).multiSizePages).toBeNull();
  });

  it('have bytes, free huge pages and the limit of locked memory', () => {
    const limits = (limit: string) => ({ 'proc/self/limits': `Max locked memory   ${limit}   unlimited   bytes\n` });
    const meminfo = { 'proc/meminfo': 'MemTotal:     8000 kB\nHugePages_Free:     3\n' };
    expect(read({ ...meminfo, ...limits('65536') })).toMatchObject({
      totalBytes: 8000 << 10,
      hugePagesFree: 3,
      memlockLimit: 65536,
    });
    expect(read(limits('unlimited'))).toMatchObject({ memlockLimit: 'unlimited', totalBytes: null });
    expect(read({ 'proc/self/limits': 'Max stack size 1\n' }).memlockLimit).toBeNull();
  });

  it('do not tell pages of other sizes where the policy of one cannot be read, but where a size has none', () => {
    const sizes = (text: string) =>
      read({ [`${THP}/hugepages-64kB/enabled`]: text, [`${THP}/hugepages-8kB/shmem_enabled`]: '[never]' });
    expect(sizes('always [never]').multiSizePages).toEqual([{ bytes: 65536, policy: 'never' }]);
    expect(sizes('x').multiSizePages).toBeNull();
  });
});
