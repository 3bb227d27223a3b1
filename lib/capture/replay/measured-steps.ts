/**
 * Takes the steps of a replay and measures them: the copies by native clocks, what is around them by the time of many
 * steps together. Owner: one thread.
 */
import { type Summary, summarize } from '../../bench/statistics/statistics.js';
import type { CapturedMapping } from '../mappings/captured-mapping.js';
import type { CopyCosts } from './copy-costs.js';
import { type ClassCounts, countCopy, noCopies } from './copy-prices.js';
import type { Copy, ReplayDriver, Step } from './replay-driver.js';
import { deviceName, MOST_ROWS, OTHERS } from './shares.js';

/** Mappings that are timed together. */
const MAPPINGS_OF_PART = 256;
/** Parts that are kept for the summary; those beyond are as good as these. */
const MOST_PARTS = 4096;

/** Receives how full the slot pool was before and after a step. */
export type OnUse = (timeNs: number, before: number, after: number) => void;

export class MeasuredSteps {
  readonly costs: CopyCosts;
  readonly #isTransmit: (mapping: CapturedMapping) => boolean;
  readonly #devices = new Map<string, ClassCounts>();
  readonly #cpus = new Map<string, ClassCounts>();
  readonly #aroundNs: number[] = [];
  #before: number[] = [];
  #after: number[] = [];
  /** All copies, and those of what is transmitted. */
  readonly all = noCopies();
  readonly transmitted = noCopies();
  /** Bytes of what is transmitted. */
  transmittedBytes = 0;

  constructor(costs: CopyCosts, isTransmit: (mapping: CapturedMapping) => boolean) {
    this.costs = costs;
    this.#isTransmit = isTransmit;
  }

  /** What the driver copies by whose steps these are. */
  readonly copy: Copy = (toSlots, mapping, address) => {
    const { size } = mapping;
    this.costs.copy(toSlots, mapping.address, address, size);
    countCopy(this.all, size);
    countCopy(rowOf(this.#devices, deviceName(mapping.device)), size);
    countCopy(rowOf(this.#cpus, String(mapping.cpu)), size);
    if (!toSlots || !this.#isTransmit(mapping)) return;
    countCopy(this.transmitted, size);
    this.transmittedBytes += size;
  };

  /** Takes steps without a pause. `onUse` is called afterwards, so that it costs none of the time that is measured. */
  take(driver: ReplayDriver, steps: readonly Step[], onUse?: OnUse): void {
    let from = 0;
    while (from < steps.length) {
      const to = this.#takePart(driver, steps, from);
      if (onUse !== undefined) {
        for (let at = from; at < to; at++) onUse(steps[at]!.timeNs, this.#before[at - from]!, this.#after[at - from]!);
      }
      from = to;
    }
  }

  /** Nanoseconds of all that is around the copy of a mapping, without the native call; null if it was not measured. */
  searchNs(callNs: number): Summary | null {
    if (this.#aroundNs.length === 0) return null;
    return summarize(this.#aroundNs.map((ns) => Math.max(0, ns - callNs)));
  }

  /** Copies of a device, by the name of its row. */
  ofDevice(name: string): ClassCounts {
    return this.#devices.get(name) ?? noCopies();
  }

  ofCpu(number: string): ClassCounts {
    return this.#cpus.get(number) ?? noCopies();
  }

  #takePart(driver: ReplayDriver, steps: readonly Step[], from: number): number {
    const [mapsBefore, copyNsBefore, before] = [driver.maps, this.costs.totalNs, this.costs.now()];
    let at = from;
    while (at < steps.length && driver.maps - mapsBefore < MAPPINGS_OF_PART) {
      driver.step(steps[at]!);
      this.#before[at - from] = driver.usedBefore;
      this.#after[at - from] = driver.pool.used;
      at++;
    }
    const aroundNs = this.costs.now() - before - (this.costs.totalNs - copyNsBefore);
    const maps = driver.maps - mapsBefore;
    if (maps === MAPPINGS_OF_PART && this.#aroundNs.length < MOST_PARTS) {
      this.#aroundNs.push(Math.max(0, aroundNs) / maps);
    }
    this.costs.endPart();
    return at;
  }
}

function rowOf(rows: Map<string, ClassCounts>, name: string): ClassCounts {
  const found = rows.get(name);
  if (found !== undefined) return found;
  if (rows.size >= MOST_ROWS && name !== OTHERS) return rowOf(rows, OTHERS);
  const row = noCopies();
  rows.set(name, row);
  return row;
}
