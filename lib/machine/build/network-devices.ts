/**
 * The devices of a machine, and what its sockets know of them.
 * Every thread builds its own over the same arena. Queue i belongs to device 1 + i mod `devices`; the last `directDevices`
 * of them reach all memory, so that nothing that goes through them teaches a socket to take bounce pages.
 */
import { type DmaDevice, networkDevice } from '../../dma/device.js';
import type { Design } from '../../net/designs.js';
import { LearnedDevices } from '../../net/learned-device.js';
import { ShareLimit } from '../../page/share-limit.js';
import type { Arena } from '../../smp/arena.js';
import { DeviceTable } from '../../device/device-table.js';
import type { Swiotlb } from '../../swiotlb/swiotlb.js';
import { expectBalance } from '../check/balance.js';
import type { MachineConfig } from './config.js';

export class NetworkDevices {
  /** Device 1, 2, ... */
  readonly all: readonly DmaDevice[];
  /** The device of each queue. */
  readonly ofQueues: readonly DmaDevice[];
  readonly table: DeviceTable;
  readonly share: ShareLimit;
  readonly learned: LearnedDevices;
  readonly #config: MachineConfig;

  constructor(arena: Arena, config: MachineConfig, design: Design, swiotlb: Swiotlb) {
    const { devices, directDevices, coherent, senders, flavour, ttlMs } = config;
    this.#config = config;
    this.all = Array.from({ length: devices }, (_, index) => {
      const bounces = design.forceBounce && index < devices - directDevices;
      return networkDevice(bounces, { name: `eth${index}`, number: index + 1, index, isCoherent: coherent });
    });
    this.ofQueues = Array.from({ length: config.queues }, (_, queue) => this.all[queue % devices]!);
    this.table = new DeviceTable(arena, devices, config.cpus, flavour);
    this.share = new ShareLimit(arena, flavour, swiotlb, config.cpus);
    this.learned = new LearnedDevices(arena, { sockets: senders, flavour, ttlMs }, this.table, this.share);
  }

  reset(): void {
    const { percent, senders, excludedSenders, privateSenders, queues, learn } = this.#config;
    this.table.reset();
    this.share.reset(percent);
    this.learned.reset();
    for (let socket = 0; socket < senders; socket++) {
      if (socket < excludedSenders) this.learned.exclude(socket);
      if (socket < privateSenders) this.learned.keepPrivate(socket);
      const device = this.ofQueues[socket % queues]!;
      if (learn === 'told' && device.forceBounce && socket >= excludedSenders) {
        this.learned.tell(socket, device.number);
      }
    }
  }

  /** Every socket is closed, and the worker makes the puts that were left to it. Nobody may be sending. */
  closeSockets(): void {
    for (let socket = 0; socket < this.#config.senders; socket++) this.learned.close(socket);
    this.table.runDeferred();
  }

  /** With all sockets closed and all pages freed: nobody holds a device but itself. ERR_UNBALANCED. */
  assertBalanced(): void {
    for (const { name, number } of this.all) {
      const own = this.table.isRemoved(number) ? 0 : 1;
      const holders = this.table.refs(number) - this.table.leaked(number) - this.table.stocked(number);
      expectBalance(`references of ${name}`, holders, own);
    }
    expectBalance('slots reserved for pages', this.share.taken, 0);
  }
}
