/** The instrument: facts of the host, scenarios, rounds, statistics and the result document. */
export { clockFacts } from './clock.js';
export { type Environment, type EnvironmentSources, environmentFacts } from './environment.js';
export type { CacheFacts, MachineFacts, SwiotlbCounters } from './facts.js';
export { type HostReading, readHost } from './host-reading.js';
export { judge } from './judge.js';
export { type MachineSources, machineFacts } from './machine.js';
export { MINIMAL_EFFECT, pairedRatio, type RatioSummary } from './paired-ratio.js';
export { Recorder, type ScenarioRecord } from './recorder.js';
export {
  type CellResult,
  parseResult,
  type RatioResult,
  RESULT_SCHEMA,
  type ResultDocument,
  resultJsonSchema,
} from './result.js';
export { ResultFile, readResult } from './result-file.js';
export { type Progress, type RunHooks, runScenarios } from './runner.js';
export {
  type Cell,
  cellId,
  type Ledger,
  type Params,
  type RatioSpec,
  type Sample,
  type Scenario,
  type ScenarioContext,
  type ScenarioFactory,
} from './scenario.js';
export {
  type BenchSettings,
  defaultSettings,
  type Effort,
  SCENARIO_NAMES,
  type ScenarioName,
} from './settings.js';
export { medianInterval, type Summary, summarize } from './statistics.js';
export { noHugePages, unlockedMemory, type Warning, type WarningCode } from './warnings.js';
