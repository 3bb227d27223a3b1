/**
 * What do more CPUs make of it? The transmit path on one CPU up to all, with queues and areas that they share or have
 * for themselves, and bare copies on as many CPUs at a time, which show where memory ends it.
 */
import { availableMemory } from '../../lib/bench/host/available-memory.js';
import type { Scenario, ScenarioContext } from '../../lib/bench/plan/scenario.js';
import type { BenchSettings } from '../../lib/bench/plan/settings.js';
import { COUNTER_KEYS } from '../../lib/bench/types/ledger-keys.js';
import { random, seedFor } from '../../lib/random.js';
import { SAMPLED_COSTS } from '../shared/trial-ledger.js';
import { copyCells, nodeCells } from './copy-cells.js';
import { CopyingThreads } from './copying-threads.js';
import { legendOf } from './legend.js';
import { NodeCopies } from './node-copies.js';
import { pathCells } from './path-cells.js';
import { scalingPlan } from './scaling-plan.js';

const NAME = 'scaling';

/** `availableBytes`: memory that this process can still get. */
export async function scaling(
  settings: BenchSettings,
  { host }: ScenarioContext,
  availableBytes: number = availableMemory(),
): Promise<Scenario> {
  const plan = scalingPlan(settings, host, availableBytes);
  const { order, nodes } = plan;
  const path = pathCells(NAME, plan, settings);
  const threads = new CopyingThreads(order.cpus, plan.partBytes);
  const between = new NodeCopies(order.cpus[0]!, nodes.pairs.length > 0 ? nodes.nodes! : [], nodes.sideBytes);
  const copies = [copyCells(NAME, plan, settings, threads), nodeCells(NAME, plan, between)];
  const places = random(seedFor(settings.seed, `${NAME} places`));
  return {
    name: NAME,
    question: 'how much more do more CPUs send and copy, and what ends it?',
    cells: [path, ...copies].flatMap(({ cells }) => cells),
    ratios: [path, ...copies].flatMap(({ ratios }) => ratios),
    tables: [{ kind: 'scaling', legend: legendOf(plan) }],
    sampledLedger: [...SAMPLED_COSTS, ...COUNTER_KEYS],
    weight: 2,
    open: async (signal) => {
      for (const machine of path.machines) await machine.open(signal);
      await threads.open(signal);
      if (nodes.pairs.length > 0) await between.open(signal);
    },
    renew: async (signal) => {
      between.close(); // first, so that the others get pages of it before it opens again
      for (const machine of path.machines) await machine.renew(places, signal);
      await threads.renew(signal);
      if (nodes.pairs.length > 0) await between.open(signal);
    },
    close: async () => {
      between.close();
      await Promise.all([threads.close(), ...path.machines.map((machine) => machine.close())]);
    },
  };
}
