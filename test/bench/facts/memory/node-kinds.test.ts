import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { nodeKinds } from '../../../../lib/bench/facts/memory/node-kinds.js';
import { hostTree } from '../../fixtures/host-tree.js';

const NODES = [
  { id: 0, cpus: [0] },
  { id: 1, cpus: [] },
  { id: 255, cpus: [] },
];

function kinds(tree: Readonly<Record<string, string>>, root = hostTree(tree)) {
  const files = new HostFiles(root);
  return { ...Object.fromEntries(nodeKinds(files, NODES)), missing: files.missing.map(({ fact }) => fact) };
}

describe('the kind of a memory node', () => {
  it('is not guessed where nothing tells it', () => {
    expect(kinds({})).toEqual({ missing: ['numaNodes.kind'] });
    expect(kinds({ 'sys/devices/virtual/memory_tiering/memory_tier4/nodelist': '0-1\n' })).toEqual({
      missing: ['numaNodes.kind'],
    });
  });

  it.each([
    ['LNXSYSTM:00/ACPI0012:00/ndbus0/region0/dax0.0', 'persistent'],
    ['platform/ACPI0017:00/root0/region0/dax_region0/dax0.0', 'CXL'],
    ['platform/hmem.1/dax0.0', 'set aside by firmware'],
    ['virtual/dax0.0', 'DAX device'],
  ])('is that of the DAX device %s', (path, kind) => {
    const root = hostTree({ [`sys/devices/${path}/target_node`]: '1\n' });
    mkdirSync(join(root, 'sys/bus/dax/devices'), { recursive: true });
    symlinkSync(`../../../devices/${path}`, join(root, 'sys/bus/dax/devices/dax0.0'));
    expect(kinds({}, root)).toMatchObject({ 1: kind });
  });

  it('is that of the only bus with such devices, if the path of one does not tell', () => {
    const dax = { 'sys/bus/dax/devices/dax1.0/target_node': '1\n', 'sys/bus/dax/devices/dax2.0/target_node': '-1\n' };
    expect(kinds({ ...dax, 'sys/bus/nd/devices/region0/size': '1' })).toMatchObject({ 1: 'persistent' });
    expect(kinds({ ...dax, 'sys/bus/nd/devices/region0/size': '1', 'sys/bus/cxl/devices/root0/x': '1' })).toMatchObject(
      { 1: 'DAX device' },
    );
  });

  it('is high bandwidth where firmware tells twice that of nodes with CPUs', () => {
    const path = (id: number) => `sys/devices/system/node/node${id}/access0/initiators/read_bandwidth`;
    const of = (near: string, far: string) => kinds({ [path(0)]: near, [path(1)]: far });
    expect(of('100', '200')).toMatchObject({ 1: 'high bandwidth' });
    expect(of('100', '190')).not.toHaveProperty('1');
    expect(of('0', '200')).not.toHaveProperty('1');
  });

  it('is a tier where there are several', () => {
    const tier = (id: number) => `sys/devices/virtual/memory_tiering/memory_tier${id}/nodelist`;
    expect(kinds({ [tier(4)]: '0,255\n', [tier(22)]: '1\n' })).toEqual({
      0: 'DRAM',
      1: 'slower than DRAM',
      missing: ['numaNodes.kind'],
    });
    expect(kinds({ [tier(4)]: '0\n', [tier(2)]: '1\n' })).toMatchObject({ 1: 'faster than DRAM' });
    expect(kinds({ [tier(4)]: '0\n', [tier(22)]: '\n' })).not.toHaveProperty('0');
  });

  it('is a GPU where its driver says so, and at the end of the nodes of a POWER9', () => {
    expect(kinds({ 'proc/driver/nvidia/gpus/0009:01:00.0/numa_status': 'Node: 1\n' })).toMatchObject({ 1: 'GPU' });
    const tree = { 'proc/cpuinfo': 'processor\t: 0\ncpu\t\t: POWER9, altivec supported\n' };
    const power = kinds(tree);
    expect(power).toMatchObject({ 255: 'GPU' });
    expect(nodeKinds(new HostFiles(hostTree(tree)), [{ id: 252, cpus: [3] }]).size).toBe(0); // GPUs have no CPUs
    expect(power).not.toHaveProperty('1');
  });
});
