/** `copytax machine`: the facts of this host, as text or JSON. Works without the addon. */

import { formatCpuList } from '../../bench/host/cpu-list.js';
import { hostFacts } from '../../bench/host/host-facts.js';
import { HostFiles } from '../../bench/host/host-files.js';
import type { CacheFacts, HostFacts } from '../../bench/host/host-schema.js';
import { possibleCpus } from '../../bench/host/topology.js';
import { addon, type CopyKernelFacts } from '../../memory/addon.js';
import { allCopyKernels } from '../../memory/copy-kernels.js';
import { bytes, roughBytes } from '../../report/tables/format.js';
import { table } from '../../report/tables/table.js';
import { type SwiotlbOption, swiotlbOption } from './swiotlb-option.js';

/** What this command prints and no result file holds. */
export interface MachineExtras {
  readonly swiotlbOption: Pick<SwiotlbOption, 'text'>;
  readonly copyKernels: readonly CopyKernelFacts[] | null;
}

type Row = [name: string, value: string];

/** The facts of this host. The CPU names its hypervisor only to the addon, if that is built. */
export function thisHost(): HostFacts {
  return hostFacts({ hypervisorVendor });
}

function hypervisorVendor(): string | null {
  try {
    return addon().cpuInfo().hypervisorVendor || null;
  } catch {
    return null;
  }
}

function cacheText({ bytes: size, lineBytes, sharedBy }: CacheFacts): string {
  const instances = sharedBy.map((cpus) => formatCpuList(cpus)).join(' | ');
  return `${bytes(size)}, line ${lineBytes ?? '-'} B, CPUs ${instances}`;
}

function sizeText(value: number | 'unlimited' | null): string {
  return value === null ? '-' : value === 'unlimited' ? value : roughBytes(value);
}

function cpuRows({ arch, cpu }: HostFacts): Row[] {
  return [
    ['architecture', arch],
    ['CPU', `${cpu.vendor ?? '-'}, ${cpu.model ?? '-'}`],
    ['family, model, stepping', [cpu.family, cpu.modelNumber, cpu.stepping].map((value) => value ?? '-').join(', ')],
    ['microcode', cpu.microcode ?? '-'],
    ['flags that matter', cpu.flags?.join(' ') ?? '-'],
    ['online CPUs', cpu.online === null ? '-' : formatCpuList(cpu.online)],
    ['hyperthreads', cpu.smt === null ? '-' : cpu.smt ? 'yes' : 'no'],
    ['governor', cpu.governor ?? '-'],
  ];
}

function memoryRows({ caches, numaNodes, memory }: HostFacts): Row[] {
  return [
    ...(caches ?? []).map((cache): Row => [`L${cache.level} ${cache.type.toLowerCase()}`, cacheText(cache)]),
    ...(numaNodes ?? []).map(({ id, cpus, bytes: size }): Row => {
      return [`NUMA node ${id}`, `CPUs ${formatCpuList(cpus) || 'none'}, ${sizeText(size)}`];
    }),
    ['memory', sizeText(memory.totalBytes)],
    ['memlock limit', sizeText(memory.memlockLimit)],
    ['transparent huge pages', memory.transparentHugePages ?? '-'],
    ['free huge pages', `${memory.hugePagesFree ?? '-'}`],
  ];
}

function linuxRows({ kernel, swiotlb, encryption, hypervisor }: HostFacts): Row[] {
  return [
    ['Linux', kernel.release ?? '-'],
    ['clock source', kernel.clocksource ?? '-'],
    ['boot tokens', kernel.bootTokens === null ? '-' : kernel.bootTokens.join(' ') || 'none about bouncing'],
    ...(swiotlb ?? []).map(({ pool, slots, used, highWater }): Row => {
      const counters = [`${slots ?? '-'} slots`, `${used ?? '-'} used`, `${highWater ?? '-'} at peak`];
      return [`slot pool ${pool || 'of the system'}`, counters.join(', ')];
    }),
    ['memory encryption', encryption === null ? '-' : encryption.join(' ') || 'none announced'],
    [
      'hypervisor',
      hypervisor.present === false ? 'none' : (hypervisor.vendor ?? (hypervisor.present ? 'unknown' : '-')),
    ],
  ];
}

/** Returns the copy kernels of this host; null when the addon is not built. */
function copyKernels(): readonly CopyKernelFacts[] | null {
  try {
    return allCopyKernels();
  } catch {
    return null;
  }
}

function copyKernelText(all: readonly CopyKernelFacts[] | null): string {
  if (all === null) return 'unknown: the addon is not built';
  const named = (supported: boolean) => all.filter((kernel) => kernel.supported === supported).map(({ name }) => name);
  const unsupported = named(false);
  return `${named(true).join(' ')}${unsupported.length > 0 ? `; not supported: ${unsupported.join(' ')}` : ''}`;
}

/** The facts as text that ends with a line end. Below them stands why others are not known. */
export function machineText(host: HostFacts, extras: MachineExtras): string {
  const rows: Row[] = [
    ...cpuRows(host),
    ...memoryRows(host),
    ...linuxRows(host),
    ['swiotlb at start-up', extras.swiotlbOption.text],
    ['copy kernels', copyKernelText(extras.copyKernels)],
    ['fingerprint', host.fingerprint],
  ];
  const facts = table(['fact', 'value'], rows, 2);
  const missing = host.missing.map(({ fact, reason }) => `  ${fact}: ${reason}`);
  return `${[facts, ...(missing.length > 0 ? ['', 'Not known of this host', ...missing] : [])].join('\n')}\n`;
}

/** Returns the output of the command. */
export function machineCommand({ json }: { json?: boolean }): string {
  const host = thisHost();
  const extras = { swiotlbOption: swiotlbOption(host, possibleCpus(new HostFiles())), copyKernels: copyKernels() };
  return json ? `${JSON.stringify({ ...host, ...extras }, null, 1)}\n` : machineText(host, extras);
}
