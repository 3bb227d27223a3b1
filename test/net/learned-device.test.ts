import { describe, expect, it } from '@jest/globals';
import { DeviceTable, NO_DEVICE } from '../../lib/device/device-table.js';
import type { Flavour } from '../../lib/flavour.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { LearnedDevices } from '../../lib/net/learned-device.js';
import { PercentLimit } from '../../lib/page/percent-limit.js';
import { Arena } from '../../lib/smp/arena.js';
import { HARDIRQ } from '../../lib/smp/copy-ledger.js';
import { Cpu } from '../../lib/smp/cpu.js';
import type { Swiotlb } from '../../lib/swiotlb/swiotlb.js';

const TTL_MS = 1000;

function rig(flavour: Flavour) {
  const clock = { ms: 5 };
  const list = {
    get now() {
      return clock.ms * 1e6;
    },
  };
  const cpu = Object.create(Cpu.alone(), { list: { value: list } }) as Cpu;
  const build = (arena: Arena) => {
    const devices = new DeviceTable(arena, 3);
    const percentLimit = new PercentLimit(arena, flavour, { slots: 1000 } as Swiotlb, 1);
    return {
      devices,
      percentLimit,
      learned: new LearnedDevices(arena, { sockets: 4, flavour, ttlMs: TTL_MS }, devices, percentLimit),
    };
  };
  const made = build(Arena.for(build));
  made.devices.reset();
  made.percentLimit.reset(90);
  made.learned.reset();
  return { ...made, clock, cpu };
}

/** Teaches the socket as while its packet is given to the device. */
function met(learned: LearnedDevices, cpu: Cpu, socket: number, device: number): void {
  cpu.txDevice = device;
  learned.teach(cpu, socket, device);
  cpu.txDevice = NO_DEVICE;
}

/** Expects invariant I3: the device's own reference, and one of each socket that has learned it. */
function expectBalanced({ devices, learned }: ReturnType<typeof rig>): void {
  for (let device = 1; device <= devices.count; device++) {
    const own = devices.isRemoved(device) ? 0 : 1;
    expect(devices.refs(device) - devices.deferred(device)).toBe(own + learned.holds(device));
  }
}

describe.each(FLAVOURS)('LearnedDevices in %s', (flavour) => {
  it('knows no device before a mapping, and the one that bounced after it', () => {
    const { learned, cpu, ...rest } = rig(flavour);
    expect(learned.usable(cpu, 1)).toBe(NO_DEVICE);
    met(learned, cpu, 1, 2);
    expect({ usableOf1: learned.usable(cpu, 1), usableOf0: learned.usable(cpu, 0) }).toEqual({
      usableOf1: 2,
      usableOf0: NO_DEVICE,
    });
    expectBalanced({ learned, cpu, ...rest });
  });

  it('takes no further reference to a device that it knows', () => {
    const { learned, devices, cpu } = rig(flavour);
    for (let i = 0; i < 5; i++) {
      met(learned, cpu, 0, 1);
      learned.usable(cpu, 0);
    }
    met(learned, cpu, 3, 1);
    expect(devices.refs(1)).toBe(3);
  });

  it('changes to another device, and drops its reference to the old one once', () => {
    const made = rig(flavour);
    const { learned, cpu } = made;
    for (const device of [1, 2, 2, 3, 1]) {
      met(learned, cpu, 0, device);
      expectBalanced(made);
      expect(learned.usable(cpu, 0)).toBe(device);
      expectBalanced(made);
    }
  });

  it('forgets its device when any device is removed, and learns it at the next mapping', () => {
    const made = rig(flavour);
    const { learned, devices, cpu } = made;
    met(learned, cpu, 0, 1);
    expect(learned.usable(cpu, 0)).toBe(1);
    devices.remove(3);
    devices.runDeferred();
    expect(learned.usable(cpu, 0)).toBe(NO_DEVICE);
    met(learned, cpu, 0, 1);
    expect(learned.usable(cpu, 0)).toBe(1);
    expectBalanced(made);
  });

  it('takes no reference when a stale entry is confirmed by a mapping', () => {
    const made = rig(flavour);
    const { learned, devices, cpu } = made;
    learned.preset(0, 1);
    devices.remove(3);
    devices.runDeferred();
    met(learned, cpu, 0, 1);
    expect(learned.usable(cpu, 0)).toBe(1);
    expect(devices.refs(1)).toBe(2);
  });

  it('forgets a device that no mapping has confirmed for the time to live', () => {
    const made = rig(flavour);
    const { learned, clock, cpu } = made;
    met(learned, cpu, 0, 1);
    clock.ms += TTL_MS - 1;
    expect(learned.usable(cpu, 0)).toBe(1);
    met(learned, cpu, 0, 1);
    clock.ms += TTL_MS - 1;
    expect(learned.usable(cpu, 0)).toBe(1);
    clock.ms += 1;
    expect(learned.usable(cpu, 0)).toBe(NO_DEVICE);
    expectBalanced(made);
  });

  it('neither learns nor forgets while the percentage is 0', () => {
    const { learned, devices, percentLimit, cpu } = rig(flavour);
    percentLimit.percent = 0;
    met(learned, cpu, 0, 1);
    expect({ usable: learned.usable(cpu, 0), refs: devices.refs(1) }).toEqual({ usable: NO_DEVICE, refs: 1 });
    percentLimit.percent = 90;
    met(learned, cpu, 0, 1);
    percentLimit.percent = 0;
    expect(learned.usable(cpu, 0)).toBe(NO_DEVICE);
    percentLimit.percent = 90;
    expect(learned.usable(cpu, 0)).toBe(1);
  });

  it('teaches nothing to sockets with the zero-copy flag', () => {
    const { learned, devices, cpu } = rig(flavour);
    learned.exclude(0);
    met(learned, cpu, 0, 1);
    expect({ usable: learned.usable(cpu, 0), refs: devices.refs(1) }).toEqual({ usable: NO_DEVICE, refs: 1 });
  });

  it('drops every reference when the socket is closed', () => {
    const made = rig(flavour);
    const { learned, devices, cpu } = made;
    met(learned, cpu, 0, 1);
    learned.usable(cpu, 0);
    met(learned, cpu, 0, 2);
    learned.forget(0);
    expect({
      refsOf1: devices.refs(1),
      refsOf2: devices.refs(2),
      holdsOf1: learned.holds(1),
      holdsOf2: learned.holds(2),
    }).toEqual({ refsOf1: 1, refsOf2: 1, holdsOf1: 0, holdsOf2: 0 });
  });
});

