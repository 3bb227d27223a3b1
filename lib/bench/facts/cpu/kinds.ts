/** The role of each kind of CPU in a host of several kinds. */
import { parseCpuList } from '../cpu-list.js';
import { cpusOfFiles } from '../cpu-map.js';
import type { HostFiles } from '../host-files.js';
import type { CpuType } from '../host-schema.js';
import { isSmallArmCore } from './arm-parts.js';
import { CPUS } from './online.js';

export type Kind = NonNullable<CpuType['kind']>;

/** What roles are told apart by, if nothing lists them. */
export type Rated = Pick<
  CpuType,
  'implementer' | 'part' | 'vendor' | 'model' | 'modelNumber' | 'capacity' | 'maxMHz'
> & {
  readonly highestPerformance: number | null;
  /** Size of the first data cache. */
  readonly firstCache: string | null;
};

/** Roles that Linux lists: on x86 it has an event source for each kind, and some versions a folder of types. */
export function listedKinds(files: HostFiles): Map<number, Kind> {
  const kinds = new Map<number, Kind>();
  const add = (kind: Kind, cpus: readonly number[] | null) => {
    for (const cpu of cpus ?? []) kinds.set(cpu, kind);
  };
  for (const name of files.entries(`${CPUS}/types`)) {
    const folder = `${CPUS}/types/${name}`;
    const cpus = cpusOfFiles(files, `${folder}/cpulist`, `${folder}/cpumap`);
    if (/atom|lowpower/.test(name)) add('efficient', cpus);
    else if (/core/.test(name)) add('performance', cpus);
  }
  const eventSource = (name: string) => parseCpuList(files.text(`/sys/devices/${name}/cpus`) ?? '');
  add('performance', eventSource('cpu_core'));
  add('efficient', eventSource('cpu_atom'));
  add('efficient', eventSource('cpu_lowpower'));
  return kinds;
}

/** Whether the kinds are cores of one chip: two packages that were bought apart have no roles. */
function ofOneChip(types: readonly Rated[]): boolean {
  const first = types[0]!;
  if (first.implementer !== null) return types.every(({ implementer }) => implementer !== null);
  const { vendor, model, modelNumber } = first;
  return types.every((type) => type.vendor === vendor && type.model === model && type.modelNumber === modelNumber);
}

/** A number for each kind that is larger for stronger ones; null if nothing tells them all. */
function strengths(types: readonly Rated[]): number[] | null {
  const small = types.map(({ model }) => (model !== null && isSmallArmCore(model) ? 0 : 1));
  const all = (values: readonly (number | null)[]) => (values.includes(null) ? null : (values as number[]));
  return (
    all(types.map(({ capacity }) => capacity)) ??
    (new Set(small).size > 1 ? small : null) ??
    all(types.map(({ maxMHz }) => maxMHz)) ??
    (types.some(({ vendor }) => vendor === 'AuthenticAMD') ? null : all(types.map((type) => type.highestPerformance)))
  );
}

/** Role of each kind: what is between the strongest and the weakest has the role of that which it is nearer to. */
export function kindsByStrength(types: readonly Rated[]): (Kind | null)[] {
  const values = types.length > 1 && ofOneChip(types) ? strengths(types) : null;
  if (values === null) return types.map(() => null);
  const [weakest, strongest] = [Math.min(...values), Math.max(...values)];
  if (weakest === strongest) return types.map(() => null);
  // Kinds of one design have one role. On x86 the first cache tells designs apart.
  const partOf = ({ implementer, part, firstCache }: Rated) => (part === null ? firstCache : `${implementer}/${part}`);
  const weak = partOf(types[values.indexOf(weakest)]!);
  const strong = partOf(types[values.indexOf(strongest)]!);
  return types.map((type, at) => {
    const part = partOf(type);
    if (part !== null && weak !== strong && (part === weak || part === strong)) {
      return part === weak ? 'efficient' : 'performance';
    }
    return values[at]! - weakest < strongest - values[at]! ? 'efficient' : 'performance';
  });
}
