import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InterruptThrottle } from '../../lib/dma/interrupt-throttle.js';

const QUEUES = 3;
const INTERVAL = 100;

/** What happens at a time: queues want to interrupt, one interrupts for an acknowledgement, or a poll goes on. */
const event = fc.record({
  after: fc.integer({ min: 0, max: 150 }),
  causes: fc.integer({ min: 0, max: (1 << QUEUES) - 1 }),
  flush: fc.integer({ min: 0, max: 20 }).map((chance) => chance === 0),
});

/** Remembers every interrupt of a queue, and looks at the last one. */
class NaiveQueue {
  readonly interrupts: number[] = [];
  waits = false;

  mayInterrupt(now: number): boolean {
    return this.interrupts.length === 0 || now - this.interrupts.at(-1)! >= INTERVAL;
  }
}

describe('InterruptThrottle', () => {
  it('delivers what a model that remembers all interrupts does', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const throttle = new InterruptThrottle(INTERVAL, QUEUES);
        const naive = Array.from({ length: QUEUES }, () => new NaiveQueue());
        let now = 1000;
        for (const { after, causes, flush } of events) {
          now += after;
          const due = naive.some((queue) => queue.waits && queue.mayInterrupt(now));
          expect(throttle.isDue(now)).toBe(due);
          let expected = 0;
          naive.forEach((queue, index) => {
            queue.waits ||= (causes & (1 << index)) !== 0;
            if (!queue.waits || !(flush || queue.mayInterrupt(now))) return;
            queue.waits = false;
            queue.interrupts.push(now);
            expected |= 1 << index;
          });
          expect(throttle.deliver(causes, now, flush)).toBe(expected);
        }
      }),
    );
  });

  it('loses no cause: what waits is delivered when the interval is over, and only once', () => {
    const throttle = new InterruptThrottle(INTERVAL, QUEUES);
    expect(throttle.deliver(0b001, 1000, false)).toBe(0b001);
    const during = [1000, 1050, 1099].map((now) => throttle.deliver(0b011, now, false));
    expect(during).toEqual([0b010, 0, 0]);
    expect({ early: throttle.isDue(1099), due: throttle.isDue(1100) }).toEqual({ early: false, due: true });
    expect([throttle.deliver(0, 1100, false), throttle.deliver(0, 1300, false)]).toEqual([0b011, 0]);
  });

  it('counts an interrupt that brings no completion', () => {
    const throttle = new InterruptThrottle(INTERVAL, QUEUES);
    throttle.close(0b100, 1000);
    expect({ during: throttle.openQueues(1099, false) & 0b111, after: throttle.openQueues(1100, false) }).toEqual({
      during: 0b011,
      after: 0b111,
    });
  });

  it('lets a poll go on without an interrupt', () => {
    const throttle = new InterruptThrottle(INTERVAL, QUEUES);
    throttle.deliver(0b001, 1000, false);
    throttle.reopen(0);
    expect(throttle.deliver(0b001, 1001, false)).toBe(0b001);
  });

  it('delivers everything at once without an interval', () => {
    const throttle = new InterruptThrottle(0, QUEUES);
    expect([1000, 1000].map((now) => throttle.deliver(0b101, now, false))).toEqual([0b101, 0b101]);
    expect({ off: throttle.isOff, due: throttle.isDue(1e9) }).toEqual({ off: true, due: false });
  });
});
