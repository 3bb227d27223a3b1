/** How fast each CPU may run, as Linux and the firmware tell it, and what governs its clock. */
import type { HostFiles } from '../host-files.js';
import { CPUS } from './online.js';

export interface CpuClocks {
  readonly capacity: number | null;
  readonly maxMHz: number | null;
  readonly baseMHz: number | null;
  /** Highest performance of the firmware, in units of its own. On AMD it ranks equal cores. */
  readonly highestPerformance: number | null;
}

const KILO = 1000;

/** A positive integer; null if the text is none. */
function positive(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

const megahertz = (kilohertz: number | null) => (kilohertz === null ? null : kilohertz / KILO);

/** Folder of cpufreq for each CPU that has one: below the CPU, else that of the policy which names the CPU. */
export function cpufreqFolders(files: HostFiles, online: readonly number[]): Map<number, string> {
  const folders = new Map<number, string>();
  for (const name of files.entries(`${CPUS}/cpufreq`).filter((entry) => /^policy\d+$/.test(entry))) {
    const folder = `${CPUS}/cpufreq/${name}`;
    const cpus = files.text(`${folder}/affected_cpus`) ?? files.text(`${folder}/related_cpus`) ?? '';
    for (const cpu of cpus.match(/\d+/g) ?? []) folders.set(Number(cpu), folder);
  }
  for (const cpu of online) {
    const folder = `${CPUS}/cpu${cpu}/cpufreq`;
    if (files.entries(folder).length > 0) folders.set(cpu, folder);
  }
  return folders;
}

export function clocksOf(files: HostFiles, cpu: number, cpufreq: string | undefined): CpuClocks {
  const ofCpu = (name: string) => positive(files.text(`${CPUS}/cpu${cpu}/${name}`));
  const ofPolicy = (name: string) => (cpufreq === undefined ? null : positive(files.text(`${cpufreq}/${name}`)));
  return {
    capacity: ofCpu('cpu_capacity'),
    maxMHz: megahertz(ofPolicy('cpuinfo_max_freq')),
    baseMHz: megahertz(ofPolicy('base_frequency')) ?? ofCpu('acpi_cppc/nominal_freq'),
    highestPerformance: ofCpu('acpi_cppc/highest_perf'),
  };
}

/** Clock that the name of a model ends with: `@ 2.10GHz`. */
export function namedMHz(model: string | null): number | null {
  const match = /@\s*(\d+(?:\.\d+)?)\s*([GM])Hz$/i.exec(model ?? '');
  if (match === null) return null;
  return Math.round(Number(match[1]) * (match[2]!.toUpperCase() === 'G' ? KILO : 1));
}

/** Values of a file of cpufreq, each once. */
function values(files: HostFiles, folders: readonly string[], name: string): string[] {
  return [...new Set(folders.flatMap((folder) => files.text(`${folder}/${name}`) || []))];
}

export interface Governing {
  readonly governor: string | null;
  readonly frequencyDriver: string | null;
  readonly turbo: boolean | null;
}

/** Whether clocks above the base are allowed; records a reason where it is not known. */
export function turboOf(files: HostFiles, folders: readonly string[]): boolean | null {
  const noTurbo = files.text(`${CPUS}/intel_pstate/no_turbo`);
  if (noTurbo === '0' || noTurbo === '1') return noTurbo === '0';
  const boost = files.text(`${CPUS}/cpufreq/boost`);
  const boosts = boost === null ? values(files, folders, 'boost') : [boost];
  if (boosts.length === 1 && /^[01]$/.test(boosts[0]!)) return boosts[0] === '1';
  if (boosts.length > 1) return files.miss('cpu.turbo', 'the CPUs differ in cpufreq/boost');
  const paths = [`${CPUS}/intel_pstate/no_turbo`, `${CPUS}/cpufreq/boost`];
  return files.miss('cpu.turbo', paths.map((path) => files.reason(path)).join(', and '));
}

function whyNoCpufreq(files: HostFiles): string {
  if (files.entries(CPUS).length === 0) return files.folderReason(CPUS);
  return `no cpufreq below ${CPUS}: the host or its hypervisor decides`;
}

/** What governs the clocks of the online CPUs, and a reason for each part that is not known. */
export function governing(files: HostFiles, online: readonly number[]): Governing {
  const byCpu = cpufreqFolders(files, online);
  const folders = [...new Set(online.flatMap((cpu) => byCpu.get(cpu) ?? []))];
  const joined = (fact: string, name: string): string | null => {
    const known = values(files, folders, name);
    if (known.length > 0) return known.join(',');
    return files.miss(fact, folders.length === 0 ? whyNoCpufreq(files) : files.reason(`${folders[0]}/${name}`));
  };
  return {
    governor: joined('cpu.governor', 'scaling_governor'),
    frequencyDriver: joined('cpu.frequencyDriver', 'scaling_driver'),
    turbo: turboOf(files, folders),
  };
}
