/** One name for each hypervisor, whichever part of a host names it. */

/** By the signature that a CPU reports, without the spaces around it, in small letters. */
const NAMES: Readonly<Record<string, string>> = {
  kvmkvmkvm: 'KVM',
  'linux kvm hv': 'KVM',
  kvm: 'KVM',
  'microsoft hv': 'Hyper-V',
  hyperv: 'Hyper-V',
  vmwarevmware: 'VMware',
  vmware: 'VMware',
  xenvmmxenvmm: 'Xen',
  xen: 'Xen',
  'bhyve bhyve': 'bhyve',
  bhyve: 'bhyve',
  'prl hyperv': 'Parallels',
  'lrpepyh vr': 'Parallels',
  tcgtcgtcgtcg: 'QEMU',
  qemu: 'QEMU',
  vboxvboxvbox: 'VirtualBox',
  acrnacrnacrn: 'ACRN',
  qnxqvmbsqg: 'QNX',
  jailhouse: 'Jailhouse',
  openbsdvmm58: 'OpenBSD vmm',
  '___ nvmm ___': 'NVMM',
  haxmhaxmhaxm: 'HAXM',
  unisysspar64: 'Unisys s-Par',
};

/** Returns the name for a signature or another name; one that is not known as it is; null for what is not a name. */
export function hypervisorName(signature: string | null): string | null {
  const plain = signature?.replace(/\0/g, '').trim() ?? '';
  if (!/^[\x20-\x7e]+$/.test(plain)) return null;
  return NAMES[plain.toLowerCase()] ?? plain;
}
