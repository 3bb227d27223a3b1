import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { isWithoutNodes, numaNodes, subNuma } from '../../../../lib/bench/facts/memory/nodes.js';
import { hostTree } from '../../fixtures/host-tree.js';

type Tree = Readonly<Record<string, string>>;
const NODES = 'sys/devices/system/node';

function read(tree: Tree, online = [0, 1, 2, 3]) {
  const files = new HostFiles(hostTree(tree));
  return { nodes: numaNodes(files, online), missing: files.missing.map(({ fact }) => fact) };
}

const cpusOf = (tree: Tree, online?: number[]) => read(tree, online).nodes?.map(({ cpus }) => cpus);

describe('the facts of memory nodes', () => {
  it('have CPUs, bytes and distances in the order of the nodes', () => {
    const { nodes, missing } = read({
      [`${NODES}/node0/cpulist`]: '0-1\n',
      [`${NODES}/node0/meminfo`]: 'Node 0 MemTotal:        8000 kB\n',
      [`${NODES}/node0/distance`]: '10 21\n',
      [`${NODES}/node2/cpulist`]: '2-3\n\0',
      [`${NODES}/node2/meminfo`]: 'Node 2 MemTotal:        16 kB\n',
      [`${NODES}/node2/distance`]: '21 10\n',
    });
    expect(nodes).toMatchObject([
      { id: 0, cpus: [0, 1], bytes: 8000 * 1024, distances: [10, 21], memorySideCache: null },
      { id: 2, cpus: [2, 3], bytes: 16 * 1024, distances: [21, 10], memorySideCache: null },
    ]);
    expect(missing).toEqual(['numaNodes.kind']);
  });

  it('have CPUs by list, map or entries, and only online ones', () => {
    expect(cpusOf({ [`${NODES}/node0/cpumap`]: 'c\n' })).toEqual([[2, 3]]);
    expect(cpusOf({ [`${NODES}/node0/cpu1/online`]: '1\n' })).toEqual([[1]]);
    expect(cpusOf({ [`${NODES}/node0/cpulist`]: '0-87\n' }, [0, 9])).toEqual([[0, 9]]);
  });

  it('have no CPUs only if a file says so', () => {
    expect(cpusOf({ [`${NODES}/node0/cpulist`]: '0-1\n' }, [])).toEqual([null]);
    expect(cpusOf({ [`${NODES}/node0/cpulist`]: '\n' })).toEqual([[]]);
    const unknown = read({ [`${NODES}/node0/cpulist`]: 'what\n' });
    expect(unknown.nodes).toMatchObject([{ cpus: null, bytes: null, distances: null }]);
    expect(unknown.missing).toEqual(['numaNodes.bytes', 'numaNodes.cpus', 'numaNodes.distances', 'numaNodes.kind']);
  });

  it('have no distances if there are not as many as nodes', () => {
    expect(read({ [`${NODES}/node0/distance`]: '10 20\n' }).nodes).toMatchObject([{ distances: null }]);
  });

  it('have the cache in front of the memory', () => {
    const folder = `${NODES}/node0/memory_side_cache`;
    const tree = {
      [`${folder}/index1/size`]: '17179869184\n',
      [`${folder}/index1/line_size`]: '64\n',
      [`${folder}/power/control`]: 'auto\n',
    };
    expect(read(tree).nodes).toMatchObject([{ memorySideCache: { bytes: 16 * 1024 ** 3, lineBytes: 64 } }]);
    const two = { ...tree, [`${folder}/index2/size`]: '34359738368\n' };
    expect(read(two).nodes).toMatchObject([{ memorySideCache: { bytes: 32 * 1024 ** 3, lineBytes: null } }]);
    expect(read({ [`${folder}/index1/indexing`]: '0\n' }).nodes).toMatchObject([
      { memorySideCache: { bytes: null, lineBytes: null } },
    ]);
  });

  it('tell a Linux without nodes from one whose files are hidden', () => {
    const files = (tree: Tree) => new HostFiles(hostTree(tree));
    expect(isWithoutNodes(files({ 'sys/devices/system/cpu/online': '0' }))).toBe(true);
    expect(isWithoutNodes(files({ [`${NODES}/online`]: '0', 'sys/devices/system/cpu/online': '0' }))).toBe(false);
    expect(isWithoutNodes(files({}))).toBe(false);
    const root = hostTree({ 'sys/devices/system/cpu/online': '0' });
    symlinkSync(join(root, NODES), join(root, NODES));
    expect(isWithoutNodes(new HostFiles(root))).toBe(false);
    expect(read({}).nodes).toBeNull();
    expect(read({ [`${NODES}/online`]: '0' }).missing).toEqual(['numaNodes']);
  });
});

describe('subNuma', () => {
  const packageOf = (cpu: number, id: string) => ({
    [`sys/devices/system/cpu/cpu${cpu}/topology/physical_package_id`]: id,
  });
  const node = (id: number, cpus: number[] | null) => ({
    id,
    cpus,
    bytes: null,
    distances: null,
    kind: null,
    memorySideCache: null,
  });
  const tree = { ...packageOf(0, '0'), ...packageOf(1, '0'), ...packageOf(2, '1'), ...packageOf(3, '-1') };
  const of = (...nodes: (number[] | null)[]) =>
    subNuma(
      new HostFiles(hostTree(tree)),
      nodes.map((cpus, id) => node(id, cpus)),
    );

  it('counts the nodes with CPUs of the package that has the most', () => {
    expect({ two: of([0], [1], [2], []), one: of([0, 1], [2]), across: of([0, 1, 2]) }).toEqual({
      two: 2,
      one: 1,
      across: 1,
    });
  });

  it('is not known of nodes that Linux was asked to emulate, which have the same CPUs', () => {
    expect(of([0, 1], [0, 1])).toBeNull();
  });

  it('is not known without the CPUs of a node, their packages, or nodes', () => {
    expect([of([0], null), of([3]), of([]), subNuma(new HostFiles(hostTree({})), null)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
