/**
 * The devices of a machine, and what its sockets know of them.
 * Every thread builds its own over the same arena. Queue i belongs to device 1 + i mod `devices.count`; the last `devices.direct`
 * of them reach all memory, so that nothing that goes through them teaches a socket to take bounce pages.
 */

import { DeviceTable } from '../../device/device-table.js';
import { type DmaDevice, networkDevice } from '../../dma/device.js';
import type { Design } from '../../net/designs.js';
import { LearnedDevices } from '../../net/learned-device.js';
import { PercentLimit } from '../../page/percent-limit.js';
import type { Arena } from '../../smp/arena.js';
import type { Swiotlb } from '../../swiotlb/swiotlb.js';
import { expectBalance } from '../check/balance.js';
import type { MachineConfig } from './config.js';

export class NetworkDevices {
  /** Device 1, 2, ... */
  readonly all: readonly DmaDevice[];
  /** The device of each queue. */
  readonly ofQueues: readonly DmaDevice[];
  readonly table: DeviceTable;
  readonly percentLimit: PercentLimit;
  readonly learned: LearnedDevices;
  readonly #config: MachineConfig;

  constructor(arena: Arena, config: MachineConfig, design: Design, swiotlb: Swiotlb) {
    const { flavour, cpus } = config;
    const { senders, ttlMs } = config.sockets;
    const { count, direct, coherent, queues } = config.devices;
    this.#config = config;
    this.all = Array.from({ length: count }, (_, index) => {
      const bounces = design.forceBounce && index < count - direct;
      return networkDevice(bounces, { name: `eth${index}`, number: index + 1, index, isCoherent: coherent });
    });
    this.ofQueues = Array.from({ length: queues }, (_, queue) => this.all[queue % count]!);
    this.table = new DeviceTable(arena, count, cpus.count, flavour);
    this.percentLimit = new PercentLimit(arena, flavour, swiotlb, cpus.count);
    this.learned = new LearnedDevices(arena, { sockets: senders, flavour, ttlMs }, this.table, this.percentLimit);
  }

  reset(): void {
    const { sockets, slotPool, devices } = this.#config;
    const { senders, zeroCopySenders, privateSenders, learn } = sockets;
    this.table.reset();
    this.percentLimit.reset(slotPool.pagePercent);
    this.learned.reset();
    for (let socket = 0; socket < senders; socket++) {
      if (socket < zeroCopySenders) this.learned.exclude(socket);
      if (socket < privateSenders) this.learned.keepPrivate(socket);
      const device = this.ofQueues[socket % devices.queues]!;
      if (learn === 'told' && device.forceBounce && socket >= zeroCopySenders) {
        this.learned.tell(socket, device.number);
      }
    }
  }

  /** Every socket is closed, and the worker makes the puts that were left to it. Nobody may be sending. */
  closeSockets(): void {
    for (let socket = 0; socket < this.#config.sockets.senders; socket++) this.learned.close(socket);
    this.table.runDeferred();
  }

  /** With all sockets closed and all pages freed: nobody holds a device but itself. ERR_UNBALANCED. */
  assertBalanced(): void {
    for (const { name, number } of this.all) {
      const own = this.table.isRemoved(number) ? 0 : 1;
      const holders = this.table.refs(number) - this.table.leaked(number) - this.table.stocked(number);
      expectBalance(`references of ${name}`, holders, own);
    }
    expectBalance('slots reserved for pages', this.percentLimit.taken, 0);
  }
}
