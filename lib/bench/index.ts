/** The instrument: facts of the host, settings, scenarios, the runner, statistics and the result document. */

export type {
  BuildFacts,
  ConfidentialFacts,
  CpuFacts,
  CpuFlag,
  OpenedCounters,
  RefusedCounter,
  ThreadUsage,
} from '../addon/addon.js';
export type { FreeDispatchName } from '../designs/design.js';
export type { DesignName } from '../designs/design-table.js';
export type { CompletionMode } from '../dma/completion-modes.js';
export type { Flavour } from '../flavour.js';
export type { GrowthMode } from '../machine/build/choices.js';
export type { CopyKernelName } from '../memory/copy-kernels.js';
export type { LockRefusal } from '../memory/region-spec.js';
export { type Random, random, randomInt, seedFor, shuffled } from '../random.js';
export {
  type CompareOptions,
  compareGroups,
  type Difference,
  type GroupComparison,
  type Method,
} from './compare/compare-groups.js';
export { type ComparedGroup, type Comparison, type ComparisonOptions, compare } from './compare/comparison.js';
export { type Copies, copiesOf } from './compare/copies.js';
export { type Aspect, type Likeness, likenessOf } from './compare/likeness.js';
export {
  type Distances,
  type Kind,
  type Measured,
  type MeasuredRounds,
  type Place,
  type Row,
  RowTable,
  type RunFacts,
  runsOf,
} from './compare/run-facts.js';
export type { RunDeviations } from './compare/run-to-run.js';
export type { Group, Mode, Unlike } from './compare/unlike.js';
export { Counters, counters } from './counters/counters.js';
export type { Counts } from './counters/scaled-counts.js';
export type { CacheFacts, HostFacts, ReportedCache, SwiotlbCounters } from './facts/host-schema.js';
export type { CpuidFacts } from './facts/linux/cpuid-facts.js';
// What signatures above mention.
export type { CachesOfHost } from './facts/memory/last-level-cache.js';
export { lastLevelCacheBytes } from './facts/memory/last-level-cache.js';
export type { Throttled } from './host/cgroup.js';
export { type ClockFacts, clockFacts } from './host/clock.js';
export { type FlagSources, requireOptimizer, setEngineFlags } from './host/engine-flags.js';
export { type Environment, type EnvironmentSources, environmentFacts, type Program } from './host/environment.js';
export { type HostSources, hostFacts } from './host/host-facts.js';
export { type HostDelta, type HostReading, type ReadingSources, readHost } from './host/host-reading.js';
export { thisHost } from './host/this-host.js';
export {
  affinity,
  cacheLineRoundTrip,
  clockNs,
  cpuFacts,
  currentCpu,
  pinThread,
  threadUsage,
} from './host/this-thread.js';
export { comparison } from './measure/comparison.js';
export {
  fromTinybench,
  type TinybenchBench,
  type TinybenchOptions,
  type TinybenchTask,
} from './measure/from-tinybench.js';
export { type Measurable, type MeasureOptions, measure } from './measure/measure.js';
export type { OptionKey, OptionSettings } from './plan/bench-option-table.js';
export type { BreakEvenSpec, CostPoint, PagePrice } from './plan/break-even-spec.js';
export type { CrossingPoint, CrossingSpec } from './plan/crossing-spec.js';
export type { CopyChoice, FreeDispatchChoice } from './plan/option-words.js';
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
export { isScenarioName, SCENARIO_NAMES, type ScenarioName } from './plan/scenario-names.js';
export {
  type BenchSettings,
  defaultSettings,
  type Effort,
  type PlanSettings,
  type ScenarioListing,
} from './plan/settings.js';
export type { LeftOut } from './plan/swept-pools.js';
export type { Column, TableKind, TableSpec } from './plan/table-spec.js';
export type { Warning, WarningCode } from './plan/warning.js';
export type { Cores, CostDifferenceResult } from './result/cores-schema.js';
export type { Pulses } from './result/full-speed.js';
export { Recorder } from './result/recorder.js';
export {
  type BreakEvenResult,
  type CellResult,
  type CrossingResult,
  type FailedCell,
  parseResult,
  type RatioResult,
  RESULT_SCHEMA,
  type ResultDocument,
  type RoundResult,
  resultJsonSchema,
  type ScenarioResult,
} from './result/result.js';
export { ResultFile, readResult } from './result/result-file.js';
export type { ScenarioRecord, Taken } from './result/scenario-record.js';
export { judge, type LockState, noHugePages, unlockedMemory } from './result/warning-rules.js';
export { type Progress, type RunHooks, runScenarios } from './run/runner.js';
export type { Phase } from './run/scenario-run.js';
export type { StandstillWatch } from './run/standstill.js';
export { combineRuns, type Series } from './runs/combine.js';
export { type BreakEven, breakEvens, type CostSamples, type SizeInterval } from './statistics/break-even.js';
export { type Crossing, type CrossingSamples, crossing } from './statistics/crossing.js';
export { holm } from './statistics/holm.js';
export { MINIMAL_EFFECT, pairedRatio, type RatioSummary } from './statistics/paired-ratio.js';
export { rankTest, smallestChance } from './statistics/rank-test.js';
export { type FactorInterval, ratioOfGroups } from './statistics/ratio-of-groups.js';
export type { SizeRange } from './statistics/shown-ranges.js';
export { type Interval, medianInterval, type Samples, type Summary, summarize } from './statistics/statistics.js';
export type {
  DesignPromises,
  FullSpeedResult,
  OwnDesignResult,
  PulseResult,
  RatioSummaryResult,
  SizeIntervalResult,
  SummaryResult,
  WarningResult,
} from './types/cells.js';
export type {
  ComputedRate,
  ComputedRatio,
  ComputedValue,
  CostPart,
  DifferencePart,
  LinuxControl,
} from './types/cores.js';
export type { CacheKnee, CpusOfHost, CpuType } from './types/cpus.js';
export type { CounterFacts, RefusedCounterFacts } from './types/environment.js';
export type {
  EncryptionFacts,
  HypervisorFacts,
  LinuxFacts,
  MemoryModules,
  MemoryOfHost,
  MemorySideCache,
  MissingFact,
  NumaNode,
  PagePolicy,
} from './types/host.js';
export {
  type AreaKey,
  type CoreKey,
  LEDGER,
  type Ledger,
  type LedgerKey,
  type LedgerKeyFacts,
  type LedgerUnit,
  ledgerUnit,
  type OwnKey,
} from './types/ledger-keys.js';
export type { PriceSource } from './types/prices.js';
export type { PoolLeftOut, RunResult, SettingsResult } from './types/result.js';
export type {
  AcrossColumn,
  AcrossTable,
  ColumnsTable,
  LedgerColumn,
  LinuxSendsTable,
  MedianColumn,
  PairsTable,
  ParamColumn,
  PlainTable,
  PollutionTable,
  ScalingTable,
  SurfaceTable,
  TemperatureTable,
} from './types/tables.js';
