import { describe, expect, it } from '@jest/globals';
import { SCENARIOS } from '../../benchmarks/index.js';

const names = (wanted: (entry: (typeof SCENARIOS)[number]) => boolean) =>
  SCENARIOS.filter(wanted).map(({ name }) => name);

describe('the list of scenarios', () => {
  it('says which scenarios run by default, which only on request, and which measure the transmit designs', () => {
    expect(names(({ onRequest }) => !onRequest)).toEqual(['tx-designs', 'copy-cost', 'control-cost']);
    expect(names(({ onRequest }) => onRequest === true)).toEqual([
      ...['slot-pool', 'growth-lookup', 'free-dispatch', 'softirq-share', 'pool-exhaustion'],
    ]);
    expect(names(({ measuresDesigns }) => measuresDesigns === true)).toEqual(['tx-designs']);
  });

  it('loads a function that makes the scenario for each line', async () => {
    for (const { name, load } of SCENARIOS)
      expect({ name, made: typeof (await load()) }).toEqual({ name, made: 'function' });
  });
});
