/** The scenarios of `copytax bench` by name; the command line runs them in the order of the settings. */
import type { ScenarioFactory } from '../lib/bench/plan/scenario.js';
import type { ScenarioName } from '../lib/bench/plan/settings.js';
import { controlCost } from './control-cost/control-cost.js';
import { copyCost } from './copy-cost/copy-cost.js';
import { freeDispatch } from './free-dispatch/free-dispatch.js';
import { growthLookup } from './growth-lookup/growth-lookup.js';
import { poolExhaustion } from './pool-exhaustion/pool-exhaustion.js';
import { slotPool } from './slot-pool/slot-pool.js';
import { softirqShare } from './softirq-share/softirq-share.js';
import { txDesigns } from './tx-designs/tx-designs.js';

export const scenarioTable: Readonly<Record<ScenarioName, ScenarioFactory>> = {
  'tx-designs': txDesigns,
  'copy-cost': copyCost,
  'control-cost': controlCost,
  'slot-pool': slotPool,
  'growth-lookup': growthLookup,
  'free-dispatch': freeDispatch,
  'softirq-share': softirqShare,
  'pool-exhaustion': poolExhaustion,
};
