import { describe, expect, it } from '@jest/globals';
import { cpuBlocks } from '../../../../lib/bench/facts/cpu/cpu-blocks.js';
import { type CpuIdentity, identityOf } from '../../../../lib/bench/facts/cpu/identity.js';
import { packagesOf } from '../../../../lib/bench/facts/cpu/packages.js';
import { armFields, type CpuFiles, cpuInfo, cpuTree, filesOf } from '../../fixtures/cpu-tree.js';

function packages(
  cpus: readonly CpuFiles[],
  info = '',
  more: Record<string, string> = {},
  online: readonly number[] = [0, 1],
) {
  const files = filesOf({ ...cpuTree({}, cpus), ...more });
  const blocks = cpuBlocks(info);
  const identities = new Map<number, CpuIdentity>();
  for (const [cpu, block] of blocks.blocks) identities.set(cpu, identityOf(block, blocks.common));
  return { ...packagesOf(files, online, blocks, identities), reasons: files.missing.map(({ reason }) => reason) };
}
const pair = (name: string, first: string | number, second: string | number): CpuFiles[] => [
  { [`topology/${name}`]: first },
  { [`topology/${name}`]: second },
];
const arm = cpuInfo({ 0: armFields('0x41', '0xd03'), 1: armFields('0x41', '0xd03') });

describe('packagesOf', () => {
  it('counts the lists of packages, or their maps, or their numbers', () => {
    expect(packages(pair('package_cpus_list', '0', '1')).packages).toBe(2);
    expect(packages(pair('core_siblings_list', '0-1', '0-1')).packages).toBe(1);
    expect(packages(pair('core_siblings', '1', '2')).packages).toBe(2);
    expect(packages(pair('physical_package_id', 0, 3)).packages).toBe(2);
  });

  it('is not misled by numbers that say nothing, or repeat in books', () => {
    const [first, second] = pair('physical_package_id', -1, -1);
    const lists = pair('core_siblings_list', '0-1', '0-1');
    expect(
      packages([
        { ...first, ...lists[0] },
        { ...second, ...lists[1] },
      ]).packages,
    ).toBe(1);
    expect(packages([first!, second!])).toMatchObject({ packages: null, dies: null });
    expect(packages(pair('physical_package_id', 0, -1)).packages).toBeNull();
    const books = [0, 1].map((book) => ({ 'topology/physical_package_id': 0, 'topology/book_id': book }));
    expect(packages(books).packages).toBe(2);
    const block = (book: string) => ({ 'physical id': '0', 'book id': book, 'drawer id': '0' });
    expect(packages([], cpuInfo({ 0: block('0'), 1: block('1') })).packages).toBe(2);
  });

  it('takes the numbers of cpuinfo without sysfs, and says why it knows none', () => {
    expect(packages([], cpuInfo({ 0: { 'physical id': '0' }, 1: { 'physical id': '1' } })).packages).toBe(2);
    expect(packages([], '', {}, [0]).packages).toBe(1); // of one CPU
    const path = '/sys/devices/system/cpu/cpu0/topology/physical_package_id';
    expect(packages([]).reasons).toEqual(Array(2).fill(`${path} is not there on this host`));
  });

  it('counts the dies of each package', () => {
    const dies = (pack: number, die: number) => ({ 'topology/physical_package_id': pack, 'topology/die_id': die });
    expect(packages([dies(0, 0), dies(1, 0)])).toMatchObject({ packages: 2, dies: 2 });
    expect(packages([dies(0, 0), dies(0, 1)])).toMatchObject({ packages: 1, dies: 2 });
    expect(packages([dies(0, -1), dies(0, -1)])).toMatchObject({
      packages: 1,
      dies: null,
      reasons: ['/sys/devices/system/cpu/cpu0/topology/die_id does not say'],
    });
  });

  it('does not take clusters of arm64 for packages', () => {
    const clusters = pair('physical_package_id', 0, 1);
    const node = (id: number) => ({ [`sys/devices/system/node/node${id}/cpulist`]: `${id}\n` });
    expect(
      packages(
        clusters.map((cpu) => ({ ...cpu, 'topology/die_id': 0 })),
        arm,
      ),
    ).toMatchObject({ packages: 1, dies: null });
    expect(packages(clusters, arm).packages).toBe(1);
    expect(packages(clusters, arm, node(0)).packages).toBe(1);
    expect(packages(clusters, arm, { ...node(0), ...node(1) }).packages).toBe(2);
    expect(packages(clusters, arm, { 'sys/class/dmi/id/sys_vendor': 'x' }).packages).toBe(2);
    expect(packages(clusters, arm, { ...node(0), 'sys/firmware/acpi/tables/PPTT': 'x' })).toMatchObject({
      packages: null,
      reasons: [expect.stringContaining('2 numbers of packages are told for 1 memory nodes'), expect.any(String)],
    });
    expect(packages(clusters, cpuInfo({ 0: {}, 1: {} })).packages).toBe(2);
  });
});
