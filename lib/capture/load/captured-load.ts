/** Reads a capture as what a slot pool is given. */
import { type CaptureSummary, readCapture } from '../capture-reader.js';
import type { MappingSummary } from '../mappings/captured-mapping.js';
import { MappingStream } from '../mappings/mapping-stream.js';
import { type GivenHolds, type HoldTimes, withHolds } from './hold-times.js';
import { LoadRecorder } from './load-recorder.js';
import type { PoolLoad } from './pool-load.js';

/** How a capture is taken. */
export interface CapturedLoadOptions {
  /** How long mappings are held whose end is not told. Default: see `HoldTimes`. */
  readonly holds?: GivenHolds | null;
  /** Most slots that the host had in use during the capture (io_tlb_used_hiwater); null if it is not known. */
  readonly highWater?: number | null;
  /** Slots that are held during the whole capture, such as io_tlb_used before it. Default: 0. */
  readonly floor?: number;
  /** Where that is from, for the notes of a sizing. Default: `given` with a floor, null without. */
  readonly floorFrom?: FloorFrom;
  /** Called for lines, with the number of the line. */
  readonly onLine?: (line: number) => void;
}

/**
 * Where a floor is from: `given`; what was in use `before` the capture, or `after` it; null if it is not known, and
 * taken to be 0.
 */
export type FloorFrom = 'given' | 'before' | 'after' | null;

/** A load, and what is to know of where it is from. */
export interface CapturedLoad {
  /** Its mappings. */
  readonly load: PoolLoad;
  /** Slots that are held from before. */
  readonly floor: number;
  /** Where that is from. */
  readonly floorFrom: FloorFrom;
  /** How the times came about that mappings are held. */
  readonly holds: HoldTimes;
  /** What the capture holds besides its events. */
  readonly capture: CaptureSummary;
  /** What it tells of mappings. */
  readonly mappings: MappingSummary;
  /** Mappings that are left out because the capture is too long; the busiest half million are kept. */
  readonly dropped: number;
}

/**
 * Reads a capture from a file or a stream, plain or gzipped, in bounded memory. Rejects with ERR_CAPTURE if it is none,
 * ERR_LOG_FILE if it cannot be read.
 */
export async function capturedLoad(
  source: string | NodeJS.ReadableStream,
  options: CapturedLoadOptions = {},
): Promise<CapturedLoad> {
  const { holds = null, highWater = null, floor = 0, onLine } = options;
  const { floorFrom = options.floor === undefined ? null : 'given' } = options;
  const recorder = new LoadRecorder();
  const stream = new MappingStream(recorder);
  const capture = await readCapture(source, (event) => {
    onLine?.(event.line);
    stream.add(event);
  });
  const mappings = stream.end();
  const recorded = recorder.load(typeof source === 'string' ? source : 'standard input');
  // Slots that were given away again were not seen to be given back.
  const isEndSeen = recorder.ended > mappings.missedUnmaps || mappings.endedEarlier > 0;
  const { load, times } = withHolds(recorded, { given: holds, highWater, floor, isEndSeen });
  return { load, floor, floorFrom, holds: times, capture, mappings, dropped: recorder.dropped };
}
