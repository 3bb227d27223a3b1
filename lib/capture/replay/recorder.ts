/**
 * What the mappings of a capture are, as they are told: counts of who bounced, and the steps that a driver takes. Steps
 * are handed over in portions, and kept as long as they are few, so that a short capture can be replayed repeatedly.
 * Owner: one reader.
 */
import type { CapturedMapping, MappingSink } from '../mappings/captured-mapping.js';
import type { Timeline } from '../occupancy/timeline.js';
import { Lifetimes } from './lifetimes.js';
import type { Step } from './replay-driver.js';
import { Shares } from './shares.js';

/** Steps up to which a capture is short: they are kept. */
const MOST_KEPT = 100_000;

export class Recorder implements MappingSink {
  readonly shares = new Shares();
  readonly lifetimes = new Lifetimes();
  readonly #timeline: Timeline;
  #portion: Step[] = [];
  #kept: Step[] | null = [];
  #firstNs = Number.POSITIVE_INFINITY;
  #lastNs = Number.NEGATIVE_INFINITY;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  attempt(mapping: CapturedMapping): void {
    this.#see(mapping.timeNs);
    this.shares.count(mapping);
    this.#timeline.bounce(mapping.timeNs, mapping.size, mapping.context === 'softirq');
  }

  map(mapping: CapturedMapping): void {
    this.#add({ kind: 'map', timeNs: mapping.timeNs, mapping });
  }

  fail(mapping: CapturedMapping): void {
    this.#see(mapping.timeNs);
  }

  unmap(mapping: CapturedMapping, timeNs: number): void {
    this.lifetimes.ended(mapping, timeNs);
    this.#add({ kind: 'unmap', timeNs, mapping });
  }

  unmapEarlier(slots: number, timeNs: number): void {
    this.#add({ kind: 'earlier', timeNs, slots });
  }

  /** Returns the steps since the last call. */
  take(): readonly Step[] {
    const portion = this.#portion;
    this.#portion = [];
    if (this.#kept !== null) {
      if (this.#kept.length + portion.length > MOST_KEPT) this.#kept = null;
      else for (const step of portion) this.#kept.push(step);
    }
    return portion;
  }

  /** All steps that were taken; null if they were too many to be kept. */
  get kept(): readonly Step[] | null {
    return this.#kept;
  }

  /** From the first event to the last. */
  get durationNs(): number {
    return this.#lastNs > this.#firstNs ? this.#lastNs - this.#firstNs : 0;
  }

  /** Time of the last event; 0 without any. */
  get lastNs(): number {
    return Math.max(0, this.#lastNs);
  }

  #add(step: Step): void {
    this.#see(step.timeNs);
    this.#portion.push(step);
  }

  #see(timeNs: number): void {
    this.#firstNs = Math.min(this.#firstNs, timeNs);
    this.#lastNs = Math.max(this.#lastNs, timeNs);
  }
}
