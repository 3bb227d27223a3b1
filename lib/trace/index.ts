/** Traces of the real kernel code: what a program imports as `copytax/trace`. */

export {
  type Operation,
  type OracleTrace,
  parseOracleTrace,
  readOracleTrace,
  type TraceHeader,
} from './format/oracle-trace.js';
export { type Difference, type Verdict, verifyFile, verifyTrace } from './verify.js';