describe('LearnedDevices', () => {
  it('changes the cache at once in faithful, and leaves that to the owner in hardened', () => {
    for (const [flavour, cached] of [
      ['faithful', 2],
      ['hardened', 1],
    ] as const) {
      const { learned, cpu } = rig(flavour);
      learned.preset(0, 1);
      met(learned, cpu, 0, 2);
      expect(learned.cached(0)).toBe(cached);
      expect(learned.usable(cpu, 0)).toBe(2);
    }
  });

  it('teaches a closed socket in faithful, and does not in hardened, even if a mapping began before', () => {
    const taught = (learns: (parts: ReturnType<typeof rig>) => void) =>
      FLAVOURS.map((flavour) => {
        const parts = rig(flavour);
        learns(parts);
        return parts.learned.holds(2);
      });
    const [faithful, hardened] = [FLAVOURS.indexOf('faithful'), FLAVOURS.indexOf('hardened')];
    const after = taught(({ learned, cpu }) => {
      met(learned, cpu, 1, 2);
      learned.close(1);
      met(learned, cpu, 1, 2);
    });
    expect([after[faithful], after[hardened]]).toEqual([1, 0]);
    const amidst = taught(({ learned, cpu, devices }) => {
      const { get } = devices;
      devices.get = (device) => {
        learned.close(1);
        get.call(devices, device);
      };
      met(learned, cpu, 1, 2);
    });
    expect([amidst[faithful], amidst[hardened]]).toEqual([1, 0]);
  });

  it('in faithful gives private payload pages that the host sees, and in hardened does not', () => {
    for (const [flavour, device] of [
      ['faithful', 1],
      ['hardened', NO_DEVICE],
    ] as const) {
      const { learned, cpu } = rig(flavour);
      learned.keepPrivate(0);
      met(learned, cpu, 0, 1);
      expect(learned.usable(cpu, 0)).toBe(device);
    }
  });

  it('believes a stale entry of an idle socket when the serial has wrapped, and only then', () => {
    const { learned, devices, cpu } = rig('hardened');
    learned.preset(0, 1);
    devices.setSerial(devices.serial + 2 ** 24);
    expect(learned.usable(cpu, 0)).toBe(1);
    devices.setSerial(devices.serial + 1);
    expect(learned.usable(cpu, 0)).toBe(NO_DEVICE);
  });

  it('in faithful learns from mappings of other devices and of hard interrupts, and in hardened does not', () => {
    for (const [flavour, device] of [
      ['faithful', 2],
      ['hardened', NO_DEVICE],
    ] as const) {
      const { learned, cpu } = rig(flavour);
      cpu.txDevice = 1;
      learned.teach(cpu, 0, 2); // a storage device completes inside start-transmit
      expect(learned.usable(cpu, 0)).toBe(device);
      cpu.txDevice = 2;
      cpu.context = HARDIRQ;
      learned.teach(cpu, 1, 2);
      expect(learned.usable(cpu, 1)).toBe(device);
    }
  });
});
