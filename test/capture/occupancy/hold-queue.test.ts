import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HoldQueue } from '../../../lib/capture/occupancy/hold-queue.js';

describe('HoldQueue', () => {
  it('ends each mapping once, after the time of its device, in the order of the ends', () => {
    const holds = { defaultNs: 10, byDevice: new Map([['slow', 100]]) };
    const step = fc.record({ waitNs: fc.integer({ min: 0, max: 60 }), device: fc.constantFrom('slow', 'other', null) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const queue = new HoldQueue(holds);
        const open = new Map<number, number>();
        let now = 0;
        const expire = () => {
          let last = 0;
          queue.expire(now, (id) => {
            const endNs = open.get(id)!;
            expect(endNs).toBeGreaterThanOrEqual(last);
            expect(endNs).toBeLessThanOrEqual(now);
            open.delete(id);
            last = endNs;
          });
          for (const endNs of open.values()) expect(endNs).toBeGreaterThan(now);
        };
        for (const [id, { waitNs, device }] of steps.entries()) {
          now += waitNs;
          expire();
          queue.add(id, device, now);
          open.set(id, now + (device === 'slow' ? 100 : 10));
        }
        now += 1000;
        expire();
        expect(open.size).toBe(0);
      }),
    );
  });

  it('takes a mapping whose time goes back a little for one of the latest time', () => {
    const queue = new HoldQueue({ defaultNs: 10, byDevice: new Map() });
    queue.add(1, null, 50);
    queue.add(2, null, 20);
    const ended: number[] = [];
    queue.expire(59, (id) => ended.push(id));
    expect(ended).toEqual([]);
    queue.expire(60, (id) => ended.push(id));
    expect(ended).toEqual([1, 2]);
  });

  it('keeps its order over many mappings', () => {
    const queue = new HoldQueue({ defaultNs: 5, byDevice: new Map() });
    let next = 0;
    for (let id = 0; id < 50_000; id++) {
      queue.expire(id, (ended) => expect(ended).toBe(next++));
      queue.add(id, null, id);
    }
    expect(next).toBe(49_995);
  });
});
