import { describe, expect, it } from '@jest/globals';
import { defaultSettings, EFFORTS, type ScenarioListing, sweepSettings } from '../../../lib/bench/plan/settings.js';
import { UNKNOWN_MEMORY } from '../../../lib/bench/plan/swept-pools.js';

describe('defaultSettings', () => {
  it.each(EFFORTS)('makes %s settings that fit one CPU', (effort) => {
    expect(defaultSettings(effort, [3], 1)).toMatchObject({ senders: [1], queues: [1], cpus: [3] });
  });

  it('keeps the time that each effort promises', () => {
    expect(defaultSettings('quick', [0, 1], 1).limitMs).toBeLessThan(15_000);
    expect(defaultSettings('default', [0, 1], 1).limitMs).toBeLessThan(60_000);
    for (const effort of EFFORTS) {
      const { budgetMs, limitMs } = defaultSettings(effort, [0, 1], 1);
      expect(budgetMs).toBeLessThan(limitMs);
    }
  });

  it('runs scenarios on request only in a full run, and scenarios without designs in no sweep', () => {
    const entries: ScenarioListing[] = [
      { name: 'designs', measuresDesigns: true },
      { name: 'usual' },
      { name: 'asked-for', onRequest: true },
    ];
    expect(defaultSettings('full', [0], 1, entries).scenarios).toEqual(['designs', 'usual', 'asked-for']);
    expect(defaultSettings('default', [0], 1, entries).scenarios).toEqual(['designs', 'usual']);
    expect(defaultSettings('quick', [0], 1, entries).scenarios).toEqual(['designs', 'usual']);
    expect(sweepSettings([0], 1, UNKNOWN_MEMORY, entries).scenarios).toEqual(['designs']);
  });

  it('has no growth, and the designs as they are hardened, in any effort', () => {
    const usual = { growths: ['none'], flavours: ['hardened'], freeDispatches: ['design'] };
    for (const effort of EFFORTS) expect(defaultSettings(effort, [0], 1)).toMatchObject(usual);
  });

  it('sweeps senders and queues in powers of two, up to the CPUs that there are', () => {
    expect(sweepSettings([0], 1)).toMatchObject({
      senders: [1],
      queues: [1],
      effort: 'full',
    });
    expect(sweepSettings([0, 1, 2, 3, 4], 1)).toMatchObject({ senders: [1, 2, 4], queues: [1, 2, 4] });
    const many = Array.from({ length: 64 }, (_, cpu) => cpu);
    const { senders, messages } = sweepSettings(many, 1);
    expect({ mostSenders: senders.at(-1), smallest: messages[0], largest: messages.at(-1) }).toEqual({
      mostSenders: 8,
      smallest: 64,
      largest: 1 << 20,
    });
  });

  it('uses as many senders as CPUs, up to eight', () => {
    const cpus = Array.from({ length: 64 }, (_, cpu) => cpu);
    expect(defaultSettings('default', [0, 1], 1).senders).toEqual([1, 2]);
    expect(defaultSettings('full', cpus, 1)).toMatchObject({ senders: [1, 8], queues: [1, 8] });
  });
});
