import { describe, expect, it } from '@jest/globals';
import type { NumaNode } from '../../../lib/bench/facts/host-schema.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { memoryRows } from '../../../lib/report/machine/memory-rows.js';
import { hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';

const guest = hostFacts({ root: hostTree(X86_GUEST), arch: 'x64' });
const MIB = 1 << 20;

describe('memoryRows', () => {
  it('shows nodes with their distances, kinds, and caches in front of them', () => {
    const near: NumaNode = {
      id: 0,
      cpus: [0, 1],
      bytes: 512 * MIB,
      distances: [10, 21],
      kind: 'DRAM',
      memorySideCache: { bytes: 96 * MIB, lineBytes: 64 },
    };
    const far: NumaNode = { id: 4, cpus: [], bytes: null, distances: null, kind: null, memorySideCache: null };
    const rows = Object.fromEntries(
      memoryRows({ ...guest, subNuma: 2, numaNodes: [near, far, { ...far, id: 5, cpus: null }] }),
    );
    expect(rows).toMatchObject({
      'NUMA node 0': 'CPUs 0-1, 512 MiB, DRAM, distances 10 21, behind a cache of 96.0 MiB',
      'NUMA node 4': 'CPUs none, size unknown',
      'NUMA node 5': 'CPUs unknown, size unknown',
      'in a package': '2 nodes',
    });
  });

  it('shows pages, limits and modules', () => {
    const memory: typeof guest.memory = {
      totalBytes: 512 * MIB,
      pageBytes: 4096,
      memlockLimit: 'unlimited',
      transparentHugePages: 'madvise',
      hugePageDefrag: 'defer',
      multiSizePages: [
        { bytes: 65536, policy: 'inherit' },
        { bytes: 131072, policy: 'never' },
      ],
      hugePagesFree: 0,
      modules: [{ type: 'DDR5', megatransfers: 4800, bytes: 64 * MIB, count: 12 }],
    };
    expect(Object.fromEntries(memoryRows({ ...guest, memory }))).toMatchObject({
      memory: '512 MiB, pages of 4 KiB',
      'memlock limit': 'unlimited',
      'transparent huge pages': 'madvise, defrag defer',
      'of other sizes': '64 KiB inherit',
      'free huge pages': '0',
      modules: '12 × DDR5 64.0 MiB at 4800 MT/s',
    });
    expect(Object.fromEntries(memoryRows({ ...guest, memory: { ...memory, multiSizePages: [] } }))).toMatchObject({
      'of other sizes': 'none',
    });
  });
});
