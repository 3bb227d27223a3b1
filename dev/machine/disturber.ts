/**
 * Changes a machine while it sends: sets the share of the slot pool that pages may take, removes a device that nothing
 * is sent to, lets another device map something of a socket, or makes the puts that were left to a worker.
 * A device that is sent to stays, because its driver holds it: the model has no reference for that.
 * Source: docs/spec/tx-path.md#races. Owner: one thread, which takes turns with the others.
 */

import type { System } from '../../lib/machine/build/system.js';
import { type Random, random, randomInt } from '../../lib/random.js';
import { Cpu } from '../../lib/smp/cpu.js';
import type { Disturbance } from './explored-machine.js';
import type { Role } from './role.js';

const KINDS = 8;
/** The first of the kinds that concern devices. */
const FIRST_OF_DEVICES = 4;

/** The largest number of steps that do nothing between two disturbances. */
const MAX_WAITS = 24;

export class Disturber implements Role {
  readonly cpu: Cpu;
  readonly senders = [];
  readonly #system: System;
  readonly #next: Random;
  /** Numbers of the devices that bounce. */
  readonly #bouncing: readonly number[];
  /** The bouncing devices that no sender sends to. */
  readonly #idle: readonly number[];
  readonly #kinds: number;
  #left: number;
  #waits = 0;

  constructor(system: System, { seed, times, sparesDevices = false }: Disturbance) {
    const { config, cpus, copyLedger, devices } = system;
    // This role takes no lock: the background worker may have the same CPU.
    this.cpu = new Cpu(config.cpus.count + 1, cpus, copyLedger);
    this.#system = system;
    this.#next = random(seed);
    this.#bouncing = devices.all.filter((device) => device.forceBounce).map((device) => device.number);
    const used = new Set(
      Array.from({ length: config.sockets.senders }, (_, socket) => devices.ofQueues[socket % config.devices.queues]),
    );
    this.#idle = this.#bouncing.filter((number) => ![...used].some((device) => device!.number === number));
    this.#kinds = sparesDevices ? FIRST_OF_DEVICES : KINDS;
    this.#left = times;
  }

  get finished(): boolean {
    return this.#left === 0 || this.#system.cpus.isDraining();
  }

  step(): boolean {
    if (this.finished) return false;
    if (this.#waits > 0) {
      this.#waits--;
      return false;
    }
    this.#waits = randomInt(this.#next, MAX_WAITS + 1);
    this.#left--;
    this.#disturb();
    return true;
  }

  exitSenders(): void {
    this.#left = 0;
  }

  #disturb(): void {
    const { config, devices } = this.#system;
    const { percentLimit, table, learned } = devices;
    const one = (devices: readonly number[]) => devices[randomInt(this.#next, Math.max(1, devices.length))];
    const device = one(this.#bouncing);
    const idle = one(this.#idle);
    const kind = randomInt(this.#next, this.#kinds);
    const { pagePercent } = config.slotPool;
    if (kind < 3) percentLimit.percent = kind === 0 ? pagePercent : randomInt(this.#next, pagePercent + 1);
    else if (kind === 3) table.runDeferred();
    else if (kind === 4 || device === undefined)
      table.setSerial(table.serial + 1); // as when some other device is removed
    else if (kind === 5 && idle !== undefined) table.remove(idle);
    else if (!table.isRemoved(device)) {
      this.cpu.txDevice = device;
      learned.teach(this.cpu, randomInt(this.#next, config.sockets.senders), device);
    }
  }
}
