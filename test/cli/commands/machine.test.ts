import { describe, expect, it } from '@jest/globals';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { type HostFacts, hostSchema } from '../../../lib/bench/host/host-schema.js';
import { type MachineExtras, machineCommand, machineText, thisHost } from '../../../lib/cli/commands/machine.js';
import type { SwiotlbOption } from '../../../lib/cli/commands/swiotlb-option.js';
import { allCopyKernels } from '../../../lib/memory/copy-kernels.js';
import { hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';

const LIBC = { name: 'libc', supported: true, reason: '' };
const NEON = { name: 'neon', supported: false, reason: 'needs an arm64 CPU' };
const EXTRAS = { swiotlbOption: { text: 'swiotlb=force: some slots' }, copyKernels: [LIBC, NEON] };
const known = hostFacts({ root: hostTree(X86_GUEST), arch: 'x64' });

/** Values by the names of their rows, and what stands below the table. */
function read(host: HostFacts, extras: MachineExtras = EXTRAS): { facts: Record<string, string>; below: string[] } {
  const text = machineText(host, extras);
  expect(text).toMatch(/[^\n]\n$/);
  const [rows, ...below] = text.trimEnd().split('\n\n');
  const facts = rows!.split('\n').map((line) => /^(.+?)(?: {2,}(.*))?$/.exec(line)!.slice(1));
  return { facts: Object.fromEntries(facts), below: below.join('\n').split('\n').filter(Boolean) };
}

describe('machineText', () => {
  it('shows all facts of a host for which none is missing, and no list of gaps', () => {
    const { facts, below } = read(known);
    expect(facts).toMatchObject({
      architecture: 'x64',
      CPU: 'AuthenticAMD, AMD EPYC',
      'family, model, stepping': '25, 17, 1',
      'online CPUs': '0-1',
      hyperthreads: 'yes',
      governor: 'powersave',
      'L1 data': '32 KiB, line 64 B, CPUs 0-1',
      'NUMA node 0': 'CPUs 0-1, 7.81 MiB',
      'memlock limit': '64 KiB',
      'transparent huge pages': 'madvise',
      'free huge pages': '3',
      Linux: '6.12.1',
      'clock source': 'tsc',
      'boot tokens': 'swiotlb=262144,force iommu.strict=1',
      'memory encryption': 'sev sev_es sev_snp',
      'slot pool of the system': '32768 slots, - used, 512 at peak',
      'slot pool nic': '128 slots, - used, - at peak',
      'swiotlb at start-up': 'swiotlb=force: some slots',
      'copy kernels': 'libc; not supported: neon',
      hypervisor: 'QEMU',
      fingerprint: known.fingerprint,
    });
    expect(below).toEqual([]);
  });

  it('shows a dash for each fact that is not known, and the reason below', () => {
    const silent = hostFacts({ root: hostTree({}), arch: 'riscv64' });
    const { facts, below } = read(silent);
    const { architecture, fact: _head, fingerprint: _hash, ...noExtras } = facts;
    const { 'swiotlb at start-up': _option, 'copy kernels': _kernels, ...others } = noExtras;
    expect(architecture).toBe('riscv64');
    expect([...new Set(Object.values(others))].sort()).toEqual(['-', '-, -', '-, -, -']);
    expect(below[0]).toBe('Not known of this host');
    expect(below.slice(1)).toEqual(silent.missing.map(({ fact, reason }) => `  ${fact}: ${reason}`));
  });

  it('says why it does not know the copy kernels', () => {
    const { facts } = read(known, { ...EXTRAS, copyKernels: null });
    expect(facts['copy kernels']).toBe('unknown: the addon is not built');
  });

  it('tells facts that are known to be none from facts that are unknown', () => {
    const { facts } = read({
      ...known,
      caches: [{ ...known.caches![0]!, lineBytes: null, sharedBy: [[0], [1]] }],
      cpu: { ...known.cpu, smt: false },
      memory: { ...known.memory, memlockLimit: 'unlimited' },
      kernel: { ...known.kernel, bootTokens: [] },
      encryption: [],
      swiotlb: [],
      hypervisor: { present: false, vendor: null },
      numaNodes: [{ id: 1, cpus: [], bytes: null }],
    });
    expect(facts).toMatchObject({
      hyperthreads: 'no',
      'memlock limit': 'unlimited',
      'boot tokens': 'none about bouncing',
      'memory encryption': 'none announced',
      hypervisor: 'none',
      'NUMA node 1': 'CPUs none, -',
      'L1 data': '32 KiB, line - B, CPUs 0 | 1',
    });
    expect(Object.keys(facts).filter((name) => name.startsWith('slot pool'))).toEqual([]);
    expect(read({ ...known, hypervisor: { present: true, vendor: null } }).facts.hypervisor).toBe('unknown');
  });
});

describe('machineCommand', () => {
  it('prints the facts of this host, as text or as JSON of the schema', () => {
    const json = JSON.parse(machineCommand({ json: true })) as { swiotlbOption: SwiotlbOption; copyKernels: object[] };
    const host = hostSchema.parse(json);
    expect(host.fingerprint).toBe(thisHost().fingerprint);
    expect(machineCommand({})).toContain(`fingerprint`);
    expect(machineCommand({})).toContain(host.fingerprint);
    expect(json.copyKernels).toEqual(allCopyKernels());
    expect(json.swiotlbOption.text).not.toBe('');
    expect(machineCommand({})).toContain(json.swiotlbOption.text);
  });
});
