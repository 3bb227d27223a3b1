import { describe, expect, it } from '@jest/globals';
import { LOG_WORDS, PreemptionLog, Replay } from '../../../dev/schedule/preemption-log.js';

describe('a log of preemptions', () => {
  it('holds its entries in order until it is cleared', () => {
    const log = new PreemptionLog(new Int32Array(LOG_WORDS));
    log.add(0, 7, 1);
    log.add(1, 3, 2);
    expect(log.all()).toEqual([
      { cpu: 0, point: 7, next: 1 },
      { cpu: 1, point: 3, next: 2 },
    ]);
    log.clear();
    expect(log.all()).toEqual([]);
  });

  it('returns null when there were too many, and writes nothing beyond its end', () => {
    const words = new Int32Array(LOG_WORDS + 1);
    const log = new PreemptionLog(words);
    for (let point = 1; point <= 1 << 16; point++) log.add(0, point, 1);
    expect(log.all()).toHaveLength(1 << 16);
    log.add(0, 99_999, 1);
    expect(log.all()).toBeNull();
    expect(words.at(-1)).toBe(0);
  });
});

describe('a replay', () => {
  it('follows the preemptions of its own CPU, in whatever order the list is', () => {
    const list = [
      { cpu: 1, point: 9, next: 0 },
      { cpu: 0, point: 4, next: 1 },
      { cpu: 1, point: 2, next: 3 },
    ];
    const replay = new Replay(list, 1);
    expect([1, 2, 3, 4, 9, 10].map((point) => replay.nextAt(point))).toEqual([-1, 3, -1, -1, 0, -1]);
  });
});
