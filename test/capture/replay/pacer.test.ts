import { describe, expect, it } from '@jest/globals';
import { Pacer } from '../../../lib/capture/replay/pacer.js';
import type { Step } from '../../../lib/capture/replay/replay-driver.js';

const steps = (...ms: number[]): Step[] => ms.map((one) => ({ kind: 'earlier', timeNs: 7e9 + one * 1e6, slots: 1 }));

describe('Pacer', () => {
  it('hands over all steps in their order, none before it is due', async () => {
    const pacer = new Pacer();
    const began = performance.now();
    const seen: Step[] = [];
    const all = steps(0, 1, 20, 21, 21, 60, 40);
    for (const portion of [all.slice(0, 3), all.slice(3)]) {
      for await (const due of pacer.portions(portion)) {
        // Timers of Node may come a millisecond early.
        for (const { timeNs } of due) expect(performance.now() - began).toBeGreaterThan((timeNs - 7e9) / 1e6 - 4);
        seen.push(...due);
      }
    }
    expect(seen).toEqual(all);
    expect(performance.now() - began).toBeGreaterThan(50);
  });

  it('ends with the reason of its signal while it waits', async () => {
    const stop = new AbortController();
    const pacer = new Pacer(stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 20);
    const all = (async () => {
      for await (const _ of pacer.portions(steps(0, 3_600_000)));
    })();
    await expect(all).rejects.toThrow('enough');
  });
});
