import { describe, expect, it } from '@jest/globals';
import { ContinuousClock } from '../../../lib/capture/mappings/continuous-clock.js';

describe('ContinuousClock', () => {
  it('leaves times as they are that go on, or back by little', () => {
    const clock = new ContinuousClock();
    const times = [5e9, 6e9, 6e9 - 10e6, 6e9, 7e9];
    expect(times.map((time) => clock.continued(time))).toEqual(times);
    expect(clock.restarts).toBe(0);
  });

  it('continues with a part whose times begin again, however often', () => {
    const clock = new ContinuousClock();
    const times = [5e9, 6e9, 1e9, 1.5e9, 0, 2e9];
    expect(times.map((time) => clock.continued(time))).toEqual([5e9, 6e9, 6e9, 6.5e9, 6.5e9, 8.5e9]);
    expect(clock.restarts).toBe(2);
  });
});
