import { describe, expect, it } from '@jest/globals';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import { machineText } from '../../../lib/report/machine/machine-text.js';
import { hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';

const LIBC = { name: 'libc', supported: true, reason: '' };
const NEON = { name: 'neon', supported: false, reason: 'needs an arm64 CPU' };
const EXTRAS = { swiotlbOption: { text: 'swiotlb=force: some slots' }, copyKernels: [LIBC, NEON] };
const known = { ...hostFacts({ root: hostTree(X86_GUEST), arch: 'x64' }), missing: [] };
const silent = hostFacts({ root: hostTree({}), arch: 'riscv64' });

describe('machineText', () => {
  it('shows the facts in groups, and no list of gaps where nothing is missing', () => {
    const text = machineText(known, EXTRAS);
    const headings = text.split('\n').filter((line) => /^\S/.test(line));
    expect(headings.map((line) => line.split(',')[0])).toEqual([
      'CPUs',
      'Caches',
      'Memory',
      'Linux',
      'Hypervisor',
      'This program',
    ]);
    expect(text).toMatch(/[^\n]\n$/);
    expect(text).toContain('  copy kernels            libc\n');
    expect(text).toContain('  not supported           neon\n');
    expect(text).toContain(`  fingerprint             ${known.fingerprint}\n`);
  });

  it('has lines of at most 80 columns', () => {
    const lines = [known, silent].flatMap((host) => machineText(host, EXTRAS).split('\n'));
    expect(lines.filter(({ length }) => length > 80)).toEqual([]);
  });

  it('shows no value for what is not known, and the reasons at the end, each once', () => {
    const text = machineText(silent, EXTRAS);
    const [facts, gaps] = text.split('Not known of this host\n');
    expect(facts).not.toContain('Caches');
    expect(facts).toContain('warning: the CPU could not be identified');
    const words = gaps!.split(/[\s,:]+/);
    for (const { fact } of silent.missing) expect(words).toContain(fact);
    const reasons = new Set(silent.missing.map(({ reason }) => reason));
    expect(gaps!.match(/^ {2}\S/gm)).toHaveLength(reasons.size);
  });

  it('leaves out what such a host does not have, and what is missing of all CPUs already', () => {
    const reason = '/proc/cpuinfo does not say';
    const missing = [
      { fact: 'cpu.model', reason },
      { fact: 'cpu.types[].model', reason },
      { fact: 'cpu.types[].part', reason: 'only arm and riscv CPUs have it' },
      { fact: 'cpu.types[].kind', reason: 'there is one kind of CPU' },
    ];
    const gaps = machineText({ ...known, missing }, EXTRAS).split('Not known of this host\n')[1];
    expect(gaps).toBe(`  cpu.model: ${reason}\n`);
  });

  it('says what can be counted, and once for each reason why something cannot', () => {
    const because = { errno: 2, why: 'not offered', remedy: 'another host' };
    const refused = ['cycles', 'llcMisses'].map((name) => ({ name, ...because }));
    const lines = (opened: string[]) =>
      machineText(known, { ...EXTRAS, counters: { opened, refused, paranoid: 2 } })
        .split('\n')
        .slice(-3, -1);
    expect(lines([])).toEqual([
      '  counters                none',
      '                          no cycles, llcMisses: not offered; try: another host',
    ]);
    expect(lines(['instructions'])[0]).toBe('  counters                instructions');
  });

  it('says that it cannot ask the CPU without the addon', () => {
    const text = machineText(known, { ...EXTRAS, copyKernels: null });
    expect(text).toContain('not built: what only the CPU says is not known');
    expect(text).toContain('unknown: the addon is not built');
    const damaged = machineText(known, { ...EXTRAS, copyKernels: null, addonState: 'damaged' });
    expect(damaged).toContain('unknown: the addon is damaged');
  });
});
