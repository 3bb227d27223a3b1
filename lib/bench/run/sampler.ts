/** Takes samples of cells, with the pulse of the CPU beside each, and again where the process stood still meanwhile. */
import { CopytaxError } from '../../errors.js';
import type { Cell, Sample } from '../plan/scenario.js';
import type { Taken } from '../result/scenario-record.js';
import type { StandstillWatch } from './standstill.js';
import { withinTime } from './within-time.js';

export interface SamplerSources {
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** How fast the CPU of this thread is, nanoseconds per step of the pulse. */
  readonly pulse: () => number;
  readonly watch: Pick<StandstillWatch, 'begin' | 'stoodStill'>;
  /** Milliseconds that a sample may take. */
  readonly limitMs: number;
}

/** A host that stops the process more often than this is measured as it is, and the result says how often. */
const MOST_REPEATS = 3;
/** How often a sample is tried in which nothing moves: a quota may stop all threads for as long as one takes. */
const MOST_TRIES = 3;

/** Checked here, where the cell is still known: a result file has no place for what is not a number. */
function requireNumbers(cell: Cell, sample: Sample | undefined): void {
  const { value, durationMs, pulseNs = [] } = sample ?? { value: Number.NaN, durationMs: Number.NaN };
  const isValue = value === null || Number.isFinite(value);
  const isTime = Number.isFinite(durationMs) && durationMs >= 0;
  if (isValue && isTime && pulseNs.every((ns) => Number.isFinite(ns) && ns > 0)) return;
  const pulses = pulseNs.length > 0 ? `, with pulses of ${pulseNs.join(' and ')} ns` : '';
  const what = sample === undefined ? 'nothing' : `${value} ${cell.unit} after ${durationMs} ms${pulses}`;
  throw new CopytaxError('ERR_SCENARIO', `${cell.id} returned ${what}, which is not a measurement`, { id: cell.id });
}

/** True of a sample that was given up while it still runs: the cell cannot take another one beside it. */
const stillRuns = (error: unknown) => (error as { code?: unknown }).code === 'ERR_TIMED_OUT';

/** Owner: a run, on the main thread; one sample at a time. */
export class Sampler {
  readonly #sources: SamplerSources;
  /** The last pulse of this thread, unless anything else ran since: one between two samples serves both. */
  #pulseNs: number | null = null;

  constructor(sources: SamplerSources) {
    this.#sources = sources;
  }

  /** Forgets the last pulse, because something else runs before the next sample. */
  pause(): void {
    this.#pulseNs = null;
  }

  /**
   * Resolves to a sample of the cell, the third one if nothing moved in two, for no reason that the cell tells, or to
   * null when the signal came. `why`: what may be the reason if it does not end. Rejects with the error of the cell,
   * with ERR_SCENARIO if it returned something that is not a finite number, and with ERR_TIMED_OUT.
   */
  async take(cell: Cell, why = ''): Promise<Taken | null> {
    const { signal, now, watch } = this.#sources;
    let repeats = 0;
    for (let tries = 1; ; ) {
      watch.begin();
      const startedMs = now();
      const taken = await this.#sampleOnce(cell, why).then(
        (sample) => ({ sample }),
        (error: unknown) => ({ error }),
      );
      const mayRepeat = repeats < MOST_REPEATS && !signal.aborted && !('error' in taken && stillRuns(taken.error));
      const isSpoilt = (await watch.stoodStill()) && mayRepeat;
      if (signal.aborted) return null;
      if (isSpoilt) {
        repeats++;
        continue;
      }
      if ('error' in taken) throw taken.error;
      const { value, whyNone } = taken.sample;
      if (value === null && whyNone === undefined && tries++ < MOST_TRIES) continue;
      return { sample: taken.sample, startedMs, repeats };
    }
  }

  async #sampleOnce(cell: Cell, why: string): Promise<Sample> {
    const { signal, pulse, limitMs } = this.#sources;
    const before = this.#pulseNs ?? pulse();
    this.#pulseNs = null;
    const sample = await withinTime(cell.sample(signal), limitMs, cell.id, why);
    requireNumbers(cell, sample);
    if (sample.pulseNs !== undefined) return sample;
    this.#pulseNs = pulse();
    return { ...sample, pulseNs: [Math.max(before, this.#pulseNs)] };
  }
}
