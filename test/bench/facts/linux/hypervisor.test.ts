import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { hypervisor } from '../../../../lib/bench/facts/linux/hypervisor.js';
import { hostTree } from '../../fixtures/host-tree.js';

type Tree = Readonly<Record<string, string>>;
const X86: Tree = { 'proc/cpuinfo': 'flags\t\t: fpu sse2\n' };
const FLAGGED: Tree = { 'proc/cpuinfo': 'flags\t\t: fpu hypervisor\n' };
const ARM: Tree = { 'proc/cpuinfo': 'processor\t: 0\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n' };
const CLOCKS = 'sys/devices/system/clocksource/clocksource0/available_clocksource';
const board = (maker: string, product = ''): Tree => ({
  'sys/class/dmi/id/sys_vendor': `${maker}\n`,
  'sys/class/dmi/id/product_name': `${product}\n`,
});

function read(tree: Tree, signature?: string) {
  const files = new HostFiles(hostTree(tree));
  const cpuid = { hypervisorVendor: signature ?? '', offered: [], caches: [], tdxGuest: false, hyperVIsolation: null };
  const { present, vendor } = hypervisor(files, signature === undefined ? null : cpuid);
  return { present, vendor, missing: files.missing.map(({ fact }) => fact) };
}
const guestOf = (vendor: string | null) => ({
  present: true,
  vendor,
  missing: vendor === null ? ['hypervisor.vendor'] : [],
});
const METAL = { present: false, vendor: null, missing: [] };

