import { describe, expect, it } from '@jest/globals';
import { pollutionPlan } from '../../../benchmarks/pollution/pollution-plan.js';
import type { CacheFacts, HostFacts } from '../../../lib/bench/facts/host-schema.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { EFFORTS } from '../../../lib/bench/plan/settings.js';
import { GIB, KIB, MIB } from '../../../lib/units.js';
import { lastLevelCache, memoryHost } from '../../bench/fixtures/memory-facts.js';

const facts = hostFacts();

function own(level: number, bytes: number): CacheFacts {
  return { ...lastLevelCache(bytes), level, type: level === 1 ? 'Data' : 'Unified', sharedBy: [[0], [1], [2], [3]] };
}

/** A host whose CPUs share last-level caches like this. */
function hostOf(shared: number[][], siblings: number[][] | null = null): Pick<HostFacts, 'caches' | 'memory' | 'cpu'> {
  const llc = { ...lastLevelCache(32 * MIB), sharedBy: shared, instances: shared.length };
  const caches = [own(1, 48 * KIB), own(2, MIB), llc];
  return { caches, memory: memoryHost(null, 64 * GIB).memory, cpu: { ...facts.cpu, siblings } };
}

describe('pollutionPlan', () => {
  it('has victims by the caches of the host, and a neighbour with the same last-level cache', () => {
    const plan = pollutionPlan('default', hostOf([[0, 1, 2, 3]]), [0, 1], 32 * GIB);
    const { onCore, besides, neighbourCpu, whyNoNeighbour, paces, packets, untold, leftOut } = plan;
    expect(onCore).toEqual([24 * KIB, 512 * KIB, 2 * MIB]);
    expect(besides).toEqual([2 * MIB, 4 * MIB, 64 * MIB]);
    expect({ neighbourCpu, whyNoNeighbour, untold, leftOut }).toEqual({
      neighbourCpu: 1,
      whyNoNeighbour: null,
      untold: [],
      leftOut: [],
    });
    expect({ paces, packets }).toEqual({ paces: ['paced', 'full speed'], packets: [4] });
  });

  it.each(EFFORTS)('has working sets of whole pages, ascending, for effort %s', (effort) => {
    const { onCore, besides } = pollutionPlan(effort, hostOf([[0, 1]]), [0, 1], 32 * GIB);
    for (const sizes of [onCore, besides]) {
      expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
      for (const size of sizes) expect(size % (4 * KIB)).toBe(0);
    }
  });

  it('has no neighbour where there is one CPU, or where last-level caches are separate', () => {
    const alone = pollutionPlan('default', hostOf([[0, 1]]), [0], 32 * GIB);
    const separate = pollutionPlan('default', hostOf([[0], [1]]), [0, 1], 32 * GIB);
    expect([alone, separate].map(({ whyNoNeighbour }) => whyNoNeighbour)).toEqual([
      'this run has one CPU',
      'no other CPU of this run shares the last-level cache of CPU 0',
    ]);
    for (const { besides, leftOut, neighbourCpu, onCore } of [alone, separate]) {
      expect({ besides, leftOut, neighbourCpu }).toEqual({ besides: [], leftOut: [], neighbourCpu: null });
      expect(onCore).toHaveLength(3);
    }
  });

  it('takes no thread of the same core for a neighbour', () => {
    const siblings = [
      [0, 1],
      [2, 3],
    ];
    const host = hostOf([[0, 1, 2, 3]], siblings);
    expect(pollutionPlan('default', host, [0, 1, 2], 32 * GIB).neighbourCpu).toBe(2);
    expect(pollutionPlan('default', host, [0, 1], 32 * GIB)).toMatchObject({
      neighbourCpu: null,
      whyNoNeighbour: 'the other CPUs of this run are threads of the same core',
    });
  });

  it('takes usual sizes where no cache is told, and says which', () => {
    const host = { ...hostOf([]), caches: null };
    const { onCore, untold, whyNoNeighbour } = pollutionPlan('quick', host, [0, 1], 32 * GIB);
    expect({ onCore, untold }).toEqual({
      onCore: [16 * KIB, 512 * KIB, 2 * MIB],
      untold: ['L1', 'L2', 'LLC'],
    });
    expect(whyNoNeighbour).toBe('the host does not tell which CPUs share a last-level cache');
  });

  it('leaves out a working set that takes too much of the memory', () => {
    const { besides, leftOut } = pollutionPlan('quick', hostOf([[0, 1]]), [0, 1], 128 * MIB);
    expect({ besides, leftOut }).toEqual({ besides: [2 * MIB, 8 * MIB], leftOut: [64 * MIB] });
  });
});
