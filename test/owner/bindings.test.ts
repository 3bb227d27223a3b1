import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Region } from '../../lib/memory/region.js';
import { FIRST_WINDOW, RegionWindows } from '../../lib/memory/region-windows.js';
import { type BindingLimits, BindingTable, NO_BINDING } from '../../lib/owner/bindings.js';
import { inArena } from '../smp/fixtures/cpus.js';

const PAGE = 4096;

function table(limits: Partial<BindingLimits> = {}, windows = new RegionWindows(new Int32Array(4))) {
  const all = { bindings: 4, chunks: 16, chunkBytes: PAGE, ...limits };
  const bindings = inArena((arena) => new BindingTable(arena, all, windows));
  bindings.reset();
  return { bindings, windows };
}

const code = (name: string, details: object = {}) =>
  expect.objectContaining({ code: name, details: expect.objectContaining(details) });

describe('BindingTable', () => {
  it('knows the DMA address of every byte, and where its chunk ends', () => {
    const { bindings } = table({ chunkBytes: 2 * PAGE });
    const binding = bindings.register(3, 10 * PAGE, 5 * PAGE + 100);
    expect(bindings.device(binding)).toBe(3);
    expect([0, 8191, 8192, 5 * PAGE + 99].map((offset) => bindings.dma(binding, offset) - 10 * PAGE)).toEqual([
      0,
      8191,
      8192,
      5 * PAGE + 99,
    ]);
    expect([0, 8000, 4 * PAGE, 5 * PAGE].map((offset) => bindings.contiguous(binding, offset))).toEqual([
      8192,
      192,
      PAGE + 100,
      100,
    ]);
    for (const offset of [-1, 6 * PAGE, Number.NaN]) {
      expect(() => bindings.dma(binding, offset)).toThrow(code('ERR_OUT_OF_RANGE'));
    }
  });

  it('finds the binding that holds a whole range', () => {
    const { bindings } = table();
    const one = bindings.register(1, 10 * PAGE, 2 * PAGE);
    const two = bindings.register(1, 12 * PAGE, 2 * PAGE);
    const find = (phys: number, bytes: number) => bindings.find(1, phys, bytes);
    expect([find(10 * PAGE, 2 * PAGE), find(12 * PAGE, 1), find(14 * PAGE - 1, 1)]).toEqual([one, two, two]);
    expect([find(10 * PAGE - 1, 1), find(11 * PAGE, PAGE + 1), find(14 * PAGE, 1)]).toEqual([-1, -1, -1]);
    expect(bindings.find(2, 10 * PAGE, 1)).toBe(NO_BINDING);
    const three = bindings.register(2, 10 * PAGE, 2 * PAGE);
    expect([bindings.find(2, 10 * PAGE, 1), find(10 * PAGE, 1)]).toEqual([three, one]);
    bindings.unregister(one);
    expect(find(10 * PAGE, 1)).toBe(NO_BINDING);
  });

  it('ends all bindings with packets in flight when it is abandoned, and lets go of regions', () => {
    const { bindings } = table();
    const region = Region.create({ bytes: PAGE, lock: 'no' });
    const all = [
      bindings.register(1, PAGE, PAGE),
      bindings.registerRegion(1, region),
      bindings.registerRegion(2, region),
    ];
    for (const binding of all) bindings.get(binding, 3);
    expect(() => region.close()).toThrow(code('ERR_IN_FLIGHT', { references: 6 }));
    for (let times = 0; times < 2; times++) bindings.abandon();
    expect(all.map((binding) => bindings.isRegistered(binding))).toEqual([false, false, false]);
    region.close();
    expect(region.buffer.byteLength).toBe(0);
  });

  it('is not taken down while packets are in flight, and says how many', () => {
    const { bindings } = table();
    const binding = bindings.register(1, PAGE, PAGE);
    bindings.get(binding, 17);
    bindings.get(binding);
    bindings.put(binding);
    expect(() => bindings.unregister(binding)).toThrow(code('ERR_IN_FLIGHT', { references: 17 }));
    expect({ found: bindings.find(1, PAGE, 1), inFlight: bindings.inFlight(binding) }).toEqual({
      found: binding,
      inFlight: 17,
    });
    bindings.put(binding, 17);
    bindings.unregister(binding);
    expect(bindings.isRegistered(binding)).toBe(false);
  });

  it('refuses references of a binding that is not registered, and puts without a reference', () => {
    const { bindings } = table();
    expect(() => bindings.get(0)).toThrow(code('ERR_DOUBLE_FREE'));
    expect(() => bindings.unregister(0)).toThrow(code('ERR_DOUBLE_FREE'));
    const binding = bindings.register(1, PAGE, PAGE);
    bindings.get(binding);
    expect(() => bindings.put(binding, 2)).toThrow(code('ERR_DOUBLE_FREE'));
    bindings.put(binding);
    expect(() => bindings.put(binding)).toThrow(code('ERR_DOUBLE_FREE'));
    bindings.unregister(binding);
  });

  it('refuses ranges that overlap, begin within a page, or are too large, and too many of them', () => {
    const { bindings } = table({ bindings: 2, chunks: 4 });
    const refused = code('ERR_OUT_OF_RANGE');
    expect(() => bindings.register(1, PAGE + 1, PAGE)).toThrow(refused);
    expect(() => bindings.register(1, PAGE, 0)).toThrow(refused);
    expect(() => bindings.register(1, PAGE, 4 * PAGE + 1)).toThrow(refused);
    const one = bindings.register(1, 4 * PAGE, PAGE + 1);
    expect(() => bindings.register(1, 5 * PAGE, PAGE)).toThrow(refused);
    expect(() => bindings.register(1, 3 * PAGE, 2 * PAGE)).toThrow(refused);
    bindings.register(1, 6 * PAGE, PAGE);
    expect(() => bindings.register(1, 8 * PAGE, PAGE)).toThrow(refused);
    bindings.unregister(one);
    expect(bindings.register(1, 5 * PAGE, PAGE)).toBe(one);
    expect(() => table({ chunkBytes: 100 })).toThrow(refused);
  });

  it('has chunks for all bindings together, and uses those again of bindings that have ended', () => {
    const { bindings } = table({ chunks: 8 });
    const [one, two, three] = [1, 10, 20].map((page) => bindings.register(1, page * PAGE, 2 * PAGE));
    bindings.unregister(two!);
    expect(() => bindings.register(1, 30 * PAGE, 3 * PAGE)).toThrow(code('ERR_OUT_OF_RANGE'));
    const four = bindings.register(1, 30 * PAGE, 2 * PAGE);
    const five = bindings.register(1, 40 * PAGE, 2 * PAGE);
    const dma = [one!, three!, four, five].map((binding) => bindings.dma(binding, PAGE + 5) / PAGE);
    expect(dma.map(Math.floor)).toEqual([2, 21, 31, 41]);
  });

  it('registers a part of a region, for several devices at the same addresses', () => {
    const region = Region.create({ bytes: 3 * PAGE, lock: 'no' });
    const { bindings } = table();
    const [one, two] = [1, 2].map((device) => bindings.registerRegion(device, region, PAGE + 1));
    expect([bindings.address(one!), bindings.bytes(one!)]).toEqual([FIRST_WINDOW, PAGE + 1]);
    expect(bindings.address(two!)).toBe(FIRST_WINDOW);
    expect(() => bindings.registerRegion(3, region, 3 * PAGE + 1)).toThrow(code('ERR_OUT_OF_RANGE'));
    bindings.unregister(one!);
    expect(() => region.close()).toThrow(code('ERR_IN_FLIGHT'));
    bindings.unregister(two!);
    region.close();
  });

  it('keeps a region open that is registered, and says how many packets lie in it', () => {
    const region = Region.create({ bytes: 3 * PAGE, lock: 'no' });
    const { bindings, windows } = table();
    const binding = bindings.registerRegion(1, region);
    const phys = bindings.dma(binding, 2 * PAGE + 5);
    expect(phys).toBe(FIRST_WINDOW + 2 * PAGE + 5);
    windows.locate(phys);
    expect([windows.region, windows.offset]).toEqual([region.id, 2 * PAGE + 5]);
    bindings.get(binding, 3);
    expect(() => region.close()).toThrow(code('ERR_IN_FLIGHT', { region: region.id, references: 3 }));
    expect(region.buffer.byteLength).toBe(3 * PAGE);
    expect(() => bindings.unregister(binding)).toThrow(code('ERR_IN_FLIGHT', { references: 3 }));
    bindings.put(binding, 3);
    expect(() => region.close()).toThrow(code('ERR_IN_FLIGHT', { references: 0 }));
    bindings.unregister(binding);
    expect(() => windows.locate(phys)).toThrow(code('ERR_BAD_ADDRESS'));
    region.close();
    expect(region.buffer.byteLength).toBe(0);
  });

  it('does not keep a region open that it refused', () => {
    const region = Region.create({ bytes: 3 * PAGE, lock: 'no' });
    const { bindings, windows } = table({ chunks: 2 });
    expect(() => bindings.registerRegion(1, region)).toThrow(code('ERR_OUT_OF_RANGE'));
    expect(windows.open(region)).toBe(FIRST_WINDOW);
    windows.close(FIRST_WINDOW);
    region.close();
  });

  it('refuses its end exactly while a list of packets has references', () => {
    const step = fc.record({ kind: fc.constantFrom('get', 'put', 'end'), count: fc.integer({ min: 1, max: 17 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { bindings } = table();
        const binding = bindings.register(1, PAGE, PAGE);
        const packets: number[] = [];
        for (const { kind, count } of steps) {
          const inFlight = packets.reduce((sum, one) => sum + one, 0);
          expect(bindings.inFlight(binding)).toBe(inFlight);
          if (kind === 'get') {
            bindings.get(binding, count);
            packets.push(count);
          } else if (kind === 'put' && packets.length > 0) {
            bindings.put(binding, packets.splice(count % packets.length, 1)[0]);
          } else if (kind === 'end' && inFlight > 0) {
            expect(() => bindings.unregister(binding)).toThrow(code('ERR_IN_FLIGHT', { references: inFlight }));
          } else if (kind === 'end') {
            bindings.unregister(binding);
            expect(bindings.register(1, PAGE, PAGE)).toBe(binding);
          }
        }
      }),
    );
  });
});
