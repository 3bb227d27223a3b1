import { describe, expect, it, jest } from '@jest/globals';
import { scaling } from '../../../benchmarks/scaling/scaling.js';
import { SharedMachine } from '../../../benchmarks/shared/shared-machine.js';
import { addon } from '../../../lib/addon/addon.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import type { Cell } from '../../../lib/bench/plan/scenario.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import type { TxTrial } from '../../../lib/machine/run/tx-trial.js';
import { GIB } from '../../../lib/units.js';
import { withCells } from '../fixtures/opened.js';

const NEVER = new AbortController().signal;
const [cpu = 0] = addon().affinity();

/** Samples a cell with the times of its trial replaced, nanoseconds of all CPUs together. Returns the ledger. */
async function ledgerWith(cell: Cell, cpuNs: number, idle: number, lockWait: number) {
  const { sample } = SharedMachine.prototype;
  const samples = jest.spyOn(SharedMachine.prototype, 'sample').mockImplementation(function (
    this: SharedMachine,
    config,
    ms,
    signal,
    of,
  ) {
    const told = (trial: TxTrial) => of({ ...trial, cpuNs, time: { ...trial.time, idle, lockWait } });
    return sample.call(this, config, ms, signal, told);
  });
  try {
    return (await cell.sample(NEVER)).ledger!;
  } finally {
    samples.mockRestore();
  }
}

describe('a cell of the path', () => {
  it('tells the share of busy time in which its CPUs waited for locks; none without any', async () => {
    const settings = { ...defaultSettings('quick', [cpu], 1), windows: [256 * 1024], sampleMs: 5 };
    const scenario = await scaling(settings, { host: hostFacts() }, 4 * GIB);
    const [cell] = scenario.cells.filter(({ params }) => params.part === 'path');
    await withCells(scenario, [cell!], async () => {
      expect(await ledgerWith(cell!, 1000, 600, 100)).toMatchObject({ 'own:lockShare': 0.25 });
      expect(await ledgerWith(cell!, 1000, 1000, 0)).not.toHaveProperty(['own:lockShare']);
    });
  });
});
