/**
 * Whether a load says enough to make a pool smaller by it. A pool that is too large costs memory, one that is too small
 * costs I/O, so a capture has to be long enough, whole, and clear about ends and floor. Pure.
 */
import type { PoolSizing, SizedLoad } from './pool-sizing.js';

/** The shortest capture that shows more than a moment. */
const SHORTEST_NS = 10e9;
/** The share of mappings that may fail has to be known to be at most this, if no target was given. */
const HIGHEST_LIMIT = 0.001;

/** Returns what is missing, in words that follow each other; none if it is enough. `supported`: 3 of the mappings. */
export function littleEvidence(
  loads: readonly SizedLoad[],
  target: PoolSizing['target'],
  supported: number,
): readonly string[] {
  const wanted = target.asked ?? HIGHEST_LIMIT;
  const few = `${Math.ceil(3 / wanted)} mappings would be needed`;
  const captured = loads.filter(({ capture }) => capture !== null);
  const durationNs = captured.reduce((sum, one) => sum + one.durationNs, 0);
  const isWhole = captured.every(
    ({ capture, told }) =>
      capture!.unparsedLines + capture!.lostEvents + capture!.lostUncounted + (told?.doubled ?? 0) === 0,
  );
  return [
    ...(supported > wanted ? [few] : []),
    ...(captured.length > 0 && durationNs < SHORTEST_NS ? [`it should last ${SHORTEST_NS / 1e9} s at least`] : []),
    ...(captured.some(({ holds }) => holds?.groups.some(({ source }) => source === 'assumed'))
      ? ['how long mappings are held is a guess']
      : []),
    ...(captured.some(({ floorFrom }) => floorFrom === null) ? ['what is held from before is not known'] : []),
    ...(isWhole ? [] : ['events are missing, or told twice']),
  ];
}
