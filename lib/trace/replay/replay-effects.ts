/**
 * What an operation of a trace causes besides its results: copies, warnings, and requests to the page allocator, to
 * which the trace says the results. Owner: one thread.
 */

import type { Cpu } from '../../smp/cpu.js';
import { type BlockSource, NO_BLOCK } from '../../swiotlb/pools/block-source.js';
import type { BounceSink, BounceWarning } from '../../swiotlb/synchronous-mapping.js';
import type { BlockRequest, Copy } from '../format/operation.js';

const WARNINGS: Readonly<Record<BounceWarning, string>> = {
  full: 'F',
  alignment: 'A',
  clamped: 'B',
  'out-of-reach': 's',
};
/** The background worker got no slot pool. */
const NO_NEW_POOL = 'P';
const NONE: readonly BlockRequest[] = [];

export class ReplayEffects implements BounceSink, BlockSource {
  readonly #poolStart: (address: number) => number;
  // Of the current operation. Lists are made when there is something to list, because few operations have any.
  #copies: Copy[] | undefined;
  #blocks: BlockRequest[] | undefined;
  #warnings = '';
  #recorded = NONE;

  /** `poolStart` returns the start of the slot pool of a bounce address. */
  constructor(poolStart: (address: number) => number) {
    this.#poolStart = poolStart;
  }

  /** Begins another operation, with the recorded requests to the page allocator. */
  begin(recorded: readonly BlockRequest[] | undefined): void {
    this.#copies = undefined;
    this.#blocks = undefined;
    this.#warnings = '';
    this.#recorded = recorded ?? NONE;
  }

  get copies(): readonly Copy[] | undefined {
    return this.#copies;
  }

  get blocks(): readonly BlockRequest[] | undefined {
    return this.#blocks;
  }

  /** One letter for each warning, or undefined. */
  get warnings(): string | undefined {
    return this.#warnings === '' ? undefined : this.#warnings;
  }

  copy(toDevice: boolean, original: number, bounce: number, bytes: number): void {
    this.#copies ??= [];
    this.#copies.push([toDevice ? 1 : 0, original, bounce - this.#poolStart(bounce), bytes]);
  }

  warn(warning: BounceWarning): void {
    this.#warnings += WARNINGS[warning];
  }

  warnOfNoNewPool(): void {
    this.#warnings += NO_NEW_POOL;
  }

  /** Returns the recorded result of the next request, if that is the same request. */
  alloc(_cpu: Cpu, order: number, zone: number): number {
    this.#blocks ??= [];
    const next = this.#recorded[this.#blocks.length];
    const address = next !== undefined && next[0] === order && next[1] === zone ? next[2] : NO_BLOCK;
    this.#blocks.push([order, zone, address]);
    return address;
  }

  free(): void {}
}
