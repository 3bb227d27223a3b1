import { describe, expect, it } from '@jest/globals';
import { MOST_ROWS, OTHERS, Shares } from '../../../lib/capture/replay/shares.js';
import { mappingOf } from '../mapping-of.js';

describe('Shares', () => {
  it('counts events and bytes by device, CPU and context', () => {
    const shares = new Shares();
    shares.count(mappingOf({ size: 10 }));
    shares.count(mappingOf({ size: 20, context: 'softirq', cpu: 3 }));
    shares.count(mappingOf({ size: 40, context: 'hardirq', cpu: 10, device: 'nvme' }));
    shares.count(mappingOf({ size: 80, device: null }));
    const row = (events: number, bytes: number, softirqEvents = 0, softirqBytes = 0) => ({
      events,
      bytes,
      softirqEvents,
      softirqBytes,
    });
    expect(shares.all).toEqual(row(4, 150, 1, 20));
    const { contexts, devices, cpus } = shares.tables();
    expect(contexts).toEqual({ process: row(2, 90), softirq: row(1, 20, 1, 20), hardirq: row(1, 40) });
    expect(Object.entries(devices)).toEqual([
      ['unknown', row(1, 80)],
      ['nvme', row(1, 40)],
      ['e', row(2, 30, 1, 20)],
    ]);
    expect(Object.keys(cpus)).toEqual(['0', '3', '10']);
  });

  it('tells no share of softirqs where one context is not told', () => {
    const shares = new Shares();
    shares.count(mappingOf({ context: 'softirq', device: 'a' }));
    shares.count(mappingOf({ context: 'unknown', device: 'b' }));
    expect(shares.all).toMatchObject({ events: 2, softirqEvents: null, softirqBytes: null });
    const { devices } = shares.tables();
    expect([devices.a!.softirqEvents, devices.b!.softirqEvents]).toEqual([1, null]);
  });

  it('keeps a bounded number of rows, and devices of any name', () => {
    const shares = new Shares();
    shares.count(mappingOf({ device: '__proto__' }));
    for (let device = 0; device < MOST_ROWS + 10; device++) shares.count(mappingOf({ device: `d${device}` }));
    const { devices } = shares.tables();
    expect(Object.keys(devices)).toHaveLength(MOST_ROWS + 1);
    expect(Object.getOwnPropertyDescriptor(devices, '__proto__')?.value).toMatchObject({ events: 1 });
    expect(devices[OTHERS]!.events).toBe(11);
  });
});
