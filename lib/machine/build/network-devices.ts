/**
 * The network devices of a machine, and what its sockets know of them.
 * Threads: each builds its own over the same arena. Queue i belongs to device 1 + i mod `devices.count`; the last
 * `devices.direct` of them reach all memory, so that no packet through them teaches a socket to take bounce pages.
 */

import type { Design } from '../../designs/design.js';
import { DeviceTable } from '../../device/device-table.js';
import { type DmaDevice, networkDevice } from '../../dma/device.js';
import { LearnedDevices } from '../../net/learned-device.js';
import { PercentLimit } from '../../page/percent-limit.js';
import type { Arena } from '../../smp/arena.js';
import type { Swiotlb } from '../../swiotlb/swiotlb.js';
import type { MachineConfig } from './config.js';

/** The network devices of a machine. */
export class NetworkDevices {
  /** Device 1, device 2 and so on. */
  readonly all: readonly DmaDevice[];
  /** The device of each queue. */
  readonly ofQueues: readonly DmaDevice[];
  /** References to the devices. */
  readonly table: DeviceTable;
  /** How much of the slot pool pages may take. */
  readonly percentLimit: PercentLimit;
  /** What sockets have learned of the devices. */
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

  /** Empties their tables. One thread, before any other uses them. */
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
        this.learned.preset(socket, device.number);
      }
    }
  }

  /** Closes every socket, and makes the deferred puts of devices. No CPU may be sending. */
  closeSockets(): void {
    for (let socket = 0; socket < this.#config.sockets.senders; socket++) this.learned.close(socket);
    this.table.runDeferred();
  }
}
