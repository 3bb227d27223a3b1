import { describe, expect, it } from '@jest/globals';
import { STALL_DETECTOR_WORDS, StallDetector } from '../../../dev/schedule/stall-detector.js';

const BOTH = 0b11;
const newDetector = () => new StallDetector(new Int32Array(STALL_DETECTOR_WORDS));
const wait = (detector: StallDetector, thread: number, times: number) => {
  for (let i = 0; i < times; i++) detector.waited(thread, BOTH);
};

describe('a stall detector', () => {
  it('throws when all threads have waited for long, unless one made progress meanwhile', () => {
    const stalled = newDetector();
    wait(stalled, 0, 600);
    expect(() => wait(stalled, 1, 30_000)).toThrow(
      expect.objectContaining({ code: 'ERR_NO_PROGRESS', message: 'no CPU made progress during 20001 waits' }),
    );
    const alive = newDetector();
    wait(alive, 0, 600);
    wait(alive, 1, 19_000);
    expect(alive.waits).toBe(19_600);
    alive.progressed();
    expect(alive.waits).toBe(0);
    expect(() => wait(alive, 1, 19_000)).not.toThrow();
  });

  it('waits for a thread that may be in the middle of a step and has hardly had a turn', () => {
    const detector = newDetector();
    wait(detector, 0, 100);
    expect(() => wait(detector, 1, 50_000)).not.toThrow();
  });

  it('knows when no thread is within a step, and whether there was progress since it last said so', () => {
    const detector = newDetector();
    detector.enterStep();
    detector.enterStep();
    expect([detector.leaveStep(), detector.leaveStep()]).toEqual([false, true]);
    detector.progressed();
    expect([2, 1, 1].map((times) => detector.hasProgressed(times))).toEqual([false, true, false]);
  });
});
