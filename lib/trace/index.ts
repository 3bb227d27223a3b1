/**
 * Traces of the real code of Linux, and captures of what a running Linux bounces: what a program imports as
 * `copytax/trace`.
 */

export type { CaptureContext, CaptureDirection, CaptureEvent, CaptureEventKind } from '../capture/capture-event.js';
export { type CaptureSummary, readCapture, type UnparsedLine } from '../capture/capture-reader.js';

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
