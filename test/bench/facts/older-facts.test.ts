import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { hostSchema } from '../../../lib/bench/facts/host-schema.js';
import { migratedFacts } from '../../../lib/bench/facts/older-facts.js';

type Facts = Record<string, unknown> & { cpu: Record<string, unknown>; fingerprint: string };

const older = () =>
  (JSON.parse(readFileSync('benchmarks/results/intel-xeon-2-cpu-kvm.json', 'utf8')) as { machine: Facts }).machine;

describe('facts of an older version', () => {
  it('become facts of this one, with what was not read as unknown', () => {
    const facts = hostSchema().parse(migratedFacts(older(), 'copytax.result/1'));
    expect(facts.cpu.types).toBeNull();
    expect(facts.encryption).toMatchObject({ guest: null, inEffect: null });
    expect(facts.missing.at(-1)?.reason).toContain('copytax.result/1');
    expect(facts.missing.slice(0, -1)).toEqual(older().missing);
    expect(facts.caches?.map(({ instances, toldBy }) => [instances, toldBy])).toContainEqual([2, 'hypervisor']);
  });

  it('leave open what encrypts, and how many caches there are where it was not told who shares them', () => {
    const caches = [{ level: 3, type: 'Unified', bytes: 1, lineBytes: 64 }];
    const facts = migratedFacts({ ...older(), encryption: ['sev'], caches }, 'x');
    expect(facts).toMatchObject({ encryption: { able: ['sev'], undecided: ['sev'] }, caches: [{ instances: null }] });
  });

  it('keep a fingerprint under the version of its making, if it hashed nothing unknown', () => {
    const facts = older();
    expect(migratedFacts(facts, 'x')).toMatchObject({ fingerprint: `1-${facts.fingerprint}` });
    for (const unknown of ['vendor', 'modelNumber', 'online']) {
      const cpu = { ...facts.cpu, [unknown]: null };
      expect(migratedFacts({ ...facts, cpu }, 'x')).toMatchObject({ fingerprint: null });
    }
    expect(migratedFacts({ ...facts, caches: null }, 'x')).toMatchObject({ fingerprint: null });
    expect(migratedFacts({ ...facts, numaNodes: undefined }, 'x')).toMatchObject({ fingerprint: null });
  });

  it('are returned as they are if they are none', () => {
    for (const value of [null, 3, 'x', [1]]) expect(migratedFacts(value, 'x')).toBe(value);
    expect(hostSchema().safeParse(migratedFacts({ cpu: 3 }, 'x')).success).toBe(false);
  });
});
