/** The host in one line: what a reader of an email needs to judge a number. */
import type { ResultDocument } from '../../bench/result/result.js';
import { bytes, count } from './format.js';

type Host = ResultDocument['machine'];
type Cache = NonNullable<Host['caches']>[number];

/** `8 MiB × 16`: the size of a cache and how many there are of it; `8 MiB each` where that is not known. */
export function cacheCount({ bytes: size, instances }: Pick<Cache, 'bytes' | 'instances'>): string {
  const number = instances === null ? ' each' : instances === 1 ? '' : ` × ${instances}`;
  return `${size === null ? 'of unknown size' : bytes(size)}${number}`;
}

/** Returns the caches that hold data, as they are told. */
export const dataCaches = ({ caches }: Pick<Host, 'caches'>): readonly Cache[] =>
  (caches ?? []).filter(({ type }) => type !== 'Instruction');

/** Caches beyond the first level; in a guest with a word that they are hearsay. */
function cacheWords({ caches, cachesIncomplete }: Host): string[] {
  const data = dataCaches({ caches }).filter(({ level }) => level > 1);
  const levels = [...new Set(data.map(({ level }) => level))];
  const words = levels.map((level) => {
    const kinds = data.filter((cache) => cache.level === level);
    return `L${level} ${kinds.map(cacheCount).join(' and ')}`;
  });
  const untold = cachesIncomplete?.length ? [`caches of ${count(cachesIncomplete.length, 'CPU')} not all known`] : [];
  if (words.length === 0 || data[0]!.toldBy === 'host') return [...words, ...untold];
  const listed = [words.slice(0, -1).join(', '), words.at(-1)!].filter((text) => text !== '').join(' and ');
  return [`${listed} as the hypervisor tells`, ...untold];
}

/** Caches in front of memory: `memory-side cache 96 GiB × 4`. */
function memorySideWords({ numaNodes }: Host): string[] {
  const sizes = (numaNodes ?? []).flatMap(({ memorySideCache }) => memorySideCache?.bytes ?? []);
  return [...new Set(sizes)].map((size) => {
    const instances = sizes.filter((other) => other === size).length;
    return `memory-side cache ${cacheCount({ bytes: size, instances })}`;
  });
}

export function hostLine({ machine }: Pick<ResultDocument, 'machine'>): string {
  const { cpu, hypervisor, kernel, encryption } = machine;
  const generation =
    cpu.family === null ? '' : ` (family ${cpu.family} model ${cpu.modelNumber} stepping ${cpu.stepping})`;
  const guest = hypervisor.present ? `guest${hypervisor.vendor === null ? '' : ` of ${hypervisor.vendor}`}` : null;
  const words = [
    `${cpu.model ?? cpu.vendor ?? machine.arch}${generation}`,
    cpu.online === null ? null : count(cpu.online.length, 'CPU'),
    ...cacheWords(machine),
    ...memorySideWords(machine),
    guest,
    encryption.inEffect !== null && encryption.inEffect.length > 0 ? encryption.inEffect.join(' ') : null,
    kernel.release === null ? null : `Linux ${kernel.release}`,
  ];
  return words.filter((word) => word !== null).join(', ');
}
