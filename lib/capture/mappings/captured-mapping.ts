/** A mapping as a capture tells it, and who is told of mappings. */
import type { CaptureContext, CaptureDirection } from '../capture-event.js';

export interface CapturedMapping {
  /** Its number in the capture, from 1. */
  readonly id: number;
  /** When it was made: of the trace's clock. */
  readonly timeNs: number;
  readonly cpu: number;
  readonly context: CaptureContext;
  /** Null if the capture does not tell it. */
  readonly device: string | null;
  /** In bytes. */
  readonly size: number;
  /** Address of the buffer that is bounced; null if it is not told. */
  readonly address: number | null;
  /** Null if the capture does not tell it. */
  readonly direction: CaptureDirection | null;
  /** Address of the first byte in its slots; null if it is not told, and then neither is when it ended. */
  readonly slot: number | null;
}

/** What is told of the mappings of a capture, in the order of its lines. */
export interface MappingSink {
  /** Linux was about to map: called for each attempt, before what became of it. */
  attempt(mapping: CapturedMapping): void;
  /** It was mapped; without `mapping.slot` that is an assumption. */
  map(mapping: CapturedMapping): void;
  /** No slots were found. */
  fail(mapping: CapturedMapping): void;
  /** It ended. Told of mappings with a slot only. */
  unmap(mapping: CapturedMapping, timeNs: number): void;
  /** A mapping ended that was made before the capture began. */
  unmapEarlier(slots: number, timeNs: number): void;
}

/** What a capture tells of mappings, and where it is incomplete. */
export interface MappingSummary {
  /** Mappings that were told with their slot. */
  readonly paired: number;
  /** Attempts of which the capture does not tell what became of them. */
  readonly unpaired: number;
  /** Attempts for which no slots were found. */
  readonly failed: number;
  /** Mappings that ended and were made before the capture began. */
  readonly endedEarlier: number;
  /** Slots that were given away again although nothing told that their mapping had ended. */
  readonly missedUnmaps: number;
  /** Returns of the map function without its entry, and entries without a return. */
  readonly brokenProbes: number;
  /** Attempts that are told twice in a row: of the same buffer, at the same time. */
  readonly doubled: number;
  /** How often times began again: from there on they continue the part before. */
  readonly restarts: number;
}
