import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DeviceTable } from '../../lib/device/device-table.js';
import type { Flavour } from '../../lib/flavour.js';
import { Arena } from '../../lib/smp/arena.js';
import { testCpus } from '../smp/fixtures/cpus.js';

function table(count = 2, flavour: Flavour = 'hardened'): DeviceTable {
  const build = (arena: Arena) => new DeviceTable(arena, count, 2, flavour);
  const made = build(Arena.for(build));
  made.reset();
  return made;
}

describe('DeviceTable', () => {
  it('counts a reference of the device itself, and those that are taken and put', () => {
    const devices = table();
    devices.get(1);
    expect({ refs1: devices.refs(1), refs2: devices.refs(2) }).toEqual({ refs1: 2, refs2: 1 });
    devices.put(1);
    expect(devices.refs(1)).toBe(1);
  });

  it('defers a put that could be the last one to the worker', () => {
    const devices = table();
    devices.put(1);
    expect({ refs: devices.refs(1), deferred: devices.deferred(1) }).toEqual({ refs: 1, deferred: 1 });
    expect(devices.runDeferred()).toBe(true);
    expect({ refs: devices.refs(1), deferred: devices.deferred(1), runDeferred: devices.runDeferred() }).toEqual({
      refs: 0,
      deferred: 0,
      runDeferred: false,
    });
  });

  it('leaks the reference when there is no work item, and counts it', () => {
    const devices = table();
    devices.limitItems(1);
    devices.get(2);
    devices.put(1);
    devices.put(2); // two references: no item needed
    devices.put(2);
    expect({
      deferred1: devices.deferred(1),
      deferred2: devices.deferred(2),
      leaked: devices.leaked(2),
      refs: devices.refs(2),
    }).toEqual({ deferred1: 1, deferred2: 0, leaked: 1, refs: 1 });
    devices.runDeferred(); // the item is free again
    devices.put(2);
    expect(devices.deferred(2)).toBe(1);
  });

  it('refuses to take or put a reference of a device that is gone', () => {
    const devices = table();
    devices.put(1);
    devices.runDeferred();
    for (const verb of ['get', 'put'] as const) {
      expect(() => devices[verb](1)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
    }
  });

  it('refuses two deferred puts of one reference', () => {
    const devices = table();
    devices.put(1);
    devices.put(1);
    expect(() => devices.runDeferred()).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
  });

  it('agrees with a plain count in any order of gets, puts and deferred work', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('get', 'put', 'work'), { maxLength: 60 }), (steps) => {
        const devices = table(1);
        let held = 1;
        for (const step of steps) {
          if (step === 'get' && held > 0 && devices.refs(1) > 0) {
            devices.get(1);
            held++;
          } else if (step === 'put' && held > 0) {
            devices.put(1);
            held--;
          } else if (step === 'work') {
            devices.runDeferred();
          }
          expect(devices.refs(1) - devices.deferred(1)).toBe(held);
          if (held === 0 && devices.deferred(1) === 0) break;
        }
      }),
    );
  });
});

describe('DeviceTable.remove', () => {
  it('makes all caches of devices stale and drops the reference of the device itself', () => {
    const devices = table();
    const before = devices.serial;
    devices.get(1);
    devices.remove(1);
    expect({
      serial: devices.serial,
      refs: devices.refs(1),
      isRemoved: devices.isRemoved(1),
      isReleased: devices.isReleased(1),
    }).toEqual({ serial: before + 1, refs: 1, isRemoved: true, isReleased: false });
    devices.put(1);
    devices.runDeferred();
    expect(devices.isReleased(1)).toBe(true);
    expect(devices.isReleased(2)).toBe(false);
  });

  it('drops the reference once when it is called twice', () => {
    const devices = table();
    devices.get(1);
    devices.get(1);
    const before = devices.serial;
    devices.remove(1);
    devices.remove(1);
    expect({ refs: devices.refs(1), serial: devices.serial }).toEqual({ refs: 2, serial: before + 2 });
  });

  it('lets the serial wrap at 32 bits', () => {
    const devices = table();
    devices.setSerial(2 ** 31 - 1);
    devices.remove(1);
    expect(devices.serial).toBe(-(2 ** 31));
  });
});

describe('DeviceTable.allocator', () => {
  it('is the shared allocator until the device is given another', () => {
    const devices = table();
    devices.setAllocator(2, 1);
    expect({ allocator1: devices.allocator(1), allocator2: devices.allocator(2) }).toEqual({
      allocator1: 0,
      allocator2: 1,
    });
  });
});

describe('DeviceTable.getForPage', () => {
  const { cpus } = testCpus(2);
  const [first, second] = [cpus[0]!, cpus[1]!];

  it('takes references one by one in faithful', () => {
    const devices = table(1, 'faithful');
    devices.getForPage(first, 1);
    devices.getForPage(second, 1);
    expect({ refs: devices.refs(1), stocked: devices.stocked(1) }).toEqual({ refs: 3, stocked: 0 });
    devices.putOfPage(second, 1);
    expect(devices.refs(1)).toBe(2);
  });

  it('takes references in batches in hardened, and pages hold those that are not in stock', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(1)), { maxLength: 300 }), (steps) => {
        const devices = table(1);
        let held = 0;
        for (const [takes, by] of steps) {
          if (takes) devices.getForPage(cpus[by]!, 1);
          else if (held > 0) devices.putOfPage(cpus[by]!, 1);
          else continue;
          held += takes ? 1 : -1;
          expect(devices.refs(1) - devices.stocked(1)).toBe(1 + held);
          expect(devices.stocked(1)).toBeLessThanOrEqual(2 * 64);
        }
      }),
    );
  });

  it('takes no batch from a removed device, which references in stock do not keep', () => {
    const devices = table(1);
    devices.getForPage(first, 1);
    devices.remove(1);
    devices.runDeferred();
    devices.getForPage(second, 1);
    expect({ held: devices.refs(1) - devices.stocked(1), isReleased: devices.isReleased(1) }).toEqual({
      held: 2,
      isReleased: false,
    });
    devices.putOfPage(second, 1);
    expect(devices.isReleased(1)).toBe(false);
    devices.putOfPage(first, 1);
    devices.runDeferred();
    expect(devices.isReleased(1)).toBe(true);
  });

  it('refuses a device that is gone', () => {
    const devices = table(1);
    devices.remove(1);
    devices.runDeferred();
    expect(() => devices.getForPage(first, 1)).toThrow(expect.objectContaining({ code: 'ERR_DOUBLE_FREE' }));
  });
});
