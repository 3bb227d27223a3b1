/**
 * Whether this host is a guest, and whose. CPUs of x86 have a flag for it; other hosts say it by the board that the
 * firmware describes, by the device tree, or in files that only guests have. Only what says so makes it yes or no.
 * Sources: proc(5), the documentation of Linux on sysfs, the specification of device trees.
 */
import type { HostFiles } from '../host-files.js';
import type { HostFacts } from '../host-schema.js';
import { type Board, boardOf } from './board.js';
import { type CpuidFacts, whyNoFlags, x86Flags } from './cpuid-facts.js';
import { hypervisorName } from './hypervisor-names.js';

/** A hint: a guest or not, and of which hypervisor, if it tells. */
interface Hint {
  readonly present: boolean;
  readonly vendor: string | null;
}

const TREES = ['/proc/device-tree', '/sys/firmware/devicetree/base'];
const CLOCKS = '/sys/devices/system/clocksource/clocksource0/available_clocksource';

const guestOf = (vendor: string | null): Hint => ({ present: true, vendor });
const METAL: Hint = { present: false, vendor: null };

/** Words of a property of a device tree: strings that end with a NUL, which is read as a space. */
function property(files: HostFiles, name: string): string[] {
  const texts = TREES.map((tree) => files.text(`${tree}/${name}`)).filter((text) => text !== null);
  return (texts[0] ?? '').split(/\s+/).filter((text) => text !== '');
}

function ofXen(files: HostFiles): Hint | null {
  const type = files.text('/sys/hypervisor/type');
  if (type) return guestOf(hypervisorName(type));
  const isXen = files.text('/proc/xen/capabilities') !== null || files.entries('/proc/xen').length > 0;
  return isXen ? guestOf('Xen') : null;
}

/** Clocks that Linux has only where it found such a hypervisor. */
function ofClocks(files: HostFiles): Hint | null {
  const clocks = files.text(CLOCKS)?.split(/\s+/) ?? [];
  if (clocks.includes('kvm-clock')) return guestOf('KVM');
  if (clocks.includes('xen')) return guestOf('Xen');
  return clocks.some((clock) => clock.startsWith('hyperv')) ? guestOf('Hyper-V') : null;
}

/** PCI devices that VirtualBox gives its guests, also where it hides itself from the CPU. */
function ofDevices(files: HostFiles): Hint | null {
  const folder = '/sys/bus/pci/devices';
  const isOfVirtualBox =
    /^\S+\t80ee(beef|cafe)\t/im.test(files.text('/proc/bus/pci/devices') ?? '') ||
    files.entries(folder).some((name) => files.text(`${folder}/${name}/vendor`) === '0x80ee');
  if (isOfVirtualBox) return guestOf('VirtualBox');
  return files.entries('/sys/firmware/qemu_fw_cfg').length > 0 ? guestOf('QEMU') : null;
}

function ofTree(files: HostFiles): Hint | null {
  const [hypervisor, root] = [property(files, 'hypervisor/compatible'), property(files, 'compatible')];
  if (hypervisor.some((name) => name === 'linux,kvm')) return guestOf('KVM');
  if (hypervisor.some((name) => name.startsWith('xen'))) return guestOf('Xen');
  if (hypervisor.length > 0) return guestOf(hypervisorName(hypervisor[0]!));
  const model = property(files, 'model').join(' ');
  if (/qemu/i.test(`${model} ${root.join(' ')}`)) return guestOf('QEMU');
  if (root.some((name) => ['linux,dummy-virt', 'riscv-virtio'].includes(name))) return guestOf(null);
  return null;
}

/** POWER: what Linux sees of a partition. On bare metal the platform is PowerNV. */
function ofPower(files: HostFiles): Hint | null {
  const info = files.text('/proc/cpuinfo') ?? '';
  if (/^(platform|machine)\s*:.*\bPowerNV\b/m.test(info)) return METAL;
  if (/^machine\s*:.*qemu/im.test(info)) return guestOf('KVM');
  const isPartition = property(files, 'ibm,partition-name').length > 0 || files.text('/proc/ppc64/lparcfg') !== null;
  return isPartition || /^platform\s*:\s*pSeries\s*$/m.test(info) ? guestOf('PowerVM') : null;
}

/** s390: Linux always runs in a partition of PR/SM, and maybe below z/VM or KVM in it. */
function ofS390(files: HostFiles): Hint | null {
  const info = files.text('/proc/sysinfo') ?? '';
  const program = /^VM00 Control Program:\s*(\S+)/m.exec(info)?.[1];
  if (program !== undefined) return guestOf(hypervisorName(program.replace(/\/Linux$/, '')));
  return /^LPAR Number:/m.test(info) ? guestOf('PR/SM') : null;
}

function ofSystem(files: HostFiles): Hint | null {
  if (/microsoft.*WSL2/i.test(files.text('/proc/sys/kernel/osrelease') ?? '')) return guestOf('Hyper-V');
  const isUserMode = /^vendor_id\s*:\s*User Mode Linux/m.test(files.text('/proc/cpuinfo') ?? '');
  return isUserMode ? guestOf('User Mode Linux') : null;
}

/** gVisor's own version of Linux's file. It says what CPUs have itself, and not whether it runs in a guest. */
const IMITATION = /#1 SMP Sun Jan 10 15:06:54 PST 2016/;

function whyUnnamed(board: Board): string {
  const said = board.text === null ? 'the board says nothing' : `the board, ${board.text}, is not one of a hypervisor`;
  return `no file names it, ${said}, and the CPU was not asked or does not say`;
}

/** `cpuid`: what the CPU says; null where it was not asked. */
export function hypervisor(files: HostFiles, cpuid: CpuidFacts | null): HostFacts['hypervisor'] {
  const flags = x86Flags(files);
  const isImitation = IMITATION.test(files.text('/proc/version') ?? '');
  const isFlagged = flags?.includes('hypervisor') ?? null;
  const flagged = isImitation && isFlagged === false ? null : isFlagged;
  const board = boardOf(files, flagged);
  const signature = hypervisorName(cpuid?.hypervisorVendor ?? null);
  const ofBoard = board.isGuest === true ? guestOf(board.hypervisor) : null;
  // What Linux found when it started comes before what the CPU tells this process: of hypervisors one in the other, and
  // of one that shows two signatures, that is the one that Linux works with.
  const ofLinux = [ofXen, ofTree, ofS390, ofPower, ofSystem, ofClocks].map((source) => source(files));
  const ofCpu = signature === null ? null : guestOf(signature);
  const hints = ofLinux.concat(ofCpu, ofDevices(files), ofBoard);
  const found = hints.filter((hint) => hint !== null);
  if (flagged === true || found.some(({ present }) => present)) {
    const vendor = found.find((hint) => hint.vendor !== null)?.vendor ?? null;
    return { present: true, vendor: vendor ?? files.miss('hypervisor.vendor', whyUnnamed(board)) };
  }
  const hasBoard = property(files, 'compatible').length > 0;
  if (flagged === false || found.length > 0 || board.isGuest === false || hasBoard) {
    return { present: false, vendor: null };
  }
  const untold = `${whyNoFlags(files)}, and no board, device tree or file that only guests have can be read`;
  const reason = isImitation ? 'gVisor, which this process runs in, does not show it' : untold;
  return {
    present: files.miss('hypervisor.present', reason),
    vendor: files.miss('hypervisor.vendor', 'whether this is a guest is not known'),
  };
}
