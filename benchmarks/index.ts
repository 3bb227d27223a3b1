/** The scenarios of `copytax bench` by name; the command line runs them in the order of the settings. */
import type { ScenarioFactory } from '../lib/bench/scenario.js';
import type { ScenarioName } from '../lib/bench/settings.js';
import { copyCost } from './copy-cost.js';

export const scenarioTable: Readonly<Partial<Record<ScenarioName, ScenarioFactory>>> = {
  'copy-cost': copyCost,
};
