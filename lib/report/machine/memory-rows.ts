/** The memory of a host: nodes, pages and limits. Pure. */
import type { HostFacts, NumaNode } from '../../bench/facts/host-schema.js';
import { bytes, count, roughBytes } from '../tables/format.js';
import { cpusText, joined, type Row, shown } from './rows.js';

const rough = (value: number | null) => (value === null ? null : roughBytes(value));

function nodeText({ cpus, bytes: size, distances, kind, memorySideCache: cache }: NumaNode): string | null {
  return joined(
    `CPUs ${cpus === null ? 'unknown' : cpusText(cpus) || 'none'}`,
    rough(size) ?? 'size unknown',
    kind,
    distances !== null && `distances ${distances.join(' ')}`,
    cache !== null && `behind a cache of ${rough(cache.bytes) ?? 'unknown size'}`,
  );
}

function modulesText(modules: HostFacts['memory']['modules']): string | null {
  const texts = (modules ?? []).map(({ type, megatransfers, bytes: size, count: number }) => {
    const speed = megatransfers === null ? '' : ` at ${megatransfers} MT/s`;
    return `${number} × ${type}${size === null ? '' : ` ${roughBytes(size)}`}${speed}`;
  });
  return joined(...texts);
}

function multiSizeText(sizes: HostFacts['memory']['multiSizePages']): string | null {
  const used = (sizes ?? []).filter(({ policy }) => policy !== 'never');
  if (sizes === null) return null;
  return used.length === 0 ? 'none' : used.map(({ bytes: size, policy }) => `${bytes(size)} ${policy}`).join(', ');
}

export function memoryRows({ numaNodes, subNuma, memory }: HostFacts): Row[] {
  const { totalBytes, memlockLimit, pageBytes, transparentHugePages, hugePageDefrag, hugePagesFree } = memory;
  const limit = memlockLimit === 'unlimited' ? memlockLimit : rough(memlockLimit);
  return [
    ['memory', joined(rough(totalBytes), pageBytes !== null && `pages of ${bytes(pageBytes)}`)],
    ['modules', modulesText(memory.modules)],
    ...(numaNodes ?? []).map((node): Row => [`NUMA node ${node.id}`, nodeText(node)]),
    ['in a package', subNuma === null || subNuma < 2 ? null : count(subNuma, 'node')],
    ['memlock limit', limit],
    ['transparent huge pages', joined(transparentHugePages, hugePageDefrag && `defrag ${hugePageDefrag}`)],
    ['of other sizes', multiSizeText(memory.multiSizePages)],
    ['free huge pages', shown(hugePagesFree)],
  ];
}
