import { describe, expect, it } from '@jest/globals';
import { SCENARIOS } from '../../../benchmarks/index.js';
import { isScenarioName, SCENARIO_NAMES } from '../../../lib/bench/plan/scenario-names.js';

describe('the names of the built-in scenarios', () => {
  it('are those of the list, in its order', () => {
    expect(SCENARIO_NAMES).toEqual(SCENARIOS.map(({ name }) => name));
  });

  it('are told from other names', () => {
    expect(['copy-cost', 'my-copies', 'toString'].map(isScenarioName)).toEqual([true, false, false]);
  });
});
