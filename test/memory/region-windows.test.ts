import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Region } from '../../lib/memory/region.js';
import { FIRST_WINDOW, RegionWindows } from '../../lib/memory/region-windows.js';

const regions: Region[] = [];

function newRegion(): Region {
  const region = Region.create({ bytes: 8192, lock: 'no' });
  regions.push(region);
  return region;
}

afterEach(() => {
  for (const region of regions.splice(0)) region.close();
});

const outOfRange = expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' });
const badAddress = expect.objectContaining({ code: 'ERR_BAD_ADDRESS' });

describe('RegionWindows', () => {
  it('gives each region a window, and the window to another when it is closed', () => {
    const [one, two, three] = [newRegion(), newRegion(), newRegion()];
    const windows = new RegionWindows(new Int32Array(4));
    const addresses = [windows.open(one), windows.open(two)];
    expect(() => windows.open(three)).toThrow(outOfRange);
    windows.locate(addresses[1]! + 4097);
    expect([windows.region, windows.offset]).toEqual([two.id, 4097]);
    windows.close(addresses[0]!);
    expect(() => windows.locate(addresses[0]!)).toThrow(badAddress);
    expect(windows.open(three)).toBe(addresses[0]);
    windows.locate(addresses[0]!);
    expect([windows.region, windows.offset]).toEqual([three.id, 0]);
  });

  it('gives a region that is opened again the window that it has, until it is closed as often', () => {
    const region = newRegion();
    const windows = new RegionWindows(new Int32Array(4));
    const address = windows.open(region);
    expect(windows.open(region)).toBe(address);
    windows.close(address);
    windows.locate(address + 1);
    expect([windows.region, windows.offset]).toEqual([region.id, 1]);
    windows.close(address);
    expect(() => windows.locate(address)).toThrow(badAddress);
  });

  it('attaches a thread to the region that has a window now', () => {
    const [one, two] = [newRegion(), newRegion()];
    const column = new Int32Array(2);
    const [windows, ofAnother] = [new RegionWindows(column), new RegionWindows(column)];
    const attach = jest.spyOn(Region, 'attach');
    try {
      for (const region of [one, two]) {
        const address = windows.open(region);
        for (let time = 0; time < 2; time++) ofAnother.locate(address);
        windows.close(address);
      }
      expect(attach.mock.calls).toEqual([[one.id], [two.id]]);
    } finally {
      attach.mockRestore();
    }
  });

  it('finds nothing where no window is', () => {
    const windows = new RegionWindows(new Int32Array(2));
    expect(() => windows.locate(FIRST_WINDOW)).toThrow(badAddress);
    expect(() => windows.locate(FIRST_WINDOW - 1)).toThrow(badAddress);
    expect(() => windows.locate(FIRST_WINDOW + 2 ** 42)).toThrow(badAddress);
  });

  it('attaches another thread when that meets an address of a region', async () => {
    const region = newRegion();
    new Int32Array(region.buffer)[3] = 42;
    const ids = new Int32Array(new SharedArrayBuffer(8));
    const address = new RegionWindows(ids).open(region);
    const worker = new Worker(new URL('./fixtures/locate-address.js', import.meta.url), {
      execArgv: [],
      workerData: { ids, address: address + 12 },
    });
    const exited = once(worker, 'exit');
    expect(await once(worker, 'message')).toEqual([[region.id, 12, 42]]);
    await exited;
  });
});
