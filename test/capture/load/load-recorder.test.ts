import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LoadRecorder } from '../../../lib/capture/load/load-recorder.js';
import { EARLIER } from '../../../lib/capture/load/pool-load.js';
import type { CapturedMapping } from '../../../lib/capture/mappings/captured-mapping.js';

function mapping(id: number, given: Partial<CapturedMapping> = {}): CapturedMapping {
  const usual = { cpu: 0, context: 'process', device: 'e', size: 2048, address: 0x1000, direction: null } as const;
  return { id, timeNs: id * 100, slot: null, ...usual, ...given };
}

const rows = (recorder: LoadRecorder) => {
  const { entries, timeNs, heldNs, bytes } = recorder.load('x');
  return Array.from({ length: entries }, (_, at) => [timeNs[at], heldNs[at], bytes[at]]);
};

describe('LoadRecorder', () => {
  it('keeps when mappings were made and how long they were held, from the first on', () => {
    const recorder = new LoadRecorder();
    const paired = mapping(1, { slot: 0x8c3d, address: 0x1c3d, cpu: 3, size: 100 });
    recorder.map(paired);
    recorder.map(mapping(2, { slot: 0x9000, device: null }));
    recorder.map(mapping(3));
    recorder.fail(mapping(4, { size: 8192 }));
    recorder.unmap(paired, 450);
    recorder.unmapEarlier(3, 500);
    expect(recorder.failed).toBe(1);
    const load = recorder.load('x');
    expect([...load.timeNs]).toEqual([0, 100, 200, 300, 400]);
    expect([...load.heldNs]).toEqual([350, Number.POSITIVE_INFINITY, Number.NaN, Number.NaN, EARLIER]);
    expect([...load.bytes]).toEqual([100, 2048, 2048, 8192, 6144]);
    expect([...load.offset]).toEqual([0xc3d, 0, 0, 0, 0]);
    expect([...load.cpu]).toEqual([3, 0, 0, 0, 0]);
    expect([...load.device].map((number) => load.devices[number])).toEqual(['e', null, 'e', 'e', 'e']);
  });

  it('takes a time that goes back for the latest, and a mapping that ends before it began for one of no time', () => {
    const recorder = new LoadRecorder();
    recorder.map(mapping(1, { timeNs: 500 }));
    const late = mapping(2, { timeNs: 300, slot: 0x9000 });
    recorder.map(late);
    recorder.unmap(late, 400);
    expect(rows(recorder)).toEqual([
      [0, Number.NaN, 2048],
      [0, 0, 2048],
    ]);
  });

  it('drops the window in which slots were asked for most slowly, and says how much that was', () => {
    const recorder = new LoadRecorder(2, 2);
    const times = [0, 100, 200, 210, 300, 320, 400];
    for (const [at, timeNs] of times.entries()) recorder.map(mapping(at, { timeNs }));
    expect(recorder.dropped).toBe(4);
    expect(rows(recorder).map(([timeNs]) => timeNs)).toEqual([0, 10, 200]);
  });

  it('keeps all of a short load, and never more than its windows have', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 100 }), (waits) => {
        const recorder = new LoadRecorder(4, 8);
        let now = 0;
        for (const [at, wait] of waits.entries()) {
          now += wait;
          recorder.map(mapping(at, { timeNs: now, slot: 0x1000 + at * 2048 }));
          recorder.unmap(mapping(at - 20), now);
        }
        const { entries, timeNs } = recorder.load('x');
        expect(entries + recorder.dropped).toBe(waits.length);
        expect(entries).toBeLessThanOrEqual(32);
        if (waits.length <= 32) expect(recorder.dropped).toBe(0);
        for (let at = 1; at < entries; at++) expect(timeNs[at]!).toBeGreaterThanOrEqual(timeNs[at - 1]!);
      }),
    );
  });
});