describe('hypervisor', () => {
  it('is absent on x86 only where there are flags, and nothing else says that this is a guest', () => {
    expect(read(X86)).toEqual(METAL);
    expect(read({ ...X86, ...board('Dell Inc.', 'PowerEdge R740') })).toEqual(METAL);
    const unknown = { present: null, vendor: null, missing: ['hypervisor.present', 'hypervisor.vendor'] };
    expect(read({ 'proc/cpuinfo': 'processor\t: 0\nmodel name\t: some\n' })).toEqual(unknown);
    expect(read(ARM)).toEqual(unknown);
    expect(read({})).toEqual(unknown);
    const files = new HostFiles(hostTree({}));
    hypervisor(files, null);
    expect(files.missing[0]!.reason).toMatch(/^\/proc\/cpuinfo is not there on this host, and no board/);
  });

  it('is there where the CPU has the flag, and named by the CPU, or not at all', () => {
    expect(read(FLAGGED)).toEqual(guestOf(null));
    expect(read({ ...FLAGGED, ...board('ASUSTeK', 'Board') })).toEqual(guestOf(null));
    expect(read({ ...FLAGGED, ...board('innotek GmbH', 'VirtualBox') }, 'VMwareVMware')).toEqual(guestOf('VMware'));
    expect(read(FLAGGED, 'bhyve bhyve ')).toEqual(guestOf('bhyve'));
    expect(read(FLAGGED, '')).toEqual(guestOf(null));
  });

  it('is the one that Linux works with where there are two', () => {
    expect(read({ ...FLAGGED, [CLOCKS]: 'kvm-clock tsc acpi_pm\n' }, 'Microsoft Hv')).toEqual(guestOf('KVM'));
    expect(read({ ...FLAGGED, [CLOCKS]: 'hyperv_clocksource_tsc_page acpi_pm\n' })).toEqual(guestOf('Hyper-V'));
    expect(read({ ...X86, [CLOCKS]: 'tsc xen hpet\n' })).toEqual(guestOf('Xen'));
    expect(read({ ...X86, [CLOCKS]: 'tsc hpet acpi_pm\n' })).toEqual(METAL);
  });

  it('is there without a flag where it is paravirtual or hides from the CPU', () => {
    expect(read({ ...X86, 'sys/hypervisor/type': 'xen\n' })).toEqual(guestOf('Xen'));
    expect(read({ ...X86, 'proc/xen/capabilities': '\n' })).toEqual(guestOf('Xen'));
    expect(read({ ...X86, 'proc/xen/privcmd': '' })).toEqual(guestOf('Xen'));
    expect(read({ ...X86, 'proc/bus/pci/devices': '0008\t10ec8139\t0\n0010\t80eebeef\t12\n' })).toEqual(
      guestOf('VirtualBox'),
    );
    expect(read({ ...X86, 'proc/bus/pci/devices': '0010\t80eecafe\t12\n' })).toEqual(guestOf('VirtualBox'));
    const device = { 'sys/bus/pci/devices/0000:00:04.0/vendor': '0x80ee\n' };
    expect(read({ ...X86, ...device })).toEqual(guestOf('VirtualBox'));
    expect(read({ ...X86, ...device, ...board('QEMU', 'Standard PC') })).toEqual(guestOf('VirtualBox'));
    expect(read({ ...X86, 'sys/firmware/qemu_fw_cfg/rev': '1\n' })).toEqual(guestOf('QEMU'));
    expect(read({ 'proc/cpuinfo': 'vendor_id\t: User Mode Linux\n' })).toEqual(guestOf('User Mode Linux'));
    const release = { 'proc/sys/kernel/osrelease': '5.15.90.1-microsoft-standard-WSL2\n' };
    expect(read({ ...ARM, ...release })).toEqual(guestOf('Hyper-V'));
  });

  it('is not denied by flags that gVisor shows in place of Linux', () => {
    const version = { 'proc/version': 'Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016\n' };
    const flags = (text: string) => ({ 'proc/cpuinfo': `processor\t: 0\nflags\t\t: ${text}\n` });
    expect(read({ ...version, ...flags('fpu avx2') }).present).toBeNull();
    expect(read({ ...version, ...flags('fpu hypervisor') }).present).toBe(true);
    expect(read(flags('fpu avx2')).present).toBe(false);
  });

  it('is told on arm64 by the board', () => {
    expect(read({ ...ARM, ...board('Huawei', 'XA320 V2') })).toEqual(METAL);
    expect(read({ ...ARM, ...board('QEMU', 'KVM Virtual Machine') })).toEqual(guestOf('KVM'));
    expect(read({ ...ARM, ...board('Example Cloud', 'Instance') }).present).toBeNull();
    expect(read({ ...ARM, ...board('To be filled by O.E.M.') }).present).toBeNull();
  });

  it('is told on arm64 by the device tree', () => {
    const node = 'proc/device-tree/hypervisor/compatible';
    expect(read({ ...ARM, [node]: 'linux,kvm\0' })).toEqual(guestOf('KVM'));
    expect(read({ ...ARM, [node]: 'xen,xen-4.17\0xen,xen\0' })).toEqual(guestOf('Xen'));
    expect(read({ ...ARM, [node]: 'other,visor\0' })).toEqual(guestOf('other,visor'));
    const nameless = { ...ARM, 'proc/device-tree/compatible': 'linux,dummy-virt\0' };
    expect(read(nameless)).toEqual(guestOf(null));
    expect(read({ ...nameless, ...board('QEMU') })).toEqual(guestOf('QEMU'));
    const real = { 'sys/firmware/devicetree/base/compatible': 'maker,board\0maker,chip\0' };
    expect(read({ ...ARM, ...real })).toEqual(METAL);
    const emulated = {
      'proc/device-tree/model': 'riscv-virtio,qemu\0',
      'proc/device-tree/compatible': 'riscv-virtio\0',
    };
    expect(read(emulated)).toEqual(guestOf('QEMU'));
  });

  it('is told on POWER by the platform', () => {
    const info = (platform: string, machine: string) => ({
      'proc/cpuinfo': `cpu\t\t: POWER9\n\nplatform\t: ${platform}\nmachine\t\t: ${machine}\n`,
    });
    expect(read(info('PowerNV', 'PowerNV 8335-GTH'))).toEqual(METAL);
    expect(read(info('pSeries', 'CHRP IBM,9009-42A'))).toEqual(guestOf('PowerVM'));
    expect(read(info('pSeries', 'CHRP IBM pSeries (emulated by qemu)'))).toEqual(guestOf('KVM'));
    expect(read({ 'proc/ppc64/lparcfg': 'lparcfg 1.9\n' })).toEqual(guestOf('PowerVM'));
  });

  it('is told on s390 by the system', () => {
    const lpar = 'Manufacturer:         IBM\n\nLPAR Number:          12\n';
    expect(read({ 'proc/sysinfo': lpar })).toEqual(guestOf('PR/SM'));
    expect(read({ 'proc/sysinfo': `${lpar}\nVM00 Control Program: z/VM    7.2.0\n` })).toEqual(guestOf('z/VM'));
    expect(read({ 'proc/sysinfo': `${lpar}\nVM00 Control Program: KVM/Linux\n` })).toEqual(guestOf('KVM'));
  });
});
