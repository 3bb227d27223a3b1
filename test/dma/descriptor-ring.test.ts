import { describe, expect, it } from '@jest/globals';
import { DescriptorRing, MORE } from '../../lib/dma/descriptor-ring.js';
import { inArena } from '../smp/fixtures/cpus.js';

const SIZE = 64;

function ringAt(index: number): DescriptorRing {
  const ring = inArena((arena) => new DescriptorRing(arena, SIZE));
  ring.reset();
  ring.produce(index);
  ring.complete(index);
  ring.clean(index);
  return ring;
}

describe('DescriptorRing', () => {
  it.each([0, 2 ** 31 - 20, -(2 ** 31), -20])('loses no descriptor when its indices start at %i and wrap', (start) => {
    const ring = ringAt(start);
    let written = 0;
    let done = 0;
    let cleaned = 0;
    const check = () => {
      expect([ring.room(), ring.roomNow()]).toEqual(new Array(2).fill(SIZE - written + cleaned));
      expect(ring.seemsDirty()).toBe(done !== cleaned);
    };
    for (let round = 0; round < 40; round++) {
      while (ring.room() >= 3) {
        const at = ring.next;
        for (let i = 0; i < 3; i++) ring.write(at + i, written + i, 100 + i, i === 2 ? written : MORE);
        ring.produce(at + 3);
        written += 3;
        check();
      }
      while (done < written - (round % 5) * 3) {
        ring.complete(ring.done() + 3);
        done += 3;
        check();
      }
      while (cleaned < done) {
        const at = ring.dirty;
        expect([0, 1, 2].map((i) => [ring.dma(at + i), ring.bytes(at + i), ring.skb(at + i)])).toEqual([
          [cleaned, 100, MORE],
          [cleaned + 1, 101, MORE],
          [cleaned + 2, 102, cleaned],
        ]);
        ring.clean(at + 3);
        cleaned += 3;
        check();
      }
    }
    expect(written).toBeGreaterThan(10 * SIZE);
    expect(ring.produced()).toBe((start + written) | 0);
  });

  it('has room for as many descriptors as its size', () => {
    const ring = ringAt(7);
    for (let i = 0; i < SIZE; i++) ring.write(ring.next + i, i, i, i);
    ring.produce(ring.next + SIZE);
    expect({
      room: ring.room(),
      roomNow: ring.roomNow(),
      first: ring.skb(7),
      last: ring.skb(7 + SIZE - 1),
    }).toEqual({ room: 0, roomNow: 0, first: 0, last: SIZE - 1 });
  });

  it('says of each descriptor whether its address stays mapped, and all the same how long it is', () => {
    const ring = ringAt(0);
    const look = () => [ring.dma(3), ring.bytes(3), ring.skb(3), ring.staysMapped(3)];
    ring.write(3, 2 ** 40, 65536, 7, true);
    expect(look()).toEqual([2 ** 40, 65536, 7, true]);
    ring.write(3 + SIZE, 4096, 100, MORE);
    expect(look()).toEqual([4096, 100, MORE, false]);
  });

  it('completes packets at the doorbell if it is made so', () => {
    const ring = ringAt(0);
    ring.produceDone(5);
    expect({ produced: ring.produced(), done: ring.done(), dirty: ring.dirty }).toEqual({
      produced: 5,
      done: 5,
      dirty: 0,
    });
    expect(ring.seemsDirty()).toBe(true);
  });

  it('counts packets up to an interrupt, and remembers that it is stopped', () => {
    const ring = ringAt(0);
    expect([ring.addQuiet(), ring.addQuiet()]).toEqual([1, 2]);
    ring.clearQuiet();
    expect(ring.addQuiet()).toBe(1);
    expect({ isStopped: ring.isStopped(), seemsStopped: ring.seemsStopped() }).toEqual({
      isStopped: false,
      seemsStopped: false,
    });
    ring.setStopped(true);
    expect({ isStopped: ring.isStopped(), seemsStopped: ring.seemsStopped() }).toEqual({
      isStopped: true,
      seemsStopped: true,
    });
    ring.reset();
    expect({ isStopped: ring.isStopped(), addQuiet: ring.addQuiet(), produced: ring.produced() }).toEqual({
      isStopped: false,
      addQuiet: 1,
      produced: 0,
    });
  });
});
