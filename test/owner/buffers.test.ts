import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_BUFFERS } from '../../lib/model-limits.js';
import { Buffers } from '../../lib/owner/buffers.js';
import { TX_BUF_TYPE } from '../../lib/owner/tx-buf.js';
import { testOwners } from './fixtures/owners.js';

function bufferedOwner(start = 0) {
  const { owners } = testOwners(4);
  return { owners, buffers: new Buffers(owners), id: owners.alloc(0, TX_BUF_TYPE.buffered, start) };
}

describe('Buffers', () => {
  it('fills buffers in turn, by bumping an offset', () => {
    const { owners, buffers, id } = bufferedOwner(1000);
    expect(buffers.room(id, 1)).toBe(0);
    buffers.add(id, 24, 3);
    buffers.add(id, 9, 0);
    expect([buffers.room(id, 32), buffers.fillPfn(id), buffers.fillOffset(id)]).toEqual([32768, 24, 0]);
    buffers.bump(id, 32700);
    expect([buffers.room(id, 32), buffers.fillPfn(id), buffers.fillOffset(id)]).toEqual([68, 24, 32700]);
    buffers.bump(id, 40);
    expect([buffers.room(id, 32), buffers.fillPfn(id), buffers.fillOffset(id)]).toEqual([4096, 9, 0]);
    buffers.bump(id, 4096);
    expect(buffers.room(id, 1)).toBe(0);
    expect([owners.start(id), owners.end(id)]).toEqual([1000, 1000 + 32740 + 4096]);
    expect([owners.refs(id), buffers.used(id, 0), buffers.used(id, 1)]).toEqual([1, 32740, 4096]);
  });

  it('has at most sixteen buffers', () => {
    const { buffers, id } = bufferedOwner();
    for (let buffer = 0; buffer < MAX_BUFFERS; buffer++) expect(buffers.add(id, buffer, 0)).toBe(true);
    expect(buffers.add(id, 99, 0)).toBe(false);
    expect(buffers.count(id)).toBe(MAX_BUFFERS);
  });

  it('removes whole buffers below a position, but none that is still to be filled', () => {
    const { owners, buffers, id } = bufferedOwner(100);
    const range = { from: 9, to: 9 };
    for (const pfn of [1, 2, 3]) buffers.add(id, pfn, 0);
    buffers.room(id, 1);
    buffers.bump(id, 4096);
    expect(buffers.takeBelow(id, 4196, range)).toBe(false); // it is full, which the next fill finds
    buffers.room(id, 1);
    buffers.bump(id, 1000);
    expect(buffers.takeBelow(id, 4195, range)).toBe(false);
    expect([buffers.takeBelow(id, 4196, range), range, owners.start(id)]).toEqual([true, { from: 0, to: 1 }, 4196]);
    expect(buffers.takeBelow(id, 4196, range)).toBe(false);
    expect(buffers.takeBelow(id, 5196, range)).toBe(false);
    expect([buffers.first(id), buffers.count(id)]).toEqual([1, 3]);
    expect([buffers.fillPfn(id), buffers.fillOffset(id)]).toEqual([2, 1000]);
  });

  it('begins again with the buffers that are left once it is drained', () => {
    const { owners, buffers, id } = bufferedOwner();
    for (const pfn of [1, 2, 3]) buffers.add(id, pfn, 0);
    for (const bytes of [4096, 4096, 50]) {
      buffers.room(id, 1);
      buffers.bump(id, bytes);
    }
    buffers.takeBelow(id, 8192, { from: 0, to: 0 });
    buffers.rewind(id);
    expect({
      range: [owners.start(id), owners.end(id)],
      count: buffers.count(id),
      first: buffers.first(id),
      room: buffers.room(id, 1),
      fill: [buffers.fillPfn(id), buffers.fillOffset(id)],
    }).toEqual({ range: [8242, 8242], count: 1, first: 0, room: 4096, fill: [3, 0] });
  });

  it('removes early exactly the buffers all of whose bytes are below the position, whatever is filled when', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('fill' as const), value: fc.integer({ min: 1, max: 6000 }) }),
      fc.record({ do: fc.constant('take' as const), value: fc.nat(100) }),
      fc.record({ do: fc.constant('rewind' as const), value: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const { owners, buffers, id } = bufferedOwner();
        let nextPfn = 1;
        /** Of each buffer that is held: its page, and where its last byte lies in the stream. */
        let held: { pfn: number; end: number }[] = [];
        let acked = 0;
        for (const { do: what, value } of steps) {
          if (what === 'fill') {
            let left = value;
            while (left > 0) {
              const room = buffers.room(id, 32);
              if (room === 0) {
                if (!buffers.add(id, nextPfn, 0)) break;
                nextPfn++;
                continue;
              }
              const bytes = Math.min(left, room);
              if (held.at(-1)?.pfn !== buffers.fillPfn(id)) held.push({ pfn: buffers.fillPfn(id), end: 0 });
              expect(buffers.fillOffset(id) + bytes).toBeLessThanOrEqual(4096);
              buffers.bump(id, bytes);
              held.at(-1)!.end = owners.end(id);
              left -= bytes;
            }
          } else if (what === 'take') {
            acked += Math.floor(((owners.end(id) - acked) * value) / 100);
            const range = { from: 0, to: 0 };
            const taken: number[] = [];
            if (buffers.takeBelow(id, acked, range)) {
              for (let buffer = range.from; buffer < range.to; buffer++) taken.push(buffers.pfn(id, buffer));
            }
            // The last buffer that was begun may still be filled; only a fill finds that it cannot.
            const whole = held.slice(0, -1).filter(({ end }) => end <= acked);
            const isLastFull = taken.length > whole.length;
            expect(taken).toEqual(held.slice(0, whole.length + (isLastFull ? 1 : 0)).map(({ pfn }) => pfn));
            if (isLastFull) expect(held.at(-1)!.end).toBeLessThanOrEqual(acked);
            held = held.slice(taken.length);
          } else {
            buffers.rewind(id);
            held = [];
            acked = owners.end(id);
          }
          expect(owners.start(id)).toBeLessThanOrEqual(owners.end(id));
        }
      }),
      { numRuns: 300 },
    );
  });
});
