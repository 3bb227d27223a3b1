import { describe, expect, it } from '@jest/globals';
import { scenarios } from '../../benchmarks/bench-door.js';
import { hostFacts } from '../../lib/bench/host/host-facts.js';
import { SCENARIO_NAMES } from '../../lib/bench/plan/scenario-names.js';
import { defaultSettings } from '../../lib/bench/plan/settings.js';

describe('scenarios of copytax/bench', () => {
  it('are all built-in ones by name, and cannot be replaced', () => {
    expect(Object.keys(scenarios)).toEqual([...SCENARIO_NAMES]);
    expect(Object.isFrozen(scenarios)).toBe(true);
  });

  it('are made of settings', async () => {
    const settings = defaultSettings('quick', [0], 1);
    const scenario = await scenarios['copy-cost'](settings, { host: hostFacts() });
    expect({ name: scenario.name, hasCells: scenario.cells.length > 0 }).toEqual({ name: 'copy-cost', hasCells: true });
  });
});
