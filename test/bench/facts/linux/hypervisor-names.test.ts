import { describe, expect, it } from '@jest/globals';
import { hypervisorName } from '../../../../lib/bench/facts/linux/hypervisor-names.js';

describe('hypervisorName', () => {
  it.each([
    ['KVMKVMKVM\0\0\0', 'KVM'],
    ['Microsoft Hv', 'Hyper-V'],
    ['bhyve bhyve ', 'bhyve'],
    [' prl hyperv  ', 'Parallels'],
    ['TCGTCGTCGTCG', 'QEMU'],
    ['ACRNACRNACRN', 'ACRN'],
    ['QNXQVMBSQG', 'QNX'],
    ['VBoxVBoxVBox', 'VirtualBox'],
    ['xen', 'Xen'],
    ['XenVMMXenVMM', 'Xen'],
    ['SomethingNew', 'SomethingNew'],
    ['', null],
    ['\x01\x02', null],
    [null, null],
  ])('of %j is %j', (signature, name) => {
    expect(hypervisorName(signature)).toBe(name);
  });
});
