/**
 * Rounds: in each, every tool runs once, and beside each run are the copies of copytax that it is compared with, so
 * that what else the host does falls on both. Odd rounds take the measurements of a run in the opposite order.
 */
import type { Rates } from './agreement-file.js';
import { mbwGroups, perfGroups } from './copying-tools.js';
import type { Conditions, Group } from './plan.js';
import type { ToolName } from './programs.js';
import { stressGroups } from './stress-ng.js';

const GROUPS: Readonly<Record<ToolName, (file: string, conditions: Conditions) => Group[]>> = {
  mbw: mbwGroups,
  perf: perfGroups,
  'stress-ng': stressGroups,
};

/** Returns what is measured with a tool and beside it. `file`: its path. */
export function groupsOf(tool: ToolName, file: string, conditions: Conditions): Group[] {
  return GROUPS[tool](file, conditions);
}

/** Returns the rates of all keys. `onRun`: called before each run of a tool. Throws what a run throws. */
export async function measureRounds(
  groups: readonly Group[],
  rounds: number,
  onRun: (round: number, group: Group) => void = () => {},
): Promise<Rates> {
  const rates: Rates = {};
  for (let round = 0; round < rounds; round++) {
    for (const group of groups) {
      onRun(round, group);
      const measures = round % 2 === 0 ? group.measures : [...group.measures].reverse();
      for (const { keys, take } of measures) {
        const taken = take();
        keys.forEach((key, at) => {
          rates[key] ??= [];
          rates[key].push(taken[at]!);
        });
      }
      // Signals are delivered between runs only: each blocks this thread.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return rates;
}
