import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Buffers } from '../../lib/owner/buffers.js';
import { NO_TX_BUF, TX_BUF_TYPE, TxBufTable } from '../../lib/owner/tx-buf.js';
import { ZeroCopyEntries } from '../../lib/owner/zero-copy-entries.js';
import { Arena } from '../../lib/smp/arena.js';
import { testCpu } from '../smp/fixtures/cpus.js';
import { NaiveStream } from './fixtures/naive-stream.js';
import { chainOf, testOwners } from './fixtures/owners.js';

const cpu = testCpu();
const BUFFERED = TX_BUF_TYPE.buffered;
const misuse = expect.objectContaining({ code: 'ERR_DOUBLE_FREE' });

describe('TxBufTable', () => {
  it('makes owners without bytes, successor and device, with one reference', () => {
    const { owners } = testOwners();
    const id = owners.alloc(1, TX_BUF_TYPE.zcopyUser, 2 ** 30);
    expect({
      socket: owners.socket(id),
      type: owners.type(id),
      range: [owners.start(id), owners.end(id)],
      refs: owners.refs(id),
      next: owners.next(id),
      device: owners.device(id),
      isLive: owners.isLive(id),
    }).toEqual({
      socket: 1,
      type: TX_BUF_TYPE.zcopyUser,
      range: [2 ** 30, 2 ** 30],
      refs: 1,
      next: NO_TX_BUF,
      device: 0,
      isLive: true,
    });
  });

  it('leaves nothing of the last owner in a record that is used again', () => {
    const { owners, destructor } = testOwners(2);
    const [first, second] = chainOf(owners, 10, 20) as [number, number];
    owners.setDevice(first, 3);
    const buffers = new Buffers(owners);
    const entries = new ZeroCopyEntries(owners);
    entries.add(first, 4096, 100);
    entries.setSends(first, 7, 9);
    entries.noteCopied(first);
    entries.setCharged(first, true);
    buffers.addSharer(first);
    owners.release(cpu, first, destructor);
    owners.release(cpu, second, destructor);
    const again = owners.alloc(0, BUFFERED, 30);
    expect({ again, next: owners.next(again), device: owners.device(again) }).toEqual({
      again: first,
      next: NO_TX_BUF,
      device: 0,
    });
    expect({ isShared: buffers.isShared(again), buffers: buffers.count(again) }).toEqual({
      isShared: false,
      buffers: 0,
    });
    expect({
      entries: entries.count(again),
      sends: [entries.lowSend(again), entries.highSend(again)],
      wasCopied: entries.wasCopied(again),
      isCharged: entries.isCharged(again),
    }).toEqual({ entries: 0, sends: [0, 0], wasCopied: false, isCharged: false });
  });

  it('allocates in the order of the ring, and none while the next record is in use', () => {
    const { owners, destructor } = testOwners(2);
    const [first, second] = [owners.alloc(0, BUFFERED, 0), owners.alloc(0, BUFFERED, 0)];
    expect(owners.alloc(0, BUFFERED, 0)).toBe(NO_TX_BUF);
    expect(owners.alloc(1, BUFFERED, 0)).toBe(2); // of another socket
    owners.release(cpu, second, destructor);
    expect(owners.alloc(0, BUFFERED, 0)).toBe(NO_TX_BUF);
    owners.release(cpu, first, destructor);
    expect([owners.alloc(0, BUFFERED, 0), owners.alloc(0, BUFFERED, 0)]).toEqual([first, second]);
  });

  it('allows a record to be used again only when its destructor has returned', () => {
    const { owners } = testOwners(1);
    const id = owners.alloc(0, BUFFERED, 0);
    const during: number[] = [];
    owners.release(cpu, id, { destroy: () => during.push(owners.alloc(0, BUFFERED, 0)) });
    expect(during).toEqual([NO_TX_BUF]);
    expect(owners.alloc(0, BUFFERED, 0)).toBe(id);
  });

  it('destroys owners along the chain, the first first, as far as nothing else holds them', () => {
    const { owners, destroyed, destructor } = testOwners();
    const chain = chainOf(owners, 10, 10, 10, 10) as [number, number, number, number];
    for (const id of [chain[1], chain[2]]) owners.release(cpu, id, destructor);
    expect(destroyed).toEqual([]);
    owners.release(cpu, chain[0], destructor);
    expect(destroyed).toEqual(chain.slice(0, 3));
    expect(owners.refs(chain[3])).toBe(1);
  });

  it('destroys a chain of thousands without recursion', () => {
    const { owners, destroyed, destructor } = testOwners(16384, 1);
    const chain = chainOf(owners, ...new Array<number>(16384).fill(1));
    for (const id of chain.slice(1)) owners.release(cpu, id, destructor);
    owners.release(cpu, chain[0]!, destructor);
    expect(destroyed).toEqual(chain);
  });

  it('refuses a put of an owner to which there is no reference, and a get of a freed one, at once', () => {
    const { owners, destructor } = testOwners();
    const id = owners.alloc(0, BUFFERED, 0);
    owners.release(cpu, id, destructor);
    expect(() => owners.put(id)).toThrow(misuse);
    expect(() => owners.get(id)).toThrow(misuse);
    expect(() => owners.release(cpu, id, destructor)).toThrow(misuse);
    expect(() => owners.link(owners.alloc(0, BUFFERED, 0), id)).toThrow(misuse);
    expect(owners.refs(id)).toBe(0);
  });

  it('takes a reference to an owner that may be freed, unless it is', () => {
    const { owners, destructor } = testOwners();
    const id = owners.alloc(0, BUFFERED, 0);
    expect([owners.tryGet(id), owners.refs(id)]).toEqual([true, 2]);
    owners.release(cpu, id, destructor);
    owners.release(cpu, id, destructor);
    expect([owners.tryGet(id), owners.refs(id)]).toEqual([false, 0]);
  });

  it('names the oldest owner of a socket that lives', () => {
    const { owners, destructor } = testOwners(4);
    expect([owners.oldest(0), owners.span(0)]).toEqual([NO_TX_BUF, 0]);
    const [first, second, third] = [0, 1, 2].map(() => owners.alloc(0, BUFFERED, 0)) as [number, number, number];
    expect(owners.oldest(0)).toBe(first);
    owners.release(cpu, second, destructor);
    expect(owners.oldest(0)).toBe(first);
    owners.release(cpu, first, destructor);
    expect([owners.oldest(0), owners.span(0)]).toEqual([third, 1]);
    owners.release(cpu, third, destructor);
    expect(owners.oldest(0)).toBe(NO_TX_BUF);
  });

  it('names the oldest owner after the ring has come round without being asked', () => {
    const { owners, destructor } = testOwners(4);
    for (let round = 0; round < 9; round++) owners.release(cpu, owners.alloc(0, BUFFERED, 0), destructor);
    const oldest = owners.alloc(0, BUFFERED, 0);
    owners.alloc(0, BUFFERED, 0);
    expect(owners.oldest(0)).toBe(oldest);
  });

  it('takes the reference of a second half where an skb is split', () => {
    const { owners } = testOwners();
    const chain = chainOf(owners, 10, 10, 10) as [number, number, number];
    expect([9, 10, 29].map((position) => owners.split(chain[0], position))).toEqual(chain);
    expect(chain.map((id) => owners.refs(id))).toEqual([2, 3, 3]);
    for (const [from, position] of [
      [chain[0], 30],
      [chain[1], 9],
    ] as const) {
      expect(() => owners.split(from, position)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    }
  });

  it('finds bytes behind the point where positions wrap', () => {
    const { owners } = testOwners();
    const end = 2 ** 31 - 5;
    const id = owners.alloc(0, BUFFERED, end);
    owners.setEnd(id, (end + 10) | 0);
    expect(owners.split(id, (end + 9) | 0)).toBe(id);
    for (const position of [end - 1, end + 10]) {
      expect(() => owners.split(id, position | 0)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    }
  });

  it('has rings of a power of two', () => {
    expect(() => Arena.for((arena) => new TxBufTable(arena, 1, 12))).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_POWER_OF_TWO' }),
    );
  });

  it('keeps an owner exactly as long as something needs it, whatever is cloned, split and released when', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('append' as const), bytes: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ do: fc.constant('grow' as const), bytes: fc.constant(0) }),
      fc.record({ do: fc.constantFrom('clone' as const, 'split' as const, 'release' as const), bytes: fc.nat(1000) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { owners, destroyed, destructor } = testOwners(64, 1);
        const stream = new NaiveStream();
        const ids = [owners.alloc(0, BUFFERED, 0)];
        const holds: number[] = []; // the owner that each of the naive skbs has a reference to
        for (const { do: what, bytes } of steps) {
          const which = holds.length === 0 ? -1 : bytes % holds.length;
          if (what === 'append') {
            const start = stream.position;
            stream.append(bytes);
            owners.setEnd(ids.at(-1)!, stream.position);
            const last = stream.skbs.at(-1);
            if (last !== undefined && bytes % 2 === 0 && last.end === start) last.end = stream.position;
            else {
              stream.skbs.push({ start, end: stream.position });
              owners.get(ids.at(-1)!);
              holds.push(ids.at(-1)!);
            }
          } else if (what === 'grow') {
            const next = owners.alloc(0, BUFFERED, stream.position);
            owners.link(ids.at(-1)!, next);
            owners.release(cpu, ids.at(-1)!, destructor);
            ids.push(next);
            stream.grow();
          } else if (which < 0) {
            continue;
          } else if (what === 'clone') {
            owners.get(holds[which]!);
            holds.push(holds[which]!);
            stream.skbs.push({ ...stream.skbs[which]! });
          } else if (what === 'split') {
            const skb = stream.skbs[which]!;
            if (skb.end - skb.start < 2) continue;
            const at = skb.start + 1 + (bytes % (skb.end - skb.start - 1));
            holds.push(owners.split(holds[which]!, at));
            stream.skbs.push({ start: at, end: skb.end });
            skb.end = at;
          } else {
            owners.release(cpu, holds[which]!, destructor);
            holds.splice(which, 1);
            stream.skbs.splice(which, 1);
          }
          expect({ after: what, refs: ids.map((id) => owners.refs(id)) }).toEqual({
            after: what,
            refs: ids.map((_, owner) => stream.refsOf(owner)),
          });
          expect(destroyed).toEqual(ids.slice(0, stream.oldest));
          expect(owners.oldest(0)).toBe(ids[stream.oldest]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
