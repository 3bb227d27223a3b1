/**
 * What a program imports as `copytax/bench`: the instrument, and the built-in scenarios, which are a room below it. A
 * scenario is loaded when its factory is called, so that the import of the door costs none of them.
 */
import type { ScenarioFactory } from '../lib/bench/plan/scenario.js';
import type { ScenarioName } from '../lib/bench/plan/scenario-names.js';
import { SCENARIOS } from './index.js';

export * from '../lib/bench/index.js';

/**
 * The built-in scenarios of `copytax bench` by name, as factories that `measure` takes: they make their cells of the
 * settings of the run, and choose how much they measure by its time. Main thread only: some pin it to the first of
 * `cpus`. Call `setEngineFlags` before `measure`, as the command does, or the control plane is slower than there.
 */
export const scenarios = Object.freeze(
  Object.fromEntries(
    SCENARIOS.map(({ name, load }): [string, ScenarioFactory] => [
      name,
      async (settings, context) => (await load())(settings, context),
    ]),
  ),
) as Readonly<Record<ScenarioName, ScenarioFactory>>;
