import { describe, expect, it } from '@jest/globals';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { hostTable } from '../../../lib/report/html/host-table.js';
import { cachesOfCpu } from '../../bench/fixtures/cache-tree.js';
import { armFields, cpuInfo, cpuTree, x86Fields } from '../../bench/fixtures/cpu-tree.js';
import { ARM_BARE, hostTree, X86_GUEST } from '../../bench/fixtures/host-tree.js';
import { elementsOfPart } from '../fixtures/elements.js';
import { resultOf } from '../fixtures/result.js';

const withKernel = (release: string | null): ResultDocument => {
  const result = resultOf();
  return { ...result, machine: { ...result.machine, kernel: { ...result.machine.kernel, release } } };
};
const rowOf = (page: string, name: string) => page.split('\n').find((line) => line.includes(`${name}</th><td>`))!;

describe('the facts of hosts', () => {
  it('stand side by side, and those that differ are marked in words', () => {
    const page = String(
      hostTable([
        { name: 'a', document: withKernel('6.1') },
        { name: 'b', document: withKernel('6.8') },
      ]),
    );
    expect(rowOf(page, 'Linux')).toContain('differs');
    expect(rowOf(page, 'Linux')).toContain('<td>6.1</td><td>6.8</td>');
    expect(rowOf(page, 'architecture')).not.toContain('differs');
  });

  it('are no difference where one does not tell', () => {
    const results = [
      { name: 'a', document: withKernel('6.1') },
      { name: 'b', document: withKernel(null) },
    ];
    expect(rowOf(String(hostTable(results)), 'Linux')).toBe(
      '<tr><th scope="row">Linux</th><td>6.1</td><td>not known</td></tr>',
    );
  });

  it('are a column for each of eight hosts that have little in common', () => {
    const [x86, arm] = [X86_GUEST, ARM_BARE];
    const trees: [Readonly<Record<string, string>>, string][] = [
      [x86, 'x64'],
      [arm, 'arm64'],
      [{}, 'riscv64'],
      [{ ...x86, 'proc/sys/kernel/osrelease': '6.1.0\n', 'sys/class/dmi/id/sys_vendor': 'Amazon EC2\n' }, 'x64'],
      [{ ...x86, ...cachesOfCpu(0, [{ level: 3, size: '32768K', list: '0-1' }]), 'proc/cmdline': 'quiet\n' }, 'x64'],
      [cpuTree({ online: '0-3', present: '0-3' }, [{}, {}, {}, {}]), 's390x'],
      [{ 'proc/cpuinfo': cpuInfo({ 0: x86Fields() }), 'proc/meminfo': 'MemTotal:        16000000 kB\n' }, 'x64'],
      [{ 'proc/cpuinfo': cpuInfo({ 0: armFields('0x51', '0xc00') }), 'proc/cmdline': 'swiotlb=noforce\n' }, 'arm64'],
    ];
    const results = trees.map(([tree, arch], at) => {
      const machine = { ...resultOf().machine, ...hostFacts({ root: hostTree(tree), arch }) };
      return { name: `host ${at + 1}`, document: { ...resultOf(), machine } };
    });
    expect(new Set(results.map(({ document }) => JSON.stringify(document.machine))).size).toBe(8);
    const page = String(hostTable(results));
    const widths = elementsOfPart(page).filter(({ name }) => name === 'tr');
    expect(page.match(/<th scope="col">host \d<\/th>/g)).toHaveLength(8);
    const rows = page.split('\n').filter((line) => line.includes('<th scope="row">'));
    expect(widths.length).toBeGreaterThan(rows.length);
    for (const row of rows) expect(row.match(/<td>[^<]+<\/td>/g)).toHaveLength(8);
    expect(rowOf(page, 'architecture')).toMatch(/differs.*x64.*arm64.*riscv64.*s390x/);
    expect(rowOf(page, 'Linux')).toContain('differs');
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });
});
