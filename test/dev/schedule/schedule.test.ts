import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseSchedule, scheduleText } from '../../../dev/schedule/schedule.js';

const number = fc.integer({ min: 0, max: 1e6 });
const preemptions = fc.array(fc.record({ cpu: number, point: number, next: number }));

describe('a schedule as text', () => {
  it('is parsed as what it was written from', () => {
    const schedules = fc.record({ seed: fc.integer({ min: 0, max: 0xffffffff }), preemptions: fc.option(preemptions) });
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(parseSchedule(scheduleText(schedule))).toEqual(schedule);
      }),
    );
  });

  it('distinguishes a seed from a seed with an empty list of preemptions', () => {
    expect(parseSchedule('17')).toEqual({ seed: 17, preemptions: null });
    expect(parseSchedule('17:')).toEqual({ seed: 17, preemptions: [] });
    expect(parseSchedule('17:0@153>1')).toEqual({ seed: 17, preemptions: [{ cpu: 0, point: 153, next: 1 }] });
  });

  it.each(['', 'x', '-1', '4294967296', '17:x', '17:0@1', '17:0@1>2,', '17:,', '17 ', '17:0@1>2 '])(
    'cannot be %j',
    (text) => {
      expect(() => parseSchedule(text)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    },
  );
});
