/**
 * Regions that are populated slice by slice: gigabytes take seconds, and between two slices the thread can hear that
 * they are no longer wanted. Contents and locks are those of `Region.create`.
 */
import { setImmediate } from 'node:timers/promises';
import { addon } from '../addon/addon.js';
import { guarded } from '../addon/native-error.js';
import { MIB } from '../units.js';
import { type FullOptions, type RegionSpec, requireSpec } from './region-spec.js';

/** Takes some tens of milliseconds where a guest gets each page from its host, and few where it has them. */
export const SLICE_BYTES = 16 * MIB;

/**
 * Maps a region, and yields its id after each slice of it that was populated, at least once. Reserved huge pages are
 * populated before the first. A caller that stops in between has to close the region; the end of the thread does, too.
 * @throws the errors of `Region.create`
 */
export function* createSlices(options: FullOptions): Generator<number, void> {
  const { populate } = options;
  const id = guarded(() => addon().regionCreate({ ...options, populate: false, lockOnFault: populate }));
  const { bytes } = addon().regionInfo(id);
  for (let offset = 0; populate && offset + SLICE_BYTES < bytes; offset += SLICE_BYTES) {
    addon().regionPopulate(id, offset, SLICE_BYTES);
    yield id;
  }
  const rest = bytes % SLICE_BYTES || SLICE_BYTES;
  if (populate) addon().regionPopulate(id, bytes - Math.min(rest, bytes), Math.min(rest, bytes));
  yield id;
}

/**
 * Makes a region on this thread, whose event loop turns after each slice, and resolves to what `attach` returns for its
 * id: `Region.attach`. The memory is near to this thread's CPU, as that of `Region.create`.
 * Rejects with the errors of `Region.create`, and with the reason of `signal` when that has aborted before the last
 * slice was populated; then the memory is given back. `slices`: of the region.
 */
export async function createInSlices<Attached>(
  spec: RegionSpec,
  attach: (id: number) => Attached,
  signal?: AbortSignal,
  slices: Iterable<number> = createSlices(requireSpec(spec)),
): Promise<Attached> {
  signal?.throwIfAborted();
  let made = 0;
  try {
    for (const id of slices) {
      made = id;
      await setImmediate();
      signal?.throwIfAborted();
    }
    return attach(made);
  } catch (error) {
    if (made > 0) addon().regionClose(made);
    throw error;
  }
}
