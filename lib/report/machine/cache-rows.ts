/** The caches of a host as it tells them, and the sizes that were measured, if they were. Pure. */
import type { CacheFacts, CacheKnee, HostFacts } from '../../bench/facts/host-schema.js';
import { bytes, roughBytes, significant } from '../tables/format.js';
import { cpusText, joined, listsText, type Row } from './rows.js';

const atLeast = (found: number) => (found > 0 ? ` × at least ${found}` : '');

/** `8 MiB × 16, line 64 B, CPUs 0-3 | 4-7`. */
function cacheText({ bytes: size, lineBytes, sharedBy, instances, sharingUnknown }: CacheFacts): string | null {
  const count = instances === null ? atLeast(sharedBy.length) : ` × ${instances}`;
  return joined(
    `${size === null ? 'size unknown' : bytes(size)}${count}`,
    lineBytes !== null && `line ${lineBytes} B`,
    sharedBy.length > 0 && listsText(sharedBy),
    sharingUnknown.length > 0 && `who shares it is unknown of CPUs ${cpusText(sharingUnknown)}`,
  );
}

function kneeText({ bytes: size, low, high, beforeNs, afterNs }: CacheKnee): string {
  const range = `[${roughBytes(low)}, ${roughBytes(high)}]`;
  return `slower from ${roughBytes(size)} ${range}: ${significant(beforeNs)} -> ${significant(afterNs)} ns`;
}

function kneeRows(knees: HostFacts['cacheKnees']): Row[] {
  if (knees === undefined || knees === null) return [];
  if (knees.length === 0) return [['measured', 'no size at which memory gets slower was found']];
  return knees.map((knee) => ['measured', kneeText(knee)]);
}

export function cacheHeading({ caches }: Pick<HostFacts, 'caches'>): string {
  const isTold = caches?.some(({ toldBy }) => toldBy === 'hypervisor') ?? false;
  return isTold ? 'Caches, as the hypervisor tells them, whatever the chip has' : 'Caches';
}

export function cacheRows({ caches, cachesIncomplete, reportedCaches, cacheKnees }: HostFacts): Row[] {
  const without = cachesIncomplete ?? [];
  return [
    ...(caches ?? []).map((cache): Row => [`L${cache.level} ${cache.type.toLowerCase()}`, cacheText(cache)]),
    ...(reportedCaches ?? []).map(({ level, type, bytes: size }): Row => {
      return [
        `L${level} ${type.toLowerCase()}`,
        `${bytes(size)} as the CPU reports, ${level > 2 ? 'of the package or less' : 'of a core'}`,
      ];
    }),
    ['not told', without.length === 0 ? null : `of CPUs ${cpusText(without)}`],
    ...kneeRows(cacheKnees),
  ];
}
