/** Memory of the doctor's measurements: never locked, so that a limit cannot refuse it, and small on a small host. */

import { Region } from '../../../memory/region.js';
import type { RegionSpec } from '../../../memory/region-spec.js';
import { KIB, MIB } from '../../../units.js';
import { availableMemory } from '../../host/available-memory.js';

/** Beyond the caches of a core, and quick to write. */
const LARGE_BYTES = 64 * MIB;
const LEAST_LARGE_BYTES = MIB;
/** Part of the memory that is still available which one region may take. */
const AVAILABLE_SHARE = 1 / 16;

/** Size of a large region: a multiple of a MiB. */
export function largeBytes(available: number = availableMemory()): number {
  const most = Math.min(LARGE_BYTES, available * AVAILABLE_SHARE);
  return Math.max(LEAST_LARGE_BYTES, Math.floor(most / MIB) * MIB);
}

/** Makes a region of small pages. */
export function smallPages(bytes: number, rest: Partial<RegionSpec> = {}): Region {
  return Region.create({ bytes, lock: 'no', hugePages: 'never', ...rest });
}

/** Size of a copy where it does not matter. */
export const CHUNK_BYTES = 64 * KIB;
export const PAGE_BYTES = 4 * KIB;
