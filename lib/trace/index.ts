/**
 * Traces of the real code of Linux, and captures of what a running Linux bounces: what a program imports as
 * `copytax/trace`.
 */

export type { CaptureContext, CaptureDirection, CaptureEvent, CaptureEventKind } from '../capture/capture-event.js';
export { type CaptureSummary, readCapture, type UnparsedLine } from '../capture/capture-reader.js';
export {
  type CapturedLoad,
  type CapturedLoadOptions,
  capturedLoad,
  type FloorFrom,
} from '../capture/load/captured-load.js';
export type { FlowFacts, FlowInput } from '../capture/load/flow-load.js';
export type { GivenHolds, HoldGroup, HoldSource, HoldTimes, HoldUse } from '../capture/load/hold-times.js';
export type { MissingEnds } from '../capture/load/missing-ends.js';
export type { LoadFacts, PoolLoad } from '../capture/load/pool-load.js';
export type { MappingSummary } from '../capture/mappings/captured-mapping.js';
export type { Holds } from '../capture/occupancy/hold-queue.js';
export type { PoolShape } from '../capture/occupancy/pool-use.js';
export { type Sidecar, sidecarOf } from '../capture/occupancy/sidecar.js';
export type { TimelinePart } from '../capture/occupancy/timeline.js';
export type { ClassCost } from '../capture/replay/copy-costs.js';
export type { Price } from '../capture/replay/copy-prices.js';
export type { Lifetime, Overdue } from '../capture/replay/lifetimes.js';
export { replayCapture } from '../capture/replay/replay.js';
export type { Origin, ReplayOptions } from '../capture/replay/replay-options.js';
export type { GivenBack, ReplayedPool, ReplayedShare, ReplayResult } from '../capture/replay/replay-result.js';
export type { Share } from '../capture/replay/shares.js';
export type { HeldFor } from '../capture/replay/sweep.js';
export type { FailureRate } from '../capture/sizing/failure-rate.js';
export type {
  ComparedPool,
  PoolSizing,
  Recommendation,
  SizedLoad,
  SizingNote,
  SizingNoteCode,
  TriedPool,
} from '../capture/sizing/pool-sizing.js';
export { sizePool } from '../capture/sizing/size-pool.js';
export type { SizingInput, SizingOptions } from '../capture/sizing/sizing-options.js';

export type {
  Answer,
  BlockRequest,
  Copy,
  Operation,
  OperationFields,
  OperationInputs,
  OperationKind,
  OperationOf,
  QuestionOf,
  SlotPoolFacts,
  SlotPoolSnapshot,
  Snapshot,
} from './format/operation-types.js';
export { type OracleTrace, parseOracleTrace, readOracleTrace } from './format/oracle-trace.js';
export type { TraceHeader } from './format/trace-header.js';
export type { Difference, Verdict } from './replay/verdict.js';
export { verifyTrace } from './slot-allocator.js';
export { verifyFile } from './verify.js';
