/**
 * A sampling stopwatch for control work that is far shorter than reading a clock: each section times one pass in 64
 * and scales. The price of the clock itself is measured once and taken off, and so is time spent waiting for locks
 * inside the section, which is accounted elsewhere. A pass that took longer than any control work can (the host ran
 * something else meanwhile) is not scaled: multiplied by 64 it would outweigh a whole run.
 */
import { type Cpu, TIME } from './cpu.js';

const PERIOD = 64;
const INTERRUPTED_NS = 50_000;
const CALIBRATION_ROUNDS = 201;

export class Meter {
  readonly #cpu: Cpu;
  readonly #clockNs: number;
  #passes: number;
  #begin = 0;
  #lockWaitBefore = 0;

  /** `phase` staggers meters, so that sections which follow each other are not sampled in the same pass. */
  constructor(cpu: Cpu, phase: number) {
    this.#cpu = cpu;
    this.#passes = phase % PERIOD;
    this.#clockNs = clockCost(cpu);
  }

  begin(): void {
    if (++this.#passes % PERIOD !== 0) return;
    this.#lockWaitBefore = this.#cpu.lockWaitNs;
    this.#begin = this.#cpu.clock();
  }

  end(): void {
    if (this.#passes % PERIOD !== 0) return;
    const spent = this.#cpu.clock() - this.#begin - this.#clockNs - (this.#cpu.lockWaitNs - this.#lockWaitBefore);
    this.#cpu.addTime(TIME.slotPage, spent < INTERRUPTED_NS ? spent * PERIOD : spent);
  }
}

function clockCost(cpu: Cpu): number {
  const costs: number[] = [];
  for (let i = 0; i < CALIBRATION_ROUNDS; i++) {
    const begin = cpu.clock();
    costs.push(cpu.clock() - begin);
  }
  return costs.sort((a, b) => a - b)[CALIBRATION_ROUNDS >> 1]!;
}
