import { describe, expect, it } from '@jest/globals';
import { Turns, type TurnsConfig } from '../../../dev/schedule/turns.js';

const strategy = { kind: 'walk', seed: 5, meanGap: 3, weights: [1, 1], prefersRare: false } as const;

/** The turns of one thread, which has every turn. */
function alone(given: Partial<TurnsConfig> = {}): Turns {
  const turns = new Turns(Turns.buffer());
  const config = { strategy, preemptions: null, threads: 1, pointNs: 10, waitNs: 100, ...given };
  turns.reset(config);
  turns.arrive(0, config);
  return turns;
}

describe('turns', () => {
  it('let time pass at points and waits, and the faster the longer no CPU makes progress', () => {
    const turns = alone();
    for (let i = 0; i < 5; i++) turns.point();
    expect(turns.now).toBe(50);
    turns.wait();
    expect(turns.now).toBe(150);
    for (let i = 0; i < 100; i++) turns.wait();
    const before = turns.now;
    turns.wait();
    expect(turns.now - before).toBeGreaterThan(400);
    turns.stallDetector.progressed();
    const after = turns.now;
    turns.wait();
    expect(turns.now - after).toBe(100);
    expect(turns.report()).toMatchObject({ steps: 108, switches: 0, preemptions: [] });
  });

  it('end a machine that goes on for ever, however busy it is, but not one that takes millions of points', () => {
    const turns = alone();
    expect(() => {
      for (let i = 0; i < 3_000_000; i++) turns.point();
    }).not.toThrow();
    const forEver = () => {
      for (;;) turns.point();
    };
    expect(forEver).toThrow(expect.objectContaining({ code: 'ERR_NO_PROGRESS' }));
  });

  it('have a hash that depends on the events and on their order', () => {
    const hash = (...events: [number, number, number][]) => {
      const turns = alone();
      for (const event of events) turns.saw(...event);
      return turns.report().hash;
    };
    const events: [number, number, number][] = [
      [1, 64, 5],
      [2, 64, 5],
      [1, 68, 5],
      [1, 64, 6],
    ];
    expect(new Set(events.map((event) => hash(event))).size).toBe(4);
    expect(hash(events[0]!, events[1]!)).not.toBe(hash(events[1]!, events[0]!));
    expect(hash(...events)).toBe(hash(...events));
  });

  it('stop a thread at its next point once the machine has failed', () => {
    const turns = alone();
    turns.point();
    turns.stop();
    expect(() => turns.point()).toThrow();
    expect(turns.leave()).toBe(true);
  });

  it('call a check at one point in N', () => {
    const turns = alone();
    let checks = 0;
    turns.checkEvery(10, () => checks++);
    for (let i = 0; i < 100; i++) turns.point();
    expect(checks).toBe(10);
  });
});
