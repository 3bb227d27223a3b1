import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HostFiles } from '../../../../lib/bench/facts/host-files.js';
import { memoryModules } from '../../../../lib/bench/facts/memory/modules.js';
import { hostTree } from '../../fixtures/host-tree.js';

const SERIAL = 'S3CR3T-SERIAL';

/** A table as SMBIOS 2.8 has it, with a serial number among its texts. */
function tableOf(type: number, size: number, speed: number, extendedMib = 0, length = 0x28): Buffer {
  const table = Buffer.alloc(0x28);
  table[0] = 17;
  table[1] = length;
  table.writeUInt16LE(size, 0x0c);
  table[0x12] = type;
  table.writeUInt32LE(extendedMib, 0x1c);
  table.writeUInt16LE(speed, 0x20);
  return Buffer.concat([table.subarray(0, length), Buffer.from(`${SERIAL}\0\0`)]);
}

function read(tables: readonly Buffer[], tree: Readonly<Record<string, string>> = {}) {
  const root = hostTree(tree);
  for (const [index, table] of tables.entries()) {
    const folder = join(root, `sys/firmware/dmi/entries/17-${index}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'raw'), table);
  }
  const files = new HostFiles(root);
  return { modules: memoryModules(files), missing: files.missing };
}

describe('memory modules', () => {
  it('are counted by kind, without empty slots and without serial numbers', () => {
    const { modules } = read([tableOf(34, 16384, 4800), tableOf(34, 16384, 4800), tableOf(2, 0, 0)]);
    expect(modules).toEqual([{ type: 'DDR5', megatransfers: 4800, bytes: 16 * 1024 ** 3, count: 2 }]);
    expect(JSON.stringify(modules)).not.toContain('S3CR3T');
  });

  it('have sizes in each unit of the table, and no size or speed that is not known', () => {
    const { modules } = read([
      tableOf(26, 0x7fff, 3200, 65536),
      tableOf(26, 0x8000 | 512, 0),
      tableOf(99, 0xffff, 0xffff),
      tableOf(24, 1024, 1600, 0, 0x15),
      tableOf(26, 0x7fff, 3200, 2 ** 31 + 65536), // the highest bit is no part of the size
      tableOf(26, 1024, 3200, 0, 0x12), // ends before its type
    ]);
    expect(modules).toEqual([
      { type: 'DDR4', megatransfers: 3200, bytes: 64 * 1024 ** 3, count: 2 },
      { type: 'DDR4', megatransfers: null, bytes: 512 << 10, count: 1 },
      { type: 'unknown type', megatransfers: null, bytes: null, count: 1 },
      { type: 'DDR3', megatransfers: null, bytes: 1024 ** 3, count: 1 },
    ]);
  });

  it('are those of the driver of the memory controllers where the tables may not be read', () => {
    const dimm = (id: number) => `sys/devices/system/edac/mc/mc0/dimm${id}`;
    const tree = {
      [`${dimm(0)}/dimm_mem_type`]: 'Registered-DDR4\n',
      [`${dimm(0)}/size`]: '16384\n',
      [`${dimm(4)}/dimm_mem_type`]: 'Registered-DDR4\n',
      [`${dimm(4)}/size`]: '16384\n',
      'sys/devices/system/edac/mc/mc0/rank5/dimm_mem_type': 'Registered-DDR4\n',
    };
    expect(read([], tree).modules).toEqual([
      { type: 'Registered-DDR4', megatransfers: null, bytes: 16 * 1024 ** 3, count: 2 },
      { type: 'Registered-DDR4', megatransfers: null, bytes: null, count: 1 },
    ]);
  });

  it('are not known with a reason', () => {
    const { modules, missing } = read([]);
    expect(modules).toBeNull();
    expect(missing[0]?.reason).toMatch(/entries is not there on this host, and no driver/);
    expect(read([Buffer.from('x')]).missing[0]?.reason).toMatch(/raw does not say, and no driver/);
  });
});
