/** The same mappings with other times for which they are held, where a capture does not tell when they ended. */
import type { Holds } from '../occupancy/hold-queue.js';
import type { PoolShape } from '../occupancy/pool-use.js';
import { ReplayDriver, type Step } from './replay-driver.js';

/** Relative to what is assumed. */
const FACTORS = [0.01, 0.1, 10, 100];

/** How full the slot pool was if mappings were held for that long. */
export interface HeldFor {
  /** Of devices without a time of their own; those of others are longer or shorter by the same factor. */
  readonly holdNs: number;
  /** Most slots in use at a time. */
  readonly highWater: number;
  /** Slots in use at the end. */
  readonly endUsed: number;
  /** Mappings that found no slots. */
  readonly failed: number;
}

/** Owner: one replay. */
export class Sweep {
  readonly #make: () => { readonly holdNs: number; readonly driver: ReplayDriver }[];
  /** Null until it is known whether ends are told; empty if they are. */
  #arms: { readonly holdNs: number; readonly driver: ReplayDriver }[] | null = null;

  constructor(shape: PoolShape, startUsed: number, holds: Holds) {
    this.#make = () =>
      FACTORS.map((factor) => ({
        holdNs: holds.defaultNs * factor,
        driver: new ReplayDriver(shape, startUsed, scaled(holds, factor), null),
      }));
  }

  take(steps: readonly Step[]): void {
    if (this.#arms === null) {
      const first = steps.find(({ kind }) => kind === 'map');
      if (first === undefined || first.kind !== 'map') return;
      this.#arms = first.mapping.slot === null ? this.#make() : [];
    }
    for (const { driver } of this.#arms) for (const step of steps) driver.step(step);
  }

  /** Returns how full the pool was for each time, the shortest first. */
  end(): HeldFor[] {
    return (this.#arms ?? []).map(({ holdNs, driver: { pool } }) => ({
      holdNs,
      highWater: pool.highWater,
      endUsed: pool.used,
      failed: pool.failed,
    }));
  }
}

function scaled({ defaultNs, byDevice }: Holds, factor: number): Holds {
  return {
    defaultNs: defaultNs * factor,
    byDevice: new Map([...byDevice].map(([device, ns]) => [device, ns * factor])),
  };
}
