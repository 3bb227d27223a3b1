/**
 * Records what has been measured, and makes the result document of it at any time: after a scenario, at the end, or
 * when the run is interrupted. Samples are kept raw, and summaries are made with the document.
 */

import { fileNameOf, ownDesigns } from '../../designs/own-designs.js';
import type { HostFacts } from '../facts/host-schema.js';
import { type Environment, environmentSchema } from '../host/environment.js';
import type { Scenario } from '../plan/scenario.js';
import type { BenchSettings } from '../plan/settings.js';
import { linuxControlOf } from '../statistics/linux-control.js';
import { FULL_SPEED_FACTOR, fastestPulses, isAtFullSpeed } from './full-speed.js';
import { type OwnDesignResult, RESULT_SCHEMA, type ResultDocument, settingsSchema } from './result.js';
import { ScenarioRecord } from './scenario-record.js';
import { judge } from './warning-rules.js';

/** Returns what the result says of the measured designs that are not of this package; undefined if there are none. */
function ownDesignsOf({ designs }: BenchSettings): OwnDesignResult[] | undefined {
  const measured = ownDesigns().filter(({ name }) => designs.includes(name));
  if (measured.length === 0) return undefined;
  return measured.map(({ name, module, design: { idea, promises } }) => {
    const { bounceCopies, holdsSlots } = promises;
    return { name, idea, module: fileNameOf(module), promises: { bounceCopies, holdsSlots } };
  });
}

function clockFromNow(): () => number {
  const began = performance.now();
  return () => performance.now() - began;
}

/** Records a run, and makes result documents of it at any time. Owner: the run, on the main thread. */
export class Recorder {
  /** For `machine` of the document. */
  readonly host: HostFacts;
  /** For `environment` of the document. */
  readonly environment: Environment;
  /** Of the run: `runScenarios` reads its budget from them. */
  readonly settings: BenchSettings;
  /** What has noticed pauses of the process, or null: `runScenarios` sets it. */
  standstill: {
    /** Milliseconds in which the process has stood still so far. */
    readonly stoodMs: number;
  } | null = null;
  #records: ScenarioRecord[] = [];
  readonly #now: () => number;

  /** `now` returns milliseconds since the run was called for. Default: since this call. */
  constructor(host: HostFacts, environment: Environment, settings: BenchSettings, now: () => number = clockFromNow()) {
    this.host = host;
    this.environment = environmentSchema().parse(environment);
    this.settings = settings;
    this.#now = now;
  }

  /** Starts the record of the next scenario. */
  begin(scenario: Scenario): ScenarioRecord {
    const record = new ScenarioRecord(scenario);
    this.#records.push(record);
    return record;
  }

  /** Drops the record of a scenario that could not begin, and will begin again later. */
  forget(record: ScenarioRecord): void {
    this.#records = this.#records.filter((other) => other !== record);
  }

  /** True if nothing ever moved in the samples of some cell. */
  get hasFailedCells(): boolean {
    return this.#records.some((record) => record.failed().some(({ why }) => why === 'nothing moved'));
  }

  /** Returns a document of its own, which later samples do not change. */
  document(state: { complete: boolean; interrupted: boolean }): ResultDocument {
    const { seed } = this.settings;
    const pulses = this.#records.flatMap((record) => record.pulses()).filter(({ length }) => length > 0);
    const fastest = fastestPulses(pulses);
    const results = this.#records.flatMap((record) => record.results(fastest));
    const ratios = this.#records.flatMap((record) => record.ratios(fastest));
    const document: ResultDocument = {
      schema: RESULT_SCHEMA,
      sampledBy: 'round',
      machine: this.host,
      environment: this.environment,
      settings: settingsSchema().parse(this.settings),
      ownDesigns: ownDesignsOf(this.settings),
      scenarios: this.#records.map((record) => record.summary()),
      pulse: {
        factor: FULL_SPEED_FACTOR,
        fastestNs: fastest,
        samples: pulses.length,
        atFullSpeed: pulses.filter((ns) => isAtFullSpeed(ns, fastest)).length,
      },
      results,
      failed: this.#records.flatMap((record) => record.failed()),
      ratios,
      breakEvens: this.#records.flatMap((record) => record.breakEvens(seed)),
      costDifferences: this.#records.flatMap((record) => record.costDifferences()),
      crossings: this.#records.flatMap((record) => record.crossings(seed)),
      linuxControl: linuxControlOf(results, ratios) ?? undefined,
      warnings: [],
      seconds: this.#now() / 1000,
      stoodStillMs: this.standstill?.stoodMs,
      ...state,
    };
    return { ...document, warnings: judge(document) };
  }
}
