/**
 * A sampling stopwatch for control work that is far shorter than reading a clock: each section times one pass in 64 and
 * scales it. A timed pass begins when earlier stores have left the CPU. The cost of the clock itself is measured once
 * and subtracted, and so is time spent waiting for locks inside the section, which is accounted elsewhere. A pass that
 * took longer than any control work can, because the host ran something else meanwhile, is not scaled: multiplied by 64
 * it would outweigh all other passes.
 */
import { type Cpu, TIME } from './cpu.js';

const PERIOD = 64;
const INTERRUPTED_NS = 50_000;
const CALIBRATION_ROUNDS = 201;

/** A stopwatch for sections far shorter than reading a clock: it times one pass in 64. Owner: the thread of its CPU. */
export class Meter {
  readonly #cpu: Cpu;
  readonly #kind: number;
  readonly #clockNs: number;
  #passes: number;
  #begin = 0;
  #lockWaitBefore = 0;

  /**
   * @param phase staggers meters, so that sections which follow each other are not sampled in the same pass
   * @param kind where the time is entered, of `TIME`
   */
  constructor(cpu: Cpu, phase: number, kind: number = TIME.slotPage) {
    this.#cpu = cpu;
    this.#kind = kind;
    this.#passes = phase % PERIOD;
    this.#clockNs = clockCost(cpu);
  }

  /** Begins a pass. True when it is timed. */
  begin(): boolean {
    if (++this.#passes % PERIOD !== 0) return false;
    this.#lockWaitBefore = this.#cpu.lockWaitNs;
    this.#begin = this.#cpu.clock();
    return true;
  }

  /** Ends a pass, of which `copyNs` were spent on copies. */
  end(copyNs = 0): void {
    if (this.#passes % PERIOD !== 0) return;
    const lockWait = this.#cpu.lockWaitNs - this.#lockWaitBefore;
    const spent = this.#cpu.clock() - this.#begin - this.#clockNs - lockWait - copyNs;
    this.#cpu.addTime(this.#kind, spent < INTERRUPTED_NS ? spent * PERIOD : spent);
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
