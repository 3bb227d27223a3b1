import { describe, expect, it } from '@jest/globals';
import { type MachineConfig, machineConfig } from '../../../lib/machine/build/config.js';
import { System } from '../../../lib/machine/build/system.js';
import { Arena } from '../../../lib/smp/arena.js';
import { Cpu } from '../../../lib/smp/cpu.js';
import { NO_DEVICE } from '../../../lib/device/device-table.js';

function devicesOf(given: Partial<MachineConfig>) {
  const small = { kernel: 0, design: 'bounce-pages', pool: 1 << 20, window: 1 << 16, userBytes: 1 << 17 } as const;
  const config = machineConfig({ ...small, ...given });
  const system = new System(
    Arena.for((counting) => new System(counting, config)),
    config,
  );
  system.reset();
  return { devices: system.devices, cpu: new Cpu(0, system.cpus, system.ledger) };
}

const known = ({ devices, cpu }: ReturnType<typeof devicesOf>, sockets: number) =>
  Array.from({ length: sockets }, (_, socket) => devices.learned.usable(cpu, socket));

describe('NetworkDevices', () => {
  it('deals queues out to devices, of which the last ones reach all memory', () => {
    const { devices } = devicesOf({ devices: 3, directDevices: 1, queues: 4, senders: 4 });
    expect(devices.all.map(({ name, forceBounce }) => [name, forceBounce])).toEqual([
      ...[
        ['eth0', true],
        ['eth1', true],
        ['eth2', false],
      ],
    ]);
    expect(devices.ofQueues.map(({ number }) => number)).toEqual([1, 2, 3, 1]);
  });

  it('none bounces where the design does not', () => {
    const { devices } = devicesOf({ design: 'direct', devices: 2, queues: 2, senders: 2 });
    expect(devices.all.map(({ forceBounce }) => forceBounce)).toEqual([false, false]);
  });

  it('tells sockets of their device where they are to know, if it bounces and nothing excludes them', () => {
    const shape = { devices: 2, directDevices: 1, queues: 2, senders: 4, excludedSenders: 1 } as const;
    expect(known(devicesOf({ ...shape, learn: 'told' }), 4)).toEqual([NO_DEVICE, NO_DEVICE, 1, NO_DEVICE]);
    expect(known(devicesOf({ ...shape, learn: 'transmit' }), 4)).toEqual(Array(4).fill(NO_DEVICE));
  });

  it('keeps private what the first senders write', () => {
    const { devices } = devicesOf({ senders: 3, privateSenders: 2 });
    expect([0, 1, 2].map((socket) => devices.learned.isPrivate(socket))).toEqual([true, true, false]);
  });

  it('are held by sockets that know them, until these are closed', () => {
    const told = devicesOf({ senders: 2, learn: 'told' });
    const { devices } = told;
    expect(() => devices.assertBalanced()).toThrow(
      expect.objectContaining({ code: 'ERR_UNBALANCED', message: expect.stringMatching(/references of eth0: 3 /) }),
    );
    devices.closeSockets();
    devices.assertBalanced();
    expect(known(told, 2)).toEqual([NO_DEVICE, NO_DEVICE]);
    devices.reset();
    expect(known(told, 2)).toEqual([1, 1]);
  });

  it('have nothing reserved when all pages are back', () => {
    const { devices } = devicesOf({});
    Object.defineProperty(devices.share, 'taken', { get: () => 2 });
    expect(() => devices.assertBalanced()).toThrow(expect.objectContaining({ details: { actual: 2, expected: 0 } }));
  });
});
