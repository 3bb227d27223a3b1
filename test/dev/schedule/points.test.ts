/** Replaces functions of this file's realm, which no other part of the process shares. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { Points } from '../../../dev/schedule/points.js';
import { Turns } from '../../../dev/schedule/turns.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { Arena } from '../../../lib/smp/arena.js';

class Table {
  value = 7;
  plus(a: number, b: number) {
    return this.value + a + b;
  }
  get twice() {
    return this.value * 2;
  }
}

class Mapping {
  map() {
    return 5;
  }
}

const originals = Object.getOwnPropertyDescriptors(Atomics);
const views = { Int32Array, Float64Array, Uint8Array };
afterAll(() => {
  Object.assign(globalThis, views);
  Object.defineProperties(Atomics, originals);
});

const config = {
  strategy: { kind: 'walk', seed: 5, meanGap: 3, weights: [1], prefersRare: false },
  preemptions: null,
  threads: 1,
  pointNs: 10,
  waitNs: 100,
} as const;
const turns = new Turns(Turns.buffer());
turns.reset(config);
turns.arrive(0, config);
const points = new Points(turns);
points.install([Table], [Mapping]);
const words = new Int32Array(new SharedArrayBuffer(16));

function pointsOf(work: () => unknown, tablePoints = false): number {
  const before = turns.steps;
  points.active = true;
  points.tablePoints = tablePoints;
  work();
  points.active = false;
  return turns.steps - before;
}

describe('points', () => {
  it('stand before and behind every atomic operation, whose effect stays the same', () => {
    expect(
      pointsOf(() => {
        expect(Atomics.store(words, 0, 5)).toBe(5);
        expect(Atomics.load(words, 0)).toBe(5);
        expect(Atomics.add(words, 0, 2)).toBe(5);
        expect(Atomics.sub(words, 0, 1)).toBe(7);
        expect(Atomics.and(words, 0, 4)).toBe(6);
        expect(Atomics.or(words, 0, 3)).toBe(4);
        expect(Atomics.xor(words, 0, 1)).toBe(7);
        expect(Atomics.exchange(words, 0, 9)).toBe(6);
        expect(Atomics.compareExchange(words, 0, 9, 1)).toBe(9);
        expect(Atomics.compareExchange(words, 0, 9, 2)).toBe(1);
      }),
    ).toBe(20);
  });

  it('are made of calls of tables on request', () => {
    const table = new Table();
    const calls = () => {
      expect({ plus: table.plus(1, 2), twice: table.twice }).toEqual({ plus: 10, twice: 14 });
    };
    expect({ unasked: pointsOf(calls), asked: pointsOf(calls, true) }).toEqual({ unasked: 0, asked: 2 });
  });

  it('are made of mappings in any case', () => {
    const calls = () => new Mapping().map();
    expect({ unasked: pointsOf(calls), asked: pointsOf(calls, true) }).toEqual({ unasked: 1, asked: 1 });
  });

  it('are made of copies and checksums, and not of work that is done aside', () => {
    const list = CopyList.ofThisThread();
    list.reset();
    expect(pointsOf(() => list.run(0))).toBe(1);
    expect(pointsOf(() => list.checksum(0))).toBe(1);
    expect(pointsOf(() => points.aside(() => Atomics.load(words, 0)))).toBe(0);
  });

  it('make time virtual: the time seen is that of the last reading of the clock', () => {
    const list = CopyList.ofThisThread();
    const before = list.clock();
    expect(before).toBe(turns.now);
    pointsOf(() => Atomics.load(words, 0));
    expect(list.now).toBe(before);
    expect(list.clock()).toBe(before + 20);
    expect(pointsOf(() => list.relax(0))).toBe(1);
    expect(list.now).toBe(before + 120);
    points.resetClock();
    expect(list.now).toBe(0);
  });

  it('are made of plain accesses of watched columns, whose atomic operations keep their own points', () => {
    const build = (arena: Arena) => [arena.int32(4), arena.float64(2), arena.uint8(3)] as const;
    const arena = Arena.for(build);
    points.watchColumns();
    const [plain] = build(arena);
    points.watching = true;
    const [ints, doubles, bytes] = build(Arena.over(arena.buffer!));
    points.watching = false;
    expect(pointsOf(() => plain[0]!++)).toBe(0);
    expect(pointsOf(() => ints[0]!++)).toBe(2); // one before the load, and one before the store
    expect({ plain: plain[0], watched: ints[0] }).toEqual({ plain: 2, watched: 2 });
    expect(pointsOf(() => (doubles[1] = bytes[2]!))).toBe(2);
    points.watching = true;
    const second = new Float64Array(ints.buffer, ints.byteOffset, 2);
    points.watching = false;
    expect(pointsOf(() => second[1]!++)).toBe(2);
    second[1] = 0;
    expect(pointsOf(() => ints.fill(0))).toBe(0);
    expect(pointsOf(() => ints.subarray(1, 2)[0])).toBe(1);
    expect(pointsOf(() => Atomics.add(ints, 1, 7))).toBe(2);
    expect({ atomic: Atomics.load(ints, 1), plain: plain[1] }).toEqual({ atomic: 7, plain: 7 });
    expect(ints).toHaveLength(4);
    expect(Atomics.notify(ints, 1)).toBe(0);
    expect(Atomics.wait(ints, 1, 8)).toBe('not-equal');
    expect(pointsOf(() => points.aside(() => ints[1]))).toBe(0);
  });

  it('let other threads run where one would sleep', () => {
    Atomics.store(words, 1, 3);
    expect(pointsOf(() => expect(Atomics.wait(words, 1, 4)).toBe('not-equal'))).toBe(0);
    expect(pointsOf(() => expect(Atomics.wait(words, 1, 3, 0.001)).toBe('timed-out'))).toBe(10);
  });
});
