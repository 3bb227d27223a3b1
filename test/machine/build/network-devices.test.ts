import { describe, expect, it } from '@jest/globals';
import { NO_DEVICE } from '../../../lib/device/device-table.js';
import { type MachineOptions, machineConfig, mergeOptions } from '../../../lib/machine/build/config.js';
import { System } from '../../../lib/machine/build/system.js';
import { Arena } from '../../../lib/smp/arena.js';
import { Cpu } from '../../../lib/smp/cpu.js';

function devicesOf(given: MachineOptions) {
  const small = {
    design: 'bounce-pages',
    cpus: { copyKernel: 0 },
    sockets: { sendBufferBytes: 1 << 16, userBufferBytes: 1 << 17 },
    slotPool: { bytes: 1 << 20 },
  } as const;
  const config = machineConfig(small, given);
  const system = new System(
    Arena.for((counting) => new System(counting, config)),
    config,
  );
  system.reset();
  return { devices: system.devices, cpu: new Cpu(0, system.cpus, system.copyLedger) };
}

const known = ({ devices, cpu }: ReturnType<typeof devicesOf>, sockets: number) =>
  Array.from({ length: sockets }, (_, socket) => devices.learned.usable(cpu, socket));

describe('NetworkDevices', () => {
  it('gives each queue a device, of which the last ones reach all memory', () => {
    const { devices } = devicesOf({ sockets: { senders: 4 }, devices: { count: 3, direct: 1, queues: 4 } });
    expect(devices.all.map(({ name, forceBounce }) => [name, forceBounce])).toEqual([
      ['eth0', true],
      ['eth1', true],
      ['eth2', false],
    ]);
    expect(devices.ofQueues.map(({ number }) => number)).toEqual([1, 2, 3, 1]);
  });

  it('has no device that bounces where the design does not', () => {
    const { devices } = devicesOf({ design: 'direct', sockets: { senders: 2 }, devices: { count: 2, queues: 2 } });
    expect(devices.all.map(({ forceBounce }) => forceBounce)).toEqual([false, false]);
  });

  it('tells sockets of their device where the configuration says so, if it bounces and no flag excludes them', () => {
    const shape = { sockets: { senders: 4, zeroCopySenders: 1 }, devices: { count: 2, direct: 1, queues: 2 } } as const;
    expect(known(devicesOf(mergeOptions(shape, { sockets: { learn: 'told' } })), 4)).toEqual([
      NO_DEVICE,
      NO_DEVICE,
      1,
      NO_DEVICE,
    ]);
    expect(known(devicesOf(mergeOptions(shape, { sockets: { learn: 'transmit' } })), 4)).toEqual(
      Array(4).fill(NO_DEVICE),
    );
  });

  it('marks the payload of the first N senders as private', () => {
    const { devices } = devicesOf({ sockets: { senders: 3, privateSenders: 2 } });
    expect([0, 1, 2].map((socket) => devices.learned.isPrivate(socket))).toEqual([true, true, false]);
  });

  it('drops references when sockets are closed, and tells sockets again when it is reset', () => {
    const told = devicesOf({ sockets: { senders: 2, learn: 'told' } });
    told.devices.closeSockets();
    expect(known(told, 2)).toEqual([NO_DEVICE, NO_DEVICE]);
    told.devices.reset();
    expect(known(told, 2)).toEqual([1, 1]);
  });
});
