import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { bootTokens, bootValue } from '../../../../lib/bench/facts/linux/boot-tokens.js';
import { hostTree } from '../../fixtures/host-tree.js';

const host = (files: Readonly<Record<string, string>>) => new HostFiles(hostTree(files));

describe('bootTokens', () => {
  const tokens = (text: string) => bootTokens(host({ 'proc/cmdline': text }));

  it('returns the tokens about bouncing as they were written', () => {
    const all = 'swiotlb=force iommu=pt iommu.passthrough=1 intel_iommu=on,sm_on amd_iommu=off mem_encrypt=on swiotlb';
    expect(tokens(`ro ${all} quiet\n`)).toEqual(all.split(' '));
  });

  it('returns those about encryption, preemption, mitigations, CPUs, pages and clocks', () => {
    const all =
      'preempt=full mitigations=auto,nosmt pti=on nopti isolcpus=managed_irq,1-3 nohz_full=1-3 nosmt ' +
      'nosmt=force hugepagesz=1G hugepages=0:4,1:4 default_hugepagesz=2M transparent_hugepage=never tsc=reliable';
    expect(tokens(`root=UUID=1 ${all} rd.password=x`)).toEqual(all.split(' '));
  });

  it('leaves out what follows two dashes, which is for the first process', () => {
    expect(tokens('swiotlb=force -- swiotlb=noforce')).toEqual(['swiotlb=force']);
  });

  it.each([
    'swiotlb="a b"',
    'swiotlb=$(secret)',
    'xswiotlb=1',
    'swiotlb_x=1',
    'root=swiotlb=1',
    'note="see swiotlb=1 here"',
    'iommu.=1',
  ])('leaves out %s', (text) => {
    expect(tokens(text)).toEqual([]);
  });

  it('returns an empty list for an empty command line, and null without one', () => {
    expect(tokens('\n')).toEqual([]);
    const files = host({});
    expect(bootTokens(files)).toBeNull();
    expect(files.missing).toMatchObject([{ fact: 'kernel.bootTokens' }]);
  });
});

describe('bootValue', () => {
  it('returns the value of the last token of a name', () => {
    expect(bootValue(['preempt=full', 'preempt', 'preempt=none', 'xpreempt=lazy'], 'preempt')).toBe('none');
    expect(bootValue(['mem_encrypt'], 'mem_encrypt')).toBeNull();
    expect(bootValue(null, 'mem_encrypt')).toBeNull();
  });
});
