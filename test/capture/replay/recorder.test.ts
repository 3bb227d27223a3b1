import { describe, expect, it } from '@jest/globals';
import { Timeline } from '../../../lib/capture/occupancy/timeline.js';
import { Recorder } from '../../../lib/capture/replay/recorder.js';
import { mappingOf } from '../mapping-of.js';

describe('Recorder', () => {
  it('hands over each step once, in its order, and keeps all of a short capture', () => {
    const recorder = new Recorder(new Timeline(0));
    recorder.map(mappingOf({ id: 1, timeNs: 5 }));
    recorder.unmapEarlier(3, 6);
    const first = recorder.take();
    recorder.unmap(mappingOf({ id: 1, timeNs: 5 }), 9);
    const second = recorder.take();
    expect([...first, ...second].map(({ kind, timeNs }) => [kind, timeNs])).toEqual([
      ['map', 5],
      ['earlier', 6],
      ['unmap', 9],
    ]);
    expect(recorder.take()).toEqual([]);
    expect(recorder.kept).toEqual([...first, ...second]);
    expect([recorder.durationNs, recorder.lastNs]).toEqual([4, 9]);
  });

  it('does not keep a long capture', () => {
    const recorder = new Recorder(new Timeline(0));
    for (let id = 0; id < 100_001; id++) {
      recorder.map(mappingOf({ id }));
      if (id % 1000 === 999) recorder.take();
    }
    expect(recorder.kept).not.toBeNull();
    expect(recorder.take().length).toBeGreaterThan(0);
    expect(recorder.kept).toBeNull();
  });

  it('counts attempts, whatever became of them, and their bytes over time', () => {
    const timeline = new Timeline(0);
    const recorder = new Recorder(timeline);
    recorder.attempt(mappingOf({ size: 10, context: 'softirq', timeNs: 100 }));
    recorder.fail(mappingOf({ size: 10, timeNs: 200 }));
    expect(recorder.shares.all).toMatchObject({ events: 1, bytes: 10 });
    expect(timeline.parts()).toMatchObject([{ bytes: 10, softirqBytes: 10 }]);
    expect([recorder.take(), recorder.durationNs]).toEqual([[], 100]);
  });

  it('has no duration without events', () => {
    const recorder = new Recorder(new Timeline(0));
    expect([recorder.durationNs, recorder.lastNs]).toEqual([0, 0]);
  });
});
