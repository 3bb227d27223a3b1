import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { boardOf } from '../../../../lib/bench/facts/linux/board.js';
import { hostTree } from '../../fixtures/host-tree.js';

function read(maker: string, product: string, flagged: boolean | null = null, others: Record<string, string> = {}) {
  const fields = { sys_vendor: maker, product_name: product, ...others };
  const tree = Object.entries(fields).map(([field, text]) => [`sys/class/dmi/id/${field}`, `${text}\n`]);
  return boardOf(new HostFiles(hostTree(Object.fromEntries(tree))), flagged);
}

describe('boardOf', () => {
  it.each([
    ['innotek GmbH', 'VirtualBox', 'VirtualBox'],
    ['Oracle Corporation', 'VirtualBox', 'VirtualBox'],
    ['VMware, Inc.', 'VMware Virtual Platform', 'VMware'],
    ['Microsoft Corporation', 'Virtual Machine', 'Hyper-V'],
    ['Xen', 'HVM domU', 'Xen'],
    ['Parallels International GmbH.', 'Parallels Virtual Platform', 'Parallels'],
    ['Apache Software Foundation', 'CloudStack KVM Hypervisor', 'KVM'],
    ['Red Hat', 'KVM', 'KVM'],
    ['Nutanix', 'AHV', 'KVM'],
    ['DigitalOcean', 'Droplet', 'KVM'],
    ['QEMU', 'Standard PC (Q35 + ICH9, 2009)', 'QEMU'],
    ['Bochs', 'Bochs', 'Bochs'],
    ['Apple Inc.', 'Apple Virtualization Generic Platform', 'Apple'],
  ])('knows the board of %s, %s, as that of a guest of %s, flag or not', (maker, product, hypervisor) => {
    expect(read(maker, product, false)).toMatchObject({ isGuest: true, hypervisor });
    expect(read(maker, product)).toMatchObject({ isGuest: true, hypervisor });
  });

  it.each([
    ['Amazon EC2', 'c7g.large', 'KVM'],
    ['Google', 'Google Compute Engine', 'KVM'],
    ['OpenStack Foundation', 'OpenStack Nova', null],
  ])('leaves it to the flag of the CPU, if there is one, whether the board of %s, %s, is of a guest', (...named) => {
    const [maker, product, hypervisor] = named;
    expect(read(maker, product)).toMatchObject({ isGuest: true, hypervisor });
    expect(read(maker, product, true)).toMatchObject({ isGuest: true, hypervisor });
    expect(read(maker, product, false).isGuest).toBe(false);
  });

  it.each([
    ['Amazon EC2', 'c7g.metal'],
    ['Oracle Corporation', 'ORACLE SERVER X7-2'],
    ['Microsoft Corporation', 'Surface Pro'],
    ['Google', 'Rammus'],
    ['NVIDIA', 'DGX Spark'],
  ])('knows the board of %s, %s, as one of metal', (maker, product) => {
    expect(read(maker, product)).toMatchObject({ isGuest: false, hypervisor: null });
  });

  it('says nothing where nothing is filled in, or where it may be that of a cloud', () => {
    expect(read('', '')).toEqual({ isGuest: null, hypervisor: null, text: null });
    expect(read('System manufacturer', 'System Product Name').isGuest).toBeNull();
    expect(read('Some Cloud', 'ECS').isGuest).toBeNull();
  });

  it('is read below the devices where there is no class of it', () => {
    const files = new HostFiles(hostTree({ 'sys/devices/virtual/dmi/id/product_name': 'KVM\n' }));
    expect(boardOf(files, null)).toEqual({ isGuest: true, hypervisor: 'KVM', text: 'KVM' });
  });

  it('looks at the chassis where a cloud has its own name on the rest', () => {
    expect(read('OpenStack Foundation', 'OpenStack Nova', true, { chassis_vendor: 'QEMU' }).hypervisor).toBe('QEMU');
  });
});
