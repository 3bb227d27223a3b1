import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { mitigations } from '../../../../lib/bench/facts/linux/mitigations.js';
import { hostTree } from '../../fixtures/host-tree.js';

function read(texts: Readonly<Record<string, string>>) {
  const folder = 'sys/devices/system/cpu/vulnerabilities';
  const tree = Object.entries(texts).map(([name, text]) => [`${folder}/${name}`, `${text}\n`]);
  const files = new HostFiles(hostTree(Object.fromEntries(tree)));
  return { found: mitigations(files), missing: files.missing.map(({ fact }) => fact) };
}

describe('mitigations', () => {
  it('are those of weaknesses that the CPU has, in few words', () => {
    const { found, missing } = read({
      l1tf: 'Not affected',
      meltdown: 'Mitigation: PTI',
      itlb_multihit: 'KVM: Mitigation: VMX disabled',
      spectre_v1: `Mitigation: ${'long '.repeat(30)}`,
      spectre_v2: 'Mitigation: Retpolines; STIBP: disabled; RSB filling',
      spec_store_bypass: 'Vulnerable\x1b[2J',
      gather_data_sampling: 'Not affected, as the hypervisor says',
    });
    expect(found).toEqual({
      itlb_multihit: 'KVM: VMX disabled',
      meltdown: 'PTI',
      spec_store_bypass: 'Vulnerable[2J',
      spectre_v1: 'long '.repeat(12),
      spectre_v2: 'Retpolines',
    });
    expect(missing).toEqual([]);
  });

  it('name the weaknesses of which nothing can be read', () => {
    expect(read({ l1tf: 'Not affected', mds: '' })).toEqual({ found: {}, missing: ['kernel.mitigations.mds'] });
  });

  it('are none where the CPU has no weakness, and unknown where nothing is told', () => {
    expect(read({ l1tf: 'Not affected' })).toEqual({ found: {}, missing: [] });
    expect(read({})).toEqual({ found: null, missing: ['kernel.mitigations'] });
  });
});
