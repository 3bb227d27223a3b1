/**
 * Which source is asked first for the next page of a socket.
 * Models: step 3 1/2 of the patch's refill: docs/spec/tx-path.md#refill-with-a-socket.
 * Owner: the thread of its CPU; the caller of `sourceFor` holds the socket lock.
 */

import { NO_DEVICE } from '../device/device-table.js';
import type { PageSource } from '../page/page-source.js';
import type { Cpu } from '../smp/cpu.js';
import type { LearnedDevices } from './learned-device.js';

/** Which source is asked first for the next page of a socket. */
export interface PageChoice {
  /** True if a task drops its current page when the socket would ask another source than the page came from. */
  readonly isStrict: boolean;
  /** The source to ask first. */
  sourceFor(socket: number): PageSource;
  /** True if the host may see the payload of the socket. */
  isPublic(socket: number): boolean;
}

/** Every socket's pages come from one source. */
export class OneSource implements PageChoice {
  readonly isStrict = false;
  readonly #source: PageSource;

  constructor(source: PageSource) {
    this.#source = source;
  }

  sourceFor(_socket: number): PageSource {
    return this.#source;
  }

  isPublic(_socket: number): boolean {
    return true;
  }
}

/** A socket that knows which device bounces for it asks for pages of that device. */
export class LearnedSource implements PageChoice {
  readonly isStrict: boolean;
  readonly #cpu: Cpu;
  readonly #learned: LearnedDevices;
  readonly #ordinary: PageSource;
  readonly #ofDevices: readonly PageSource[];

  /** `ofDevices`: the sources of pages of device 1, 2, ... */
  constructor(cpu: Cpu, learned: LearnedDevices, ordinary: PageSource, ofDevices: readonly PageSource[]) {
    this.isStrict = learned.flavour === 'hardened';
    this.#cpu = cpu;
    this.#learned = learned;
    this.#ordinary = ordinary;
    this.#ofDevices = ofDevices;
  }

  sourceFor(socket: number): PageSource {
    const device = this.#learned.usable(this.#cpu, socket);
    return device === NO_DEVICE ? this.#ordinary : this.#ofDevices[device - 1]!;
  }

  isPublic(socket: number): boolean {
    return !this.#learned.isPrivate(socket);
  }
}
