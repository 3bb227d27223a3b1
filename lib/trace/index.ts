/** Traces of the real code of Linux: what a program imports as `copytax/trace`. */

export type { Operation } from './format/operation.js';
export { type OracleTrace, parseOracleTrace, readOracleTrace } from './format/oracle-trace.js';
export type { TraceHeader } from './format/trace-header.js';
export type { Difference, Verdict } from './replay/verdict.js';
export { verifyTrace } from './slot-allocator.js';
export { verifyFile } from './verify.js';
