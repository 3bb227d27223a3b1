import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CopyCosts } from '../../../lib/capture/replay/copy-costs.js';
import { MeasuredSteps } from '../../../lib/capture/replay/measured-steps.js';
import { ReplayDriver, type Step } from '../../../lib/capture/replay/replay-driver.js';
import { MOST_ROWS, OTHERS } from '../../../lib/capture/replay/shares.js';
import { copyKernelIndex } from '../../../lib/memory/copy-kernels.js';
import { Region } from '../../../lib/memory/region.js';
import { mappingOf } from '../mapping-of.js';

let pool: Region;
let buffers: Region;

beforeAll(() => {
  pool = Region.create({ bytes: 2 ** 20, lock: 'no' });
  buffers = CopyCosts.bufferWindow();
});

afterAll(() => {
  pool.close();
  buffers.close();
});

function measuring(receiveSize = 0) {
  const costs = new CopyCosts(pool, buffers, copyKernelIndex('libc'));
  const steps = new MeasuredSteps(costs, ({ size }) => size !== receiveSize);
  const holds = { defaultNs: 10, byDevice: new Map<string, number>() };
  const driver = new ReplayDriver({ slots: 512, areas: 1 }, 2, holds, (...copy) => steps.copy(...copy));
  return { steps, driver };
}

const map = (id: number, timeNs: number, given = {}): Step => ({
  kind: 'map',
  timeNs,
  mapping: mappingOf({ id, timeNs, ...given }),
});

describe('MeasuredSteps', () => {
  it('takes all steps, in whatever portions they come, and tells how full the pool was around each', () => {
    const { steps, driver } = measuring();
    const all = Array.from({ length: 1000 }, (_, id) => map(id, id * 5));
    const told: number[][] = [];
    for (let at = 0; at < 1000; at += 70) {
      steps.take(driver, all.slice(at, at + 70), (...use) => told.push(use));
    }
    expect(told).toHaveLength(1000);
    expect(told.slice(0, 4)).toEqual([
      [0, 2, 3],
      [5, 3, 4],
      [10, 3, 4],
      [15, 3, 4],
    ]);
    expect(driver.maps).toBe(1000);
  });

  it('counts copies by device, CPU and what is transmitted', () => {
    const { steps, driver } = measuring(1536);
    steps.take(driver, [
      map(1, 0, { device: 'a', cpu: 1, size: 100 }),
      map(2, 0, { device: 'b', cpu: 1, size: 1536 }),
      map(3, 0, { device: null, cpu: 2, size: 200 }),
    ]);
    const counts = (...all: number[]) => [...all, 0, 0, 0, 0, 0].slice(0, 6);
    expect(['a', 'b', 'unknown', 'c'].map((name) => steps.ofDevice(name))).toEqual([
      counts(1),
      counts(0, 1),
      counts(1),
      counts(0),
    ]);
    expect(['0', '1', '2'].map((name) => steps.ofCpu(name))).toEqual([counts(0), counts(1, 1), counts(1)]);
    expect([steps.all, steps.transmitted, steps.transmittedBytes]).toEqual([counts(2, 1), counts(2), 300]);
  });

  it('keeps a bounded number of rows, and the copies of all others in one', () => {
    const { steps, driver } = measuring();
    steps.take(
      driver,
      Array.from({ length: MOST_ROWS + 5 }, (_, id) => map(id, id * 20, { device: `d${id}` })),
    );
    expect(steps.ofDevice(OTHERS)[0]).toBe(5);
    expect(steps.ofDevice('d0')[0]).toBe(1);
  });

  it('counts what is copied back as a copy, not as transmitted', () => {
    const { steps, driver } = measuring();
    const mapping = mappingOf({ slot: 0x8000, direction: 'both' });
    steps.take(driver, [
      { kind: 'map', timeNs: 0, mapping },
      { kind: 'unmap', timeNs: 1, mapping },
    ]);
    expect([steps.all[0], steps.transmitted[0], steps.transmittedBytes]).toEqual([2, 1, 64]);
  });

  it('tells what is around a copy once enough were timed together', () => {
    const { steps, driver } = measuring();
    steps.take(
      driver,
      Array.from({ length: 255 }, (_, id) => map(id, id * 5)),
    );
    expect(steps.searchNs(0)).toBeNull();
    steps.take(
      driver,
      Array.from({ length: 256 }, (_, id) => map(300 + id, 2000 + id * 5)),
    );
    const whole = steps.searchNs(0)!;
    expect(whole.median).toBeGreaterThan(0);
    expect(steps.searchNs(whole.median / 2)!.median).toBeCloseTo(whole.median / 2);
    expect(steps.searchNs(1e12)!.median).toBe(0);
  });
});
