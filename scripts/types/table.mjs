// Which types lib/bench/types has, in which files, and the schemas that they are of.
import * as counters from '../../dist/lib/bench/counters/counter-facts.js';
import * as host from '../../dist/lib/bench/facts/host-schema.js';
import * as environment from '../../dist/lib/bench/host/environment.js';
import * as prices from '../../dist/lib/bench/plan/break-even-spec.js';
import * as tables from '../../dist/lib/bench/plan/table-spec.js';
import * as cells from '../../dist/lib/bench/result/cell-schema.js';
import * as cores from '../../dist/lib/bench/result/cores-schema.js';
import * as result from '../../dist/lib/bench/result/result.js';

const WRAPPERS = ['nullable', 'optional', 'default', 'array'];

/** What zod keeps of a schema: that is the same however often it is described. */
export const defOf = (schema) => schema._zod.def;

/** The schema of what is in lists, or null or absent otherwise. */
function within(schema) {
  const { type, innerType, element } = defOf(schema);
  return WRAPPERS.includes(type) ? within(innerType ?? element) : schema;
}

/** The schema of a field of an object, and of a field of that, by their names. */
const fieldOf = (schema, ...names) => names.reduce((object, name) => within(within(object).shape[name]), schema);

/** By file of the folder: what it is about, and by the name of each type its comment and its schema. */
export const FILES = {
  cpus: {
    about: 'The facts of CPUs and caches.',
    types: {
      CpuType: ['What tells one kind of CPU from another. Hosts with one kind have one.', host.cpuTypeSchema],
      CpusOfHost: ['The CPUs of a host.', () => fieldOf(host.hostSchema(), 'cpu')],
      CacheFacts: ['A kind of cache of a host: which one, its size, and which CPUs share one.', host.cacheSchema],
      ReportedCache: ['A cache as the CPU reports it, where Linux tells none.', host.reportedCacheSchema],
      CacheKnee: ['A size from which on memory is slower, as measured.', host.cacheKneeSchema],
    },
  },
  host: {
    about: 'The facts of a host.',
    types: {
      MissingFact: ['A fact that is not known.', host.missingFactSchema],
      MemorySideCache: ['A cache in front of the memory of a node.', host.memorySideCacheSchema],
      NumaNode: ['A memory node.', host.numaNodeSchema],
      PagePolicy: [
        'When Linux backs memory with transparent huge pages of a size.',
        () => fieldOf(host.hostSchema(), 'memory', 'multiSizePages'),
      ],
      MemoryModules: ['Memory modules of one kind.', () => fieldOf(host.hostSchema(), 'memory', 'modules')],
      MemoryOfHost: ['Memory of a host, its pages and its limits.', () => fieldOf(host.hostSchema(), 'memory')],
      LinuxFacts: [
        'Linux on a host: its version and the choices that decide what copies cost.',
        () => fieldOf(host.hostSchema(), 'kernel'),
      ],
      SwiotlbCounters: ['What Linux tells of a slot pool of its own swiotlb, in slots.', host.swiotlbCountersSchema],
      EncryptionFacts: ['What is known of the encryption of memory.', host.encryptionSchema],
      HypervisorFacts: ['What runs a host as a guest.', () => fieldOf(host.hostSchema(), 'hypervisor')],
      HostFacts: [
        'The facts of a host: CPUs, caches, memory, Linux, the hypervisor. What is not known is null, with its ' +
          'reason in `missing`. CPUs are numbers as Linux has them, in ascending order.',
        host.hostSchema,
      ],
    },
  },
  environment: {
    about: 'The environment of a run.',
    imports: { BuildFacts: ['../../addon/addon.js', environment.addonSchema] },
    types: {
      Program: [
        'A program that calls copytax as a library: results and reports have its name and version.',
        environment.programSchema,
      ],
      ClockFacts: [
        'What a clock costs, and the smallest step that it shows.',
        () => fieldOf(environment.environmentSchema(), 'clock'),
      ],
      RefusedCounterFacts: ['A performance counter that could not be opened.', counters.refusedCounterSchema],
      CounterFacts: [
        'Which performance counters a thread of the run could open, and why not the others.',
        counters.counterFactsSchema,
      ],
      Environment: [
        'The environment of a run: versions, limits of the process, load, and what is not known of them.',
        environment.environmentSchema,
      ],
    },
  },
  prices: {
    about: 'Prices that were not measured.',
    types: {
      PriceSource: ['Where a published price can be read.', prices.priceSourceSchema],
      PagePrice: ['A price per page that was not measured here, with its source.', prices.pagePriceSchema],
    },
  },
  tables: {
    about: 'The tables in which a report shows a scenario.',
    imports: {
      LedgerKey: ['./ledger-keys.js', tables.ledgerKeySchema],
      LedgerUnit: ['./ledger-keys.js', tables.ledgerUnitSchema],
    },
    types: {
      MedianColumn: ['A column of medians.', () => tables.columnSchema().options[0]],
      ParamColumn: ['A column of a parameter.', () => tables.columnSchema().options[1]],
      LedgerColumn: ['A column of a number of the ledger.', () => tables.columnSchema().options[2]],
      Column: [
        'A column of a table of kind `columns`: the median, a parameter, or a number of the ledger.',
        tables.columnSchema,
      ],
      AcrossColumn: ['A part of the ledger in a table of kind `across`.', tables.ledgerColumnSchema],
      PlainTable: ['A table that needs nothing but its kind.', () => tables.tableSpecSchema().options[0]],
      ColumnsTable: ['A table with columns of choice.', () => tables.tableSpecSchema().options[1]],
      PairsTable: ['A table of cells beside each other, two by two.', () => tables.tableSpecSchema().options[2]],
      AcrossTable: ['A table of all cells that differ in one parameter.', () => tables.tableSpecSchema().options[3]],
      TemperatureTable: [
        'A table of second copies by the length of the queue.',
        () => tables.tableSpecSchema().options[4],
      ],
      PollutionTable: [
        'A table of what bounces cost victims, and devices that read.',
        () => tables.tableSpecSchema().options[5],
      ],
      ScalingTable: ['A table of rates by number of CPUs.', () => tables.tableSpecSchema().options[6]],
      SurfaceTable: ['Tables of copies by all that they depend on.', () => tables.tableSpecSchema().options[7]],
      LinuxSendsTable: ['A table of sends through Linux.', () => tables.tableSpecSchema().options[8]],
      TableSpec: ['A table in which a report shows a scenario, as data.', tables.tableSpecSchema],
    },
  },
  cores: {
    about: 'CPU time per byte, in cores per 100 Gbit/s.',
    types: {
      CostPart: ['A part of the cost of a cell, cores per 100 Gbit/s.', cores.costPartSchema],
      Cores: [
        'The median of the totals of rounds, cores per 100 Gbit/s, and parts that add up to it.',
        cores.coresSchema,
      ],
      DifferencePart: ['What two cells differ by in a part of their cost.', cores.differencePartSchema],
      CostDifferenceResult: [
        'What two cells of a result differ by in CPU time per byte, cores per 100 Gbit/s, formed within rounds.',
        cores.costDifferenceSchema,
      ],
      ComputedValue: ['A number that is computed from measured ones.', cores.computedValueSchema],
      ComputedRate: ['A rate that is computed, Gbit/s.', cores.computedRateSchema],
      ComputedRatio: ['A ratio of two rates that are computed.', cores.computedRatioSchema],
      LinuxControl: [
        "What designs would move with the control plane of this host's own Linux: computed, not measured.",
        cores.linuxControlSchema,
      ],
    },
  },
  cells: {
    about: 'What a result says of cells, and of what was compared.',
    imports: {
      Cores: ['./cores.js', cores.coresSchema],
      Ledger: ['./ledger-keys.js', cells.ledgerSchema],
      PagePrice: ['./prices.js', prices.pagePriceSchema],
    },
    types: {
      WarningResult: ['A warning as a file holds it.', cells.warningSchema],
      SummaryResult: ['A median with its interval.', cells.summarySchema],
      FullSpeedResult: ['What the samples say that were taken at full speed.', cells.fullSpeedSchema],
      CellResult: ['A cell of a result: its samples, and their median with its interval.', cells.cellSchema],
      FailedCell: ['A cell of a result that has no value in any sample.', cells.failedSchema],
      RatioSummaryResult: ['The median of the ratios of rounds, with its interval.', cells.ratioSummarySchema],
      RatioResult: ['A ratio of two cells of a result, formed within rounds.', cells.ratioSchema],
      PulseResult: ['How fast the CPUs were beside the samples.', cells.pulseSchema],
      SizeIntervalResult: ['A size, with its interval.', cells.sizeIntervalSchema],
      BreakEvenResult: ['Sizes at which a price is below a measured cost.', cells.breakEvenSchema],
      CrossingResult: ['Sizes at which one measured cost is below another.', cells.crossingSchema],
      DesignPromises: ['What the parts of a design imply.', cells.designPromisesSchema],
      OwnDesignResult: ['A design that is not of this package, as a report needs it.', cells.ownDesignSchema],
    },
  },
  result: {
    about: 'The result document.',
    types: {
      PoolLeftOut: ['A slot pool that a sweep had no room for.', result.poolLeftOutSchema],
      SettingsResult: ['The settings of a run as a file holds them.', result.settingsSchema],
      RoundResult: ['What happened on the host during a round.', result.roundSchema],
      ScenarioResult: ['When and how a scenario was measured, and how it is shown.', result.scenarioSchema],
      RunResult: ['One run of the instrument.', result.runSchema],
      ResultDocument: [
        'A result: everything that a run measured, with raw samples and with what is needed to judge them.',
        result.resultSchema,
        'RunResult',
      ],
    },
  },
};
