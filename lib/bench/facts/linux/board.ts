/** What the tables of the firmware (DMI) say of the board: whether it is one that only a hypervisor has. */

import type { HostFiles } from '../host-files.js';

export interface Board {
  /** Whether this is a guest; null if the board does not tell. */
  readonly isGuest: boolean | null;
  /** Hypervisor that has such boards; null if several do. */
  readonly hypervisor: string | null;
  /** What it calls itself; null if nothing is there. */
  readonly text: string | null;
}

const FOLDERS = ['/sys/class/dmi/id', '/sys/devices/virtual/dmi/id'];
const FIELDS = ['sys_vendor', 'product_name', 'board_vendor', 'bios_vendor', 'chassis_vendor'];

/** Boards that no machine of metal has. They are matched against lines `field=text`. */
const VIRTUAL: readonly (readonly [RegExp, string])[] = [
  [/^product_name=VirtualBox|^(sys|bios)_vendor=innotek/im, 'VirtualBox'],
  [/^sys_vendor=VMware|^product_name=VMware/im, 'VMware'],
  [/^sys_vendor=Microsoft Corporation\nproduct_name=Virtual Machine/im, 'Hyper-V'],
  [/^product_name=HVM domU|^sys_vendor=Xen$/im, 'Xen'],
  [/^sys_vendor=Parallels|^product_name=Parallels/im, 'Parallels'],
  [/^(sys_vendor|bios_vendor|product_name)=BHYVE/im, 'bhyve'],
  [/^product_name=Apple Virtualization/im, 'Apple'],
  [/^(sys_vendor|product_name)=ACRN/im, 'ACRN'],
  [/^product_name=.*\bKVM\b|^product_name=(RHEV Hypervisor|oVirt|AHV$)/im, 'KVM'],
  [/^product_name=(Droplet|vServer)$/im, 'KVM'],
  [/^(sys|board|bios|chassis)_vendor=QEMU|^product_name=QEMU/im, 'QEMU'],
  [/^(sys|bios)_vendor=Bochs|^product_name=Bochs/im, 'Bochs'],
];

/** Clouds that also lend machines of metal: there a CPU of x86 decides whether it is one. */
const CLOUD: readonly (readonly [RegExp, string | null])[] = [
  [/^sys_vendor=Amazon EC2$/im, 'KVM'],
  [/^product_name=Google Compute Engine$/im, 'KVM'],
  [/^product_name=Alibaba Cloud ECS$/im, 'KVM'],
  [/^(sys_vendor|product_name)=OpenStack/im, null],
];

/** Words of boards that may be a cloud's, although they are not in the lists. */
const MAYBE_VIRTUAL = /cloud|virtual|hypervisor|openstack|compute (engine|instance)|\bvms?\b|\becs\b|\bcvm\b|instance/i;
/** What makers of boards forget to fill in. */
const EMPTY = /^(to be filled|default string|not specified|system manufacturer|unknown|none|o\.?e\.?m)/i;

/** `flagged`: whether the CPU shows its flag for guests; null where CPUs have none. Records nothing. */
export function boardOf(files: HostFiles, flagged: boolean | null): Board {
  const read = (field: string) => FOLDERS.map((folder) => files.text(`${folder}/${field}`)).find(Boolean) ?? null;
  const lines = FIELDS.map((field) => `${field}=${read(field) ?? ''}`).join('\n');
  const [maker, product] = [read('sys_vendor'), read('product_name')];
  const text = [maker, product].filter(Boolean).join(', ') || null;
  const virtual = VIRTUAL.find(([pattern]) => pattern.test(lines));
  if (virtual !== undefined) return { isGuest: true, hypervisor: virtual[1], text };
  if (/^sys_vendor=Amazon EC2\nproduct_name=.*\.metal/im.test(lines)) return { isGuest: false, hypervisor: null, text };
  const cloud = CLOUD.find(([pattern]) => pattern.test(lines));
  if (cloud !== undefined) return { isGuest: flagged ?? true, hypervisor: cloud[1], text };
  const isMetal = maker !== null && !EMPTY.test(maker) && !MAYBE_VIRTUAL.test(text!);
  return { isGuest: isMetal ? false : null, hypervisor: null, text };
}
