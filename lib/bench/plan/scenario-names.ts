import { frozen } from '../../frozen.js';

/** The names of the built-in scenarios: `benchmarks/index.ts` has a line for each, in this order. */
export const SCENARIO_NAMES = frozen([
  'tx-designs',
  'design-prices',
  'copy-cost',
  'control-cost',
  'kernel-send',
  'slot-pool',
  'growth-lookup',
  'free-dispatch',
  'lifetime-cost',
  'softirq-share',
  'convert-in-place',
  'zerocopy-break-even',
  'copy-temperature',
  'pollution',
  'scaling',
  'copy-surface',
  'pool-exhaustion',
] as const);

/** The name of a built-in scenario, as `copytax bench --only` takes it. */
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** Returns whether a scenario of this name is built in. */
export function isScenarioName(name: string): name is ScenarioName {
  return (SCENARIO_NAMES as readonly string[]).includes(name);
}
