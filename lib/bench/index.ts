/** The instrument: facts of the host, settings, scenarios, the runner, statistics and the result document. */
export { clockFacts } from './host/clock.js';
export { type Environment, type EnvironmentSources, environmentFacts } from './host/environment.js';
export { type HostSources, hostFacts } from './host/host-facts.js';
export { type HostReading, readHost } from './host/host-reading.js';
export type { CacheFacts, HostFacts, SwiotlbCounters } from './host/host-schema.js';
export type { BreakEvenSpec, CostPoint, PagePrice } from './plan/break-even-spec.js';
export type { CrossingPoint, CrossingSpec } from './plan/crossing-spec.js';
export { LEDGER, type Ledger, type LedgerKey, type LedgerUnit, ledgerUnit } from './plan/ledger-keys.js';
export {
  type Cell,
  cellId,
  type Params,
  type RatioSpec,
  type Sample,
  type Scenario,
  type ScenarioContext,
  type ScenarioEntry,
  type ScenarioFactory,
} from './plan/scenario.js';
export {
  type BenchSettings,
  defaultSettings,
  type Effort,
  type ScenarioListing,
} from './plan/settings.js';
export type { Column, TableKind, TableSpec } from './plan/table-spec.js';
export type { Warning, WarningCode } from './plan/warning.js';
export type { Cores, CostDifferenceResult } from './result/cores-schema.js';
export { Recorder } from './result/recorder.js';
export {
  type BreakEvenResult,
  type CellResult,
  type CrossingResult,
  parseResult,
  type RatioResult,
  RESULT_SCHEMA,
  type ResultDocument,
  resultJsonSchema,
} from './result/result.js';
export { ResultFile, readResult } from './result/result-file.js';
export type { ScenarioRecord, Taken } from './result/scenario-record.js';
export { judge, noHugePages, unlockedMemory } from './result/warning-rules.js';
export { type Progress, type RunHooks, runScenarios } from './run/runner.js';
export { combineRuns, type Series } from './runs/combine.js';
export { type BreakEven, breakEvens, type CostSamples, type SizeInterval } from './statistics/break-even.js';
export { type Crossing, type CrossingSamples, crossing } from './statistics/crossing.js';
export { MINIMAL_EFFECT, pairedRatio, type RatioSummary } from './statistics/paired-ratio.js';
export { medianInterval, type Summary, summarize } from './statistics/statistics.js';
