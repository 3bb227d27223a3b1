/**
 * Memory modules of a host: from the tables of the firmware, which only root may read, else from the driver that counts
 * errors of memory. Of a table only type, speed and size are read, never the names and serial numbers in it.
 */
import type { HostFiles } from '../host-files.js';
import type { HostFacts } from '../host-schema.js';
import { bytesOf, positiveNumber } from '../whole-number.js';

type Modules = NonNullable<HostFacts['memory']['modules']>;
type Module = Omit<Modules[number], 'count'>;

const DMI = '/sys/firmware/dmi/entries';
const EDAC = '/sys/devices/system/edac/mc';
const MIB = 1024 ** 2;

/** Types by their number in the SMBIOS specification, section "Memory Device (Type 17)". */
const SMBIOS_TYPES: Readonly<Record<number, string>> = {
  3: 'DRAM',
  7: 'RAM',
  15: 'SDRAM',
  18: 'DDR',
  19: 'DDR2',
  24: 'DDR3',
  26: 'DDR4',
  27: 'LPDDR',
  28: 'LPDDR2',
  29: 'LPDDR3',
  30: 'LPDDR4',
  31: 'non-volatile',
  32: 'HBM',
  33: 'HBM2',
  34: 'DDR5',
  35: 'LPDDR5',
  36: 'HBM3',
};

/** Offsets in the structure of the specification; a table may be shorter than the newest. */
const SIZE = 0x0c;
const TYPE = 0x12;
const EXTENDED_SIZE = 0x1c;
const CONFIGURED_SPEED = 0x20;
const SIZE_IS_EXTENDED = 0x7fff;
const SIZE_UNKNOWN = 0xffff;
const SIZE_IS_KIB = 0x8000;
const SPEED_UNKNOWN = 0xffff;

function smbiosBytes(table: Buffer): number | null {
  const size = table.readUInt16LE(SIZE);
  if (size === SIZE_UNKNOWN) return null;
  if (size !== SIZE_IS_EXTENDED) return size & SIZE_IS_KIB ? (size & ~SIZE_IS_KIB) * 1024 : size * MIB;
  return table.length < EXTENDED_SIZE + 4 ? null : (table.readUInt32LE(EXTENDED_SIZE) & 0x7fffffff) * MIB;
}

/** Null: an empty slot, or no such structure. */
function smbiosModule(raw: Buffer | null): Module | null {
  const table = raw?.subarray(0, raw[1]); // the second byte is the length; texts follow
  if (table === undefined || table.length <= TYPE || table.readUInt16LE(SIZE) === 0) return null;
  const speed = table.length < CONFIGURED_SPEED + 2 ? 0 : table.readUInt16LE(CONFIGURED_SPEED);
  return {
    type: SMBIOS_TYPES[table[TYPE]!] ?? 'unknown type',
    megatransfers: speed === 0 || speed === SPEED_UNKNOWN ? null : speed,
    bytes: smbiosBytes(table),
  };
}

function smbiosModules(files: HostFiles): Module[] {
  const entries = files.entries(DMI).filter((name) => /^17-\d+$/.test(name));
  return entries.flatMap((name) => smbiosModule(files.bytes(`${DMI}/${name}/raw`)) ?? []);
}

/** Modules by the driver of the memory controllers, which has no speeds. */
function edacModules(files: HostFiles): Module[] {
  const controllers = files.entries(EDAC).filter((name) => /^mc\d+$/.test(name));
  const folders = controllers.flatMap((name) =>
    files
      .entries(`${EDAC}/${name}`)
      .filter((entry) => /^(?:dimm|rank)\d+$/.test(entry))
      .map((entry) => `${EDAC}/${name}/${entry}`),
  );
  return folders.flatMap((folder) => {
    const type = files.text(`${folder}/dimm_mem_type`);
    const bytes = bytesOf(positiveNumber(files.text(`${folder}/size`)), MIB);
    return type ? { type, megatransfers: null, bytes } : [];
  });
}

/** Returns how many modules there are of each kind, or null with the reason. */
export function memoryModules(files: HostFiles): Modules | null {
  const tables = smbiosModules(files);
  const modules = tables.length > 0 ? tables : edacModules(files);
  const kinds = new Map<string, Modules[number]>();
  for (const module of modules) {
    const key = JSON.stringify(module);
    kinds.set(key, { ...module, count: (kinds.get(key)?.count ?? 0) + 1 });
  }
  if (kinds.size > 0) return [...kinds.values()];
  const table = files.entries(DMI).find((name) => /^17-\d+$/.test(name));
  const reason =
    table === undefined
      ? files.entries(DMI).length > 0
        ? `no memory devices below ${DMI}`
        : files.folderReason(DMI)
      : files.reason(`${DMI}/${table}/raw`);
  return files.miss('memory.modules', `${reason}, and no driver of memory controllers tells them`);
}
