import { describe, expect, it } from '@jest/globals';
import { expectThat, intercept, Scene } from '../../../lib/faults/scene/scene.js';

describe('intercept', () => {
  it('replaces a method of one object, and puts it back', () => {
    class Counter {
      count = 0;
      add(by: number): number {
        this.count += by;
        return this.count;
      }
    }
    const [mine, other] = [new Counter(), new Counter()];
    const undo = intercept(mine, 'add', (add) => (by) => add(by * 10));
    expect([mine.add(1), other.add(1)]).toEqual([10, 1]);
    undo();
    expect(mine.add(1)).toBe(11);
  });
});

describe('expectThat', () => {
  it('throws unless the condition holds', () => {
    expect(() => expectThat('all is well', true)).not.toThrow();
    expect(() => expectThat('all is well', false, { why: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_UNBALANCED', message: 'expected that all is well', details: { why: 1 } }),
    );
  });
});

describe('a scene', () => {
  it('has a clock that moves with its turns, or stands still', () => {
    const scene = new Scene('hardened');
    try {
      const { list } = scene.machine.runners[0]!.cpu;
      const began = list.now;
      scene.turns(10);
      expect([list.now > began, list.clock()]).toEqual([true, scene.now]);
      scene.isTicking = false;
      const stood = list.now;
      scene.turns(10);
      expect(list.now).toBe(stood);
    } finally {
      scene.close();
    }
  });

  it('counts the bytes that were sent, and those that were copied twice', () => {
    const scene = new Scene('hardened', { design: 'bounce' });
    try {
      scene.machine.run();
      expect([scene.sent, scene.bounced, scene.mapFailures]).toEqual([40 * 32768, 40 * 32768, 0]);
    } finally {
      scene.close();
    }
  });
});
