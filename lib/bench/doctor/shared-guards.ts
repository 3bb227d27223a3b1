/** The guards that take more than one thread to show. */

import type { DoctorThreads } from './doctor-threads.js';
import { type Fact, type Findings, spread } from './guards/guard.js';

/** In which the time of a busy thread is split: longer than a usual period of a quota. */
const QUOTA_BLOCKS = 6;
const BURST_BLOCKS = 30;
const LEAST_BURST_BLOCKS = 6;

/** A move is made on one thread; a loose and a pinned thread are watched in turns. */
export async function unpinnedThread(threads: DoctorThreads, ms: number): Promise<Findings> {
  const { pairs } = await threads.ask('home', 'moved', ms / 2);
  const begin = performance.now();
  const spreads = { without: [] as number[], with: [] as number[] };
  let moves: number | null = 0;
  for (let block = 0; block < BURST_BLOCKS; block++) {
    if (block >= LEAST_BURST_BLOCKS && performance.now() - begin > ms / 2) break;
    const loose = await threads.ask('loose', 'bursts', 0);
    const pinned = await threads.ask('home', 'bursts', 0);
    spreads.without.push(spread(loose.ns));
    spreads.with.push(spread(pinned.ns));
    moves = moves === null || loose.moves === null ? null : moves + loose.moves;
  }
  return {
    pairs: [...pairs, { what: 'spread of 8 copies after short sleeps', unit: 'share', ...spreads }],
    facts: [
      {
        what: `moves of the thread that was not pinned, in ${spreads.without.length} groups`,
        value: moves,
        unit: 'count',
      },
    ],
  };
}

/** Keeps two CPUs busy, if there are two, and divides both times by the copies made. */
export async function throttledGroup(
  threads: DoctorThreads,
  ms: number,
  facts: () => readonly Fact[],
): Promise<Findings> {
  const places = threads.cpus.length > 1 ? (['home', 'beside'] as const) : (['home'] as const);
  const samples = { without: [] as number[], with: [] as number[] };
  const begin = performance.now();
  for (let block = 0; block < QUOTA_BLOCKS; block++) {
    if (performance.now() - begin > 2 * ms) break;
    const slices = await Promise.all(places.map((place) => threads.ask(place, 'busy', ms / QUOTA_BLOCKS)));
    const sum = (of: (slice: (typeof slices)[number]) => number) =>
      slices.reduce((total, slice) => total + of(slice), 0);
    const copies = sum((slice) => slice.copies);
    samples.without.push(sum((slice) => slice.wallNs) / copies);
    samples.with.push(sum((slice) => slice.cpuNs) / copies);
  }
  return {
    pairs: [{ what: '64 KiB copied, wall clock / CPU time', unit: 'ns', ...samples }],
    facts: facts(),
  };
}

/** Two threads, of which the one beside plays the neighbour. */
export async function noisyNeighbour(threads: DoctorThreads, ms: number): Promise<Findings> {
  const neighbour = threads.ask('beside', 'neighbour', ms);
  const found = threads.ask('home', 'noisy-neighbour', ms).finally(() => threads.endNeighbour());
  const [measured, played] = await Promise.allSettled([found, neighbour]);
  if (played.status === 'rejected') throw played.reason;
  if (measured.status === 'rejected') throw measured.reason;
  return measured.value;
}
