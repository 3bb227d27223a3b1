/** The cells of the scenario, one sample each. No test depends on a speed. */
import { describe, expect, it } from '@jest/globals';
import { pollution } from '../../../benchmarks/pollution/pollution.js';
import { addon } from '../../../lib/addon/addon.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import type { Cell, Scenario } from '../../../lib/bench/plan/scenario.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { MIB } from '../../../lib/units.js';
import { lastLevelCache } from '../../bench/fixtures/memory-facts.js';
import { withCells } from '../fixtures/opened.js';

const NEVER = new AbortController().signal;
const host = hostFacts();
const [cpu = 0, otherCpu = cpu] = addon().affinity();
const AVAILABLE = 64 * MIB;

function settingsOf(...cpus: number[]) {
  return { ...defaultSettings('quick', cpus, 1), pools: [8 * MIB], sampleMs: 10 };
}

const partOf = ({ params }: Cell) => String(params.part);
const partsOf = ({ cells }: Scenario) => [...new Set(cells.map(partOf))];
const legendOf = ({ tables }: Scenario) =>
  tables.flatMap((table) => (table.kind === 'pollution' ? table.legend : [])).join('\n');

describe('pollution', () => {
  // Both CPUs of the run may be the same one: then there is no neighbour, and the device takes turns with the sender.
  it('measures each part with values that are finite, whatever the host does meanwhile', async () => {
    const scenario = await pollution(settingsOf(cpu, otherCpu), { host }, AVAILABLE);
    const { cells } = scenario;
    await withCells(scenario, cells, async () => {
      for (const cell of cells) {
        const { value, durationMs, ledger = {} } = await cell.sample(NEVER);
        expect(durationMs).toBeGreaterThanOrEqual(0);
        for (const key of Object.values(ledger)) expect(key).toBeGreaterThanOrEqual(0);
        // A neighbour, or a machine, that the host gave no CPU has no value; all others have one.
        const mayMiss = ['neighbour', 'whole path'].includes(partOf(cell));
        if (value === null) expect({ id: cell.id, mayMiss }).toEqual({ id: cell.id, mayMiss: true });
        else expect(value > 0 && Number.isFinite(value)).toBe(true);
        if (partOf(cell) === 'copy') expect(value! * ledger.gigabytesPerSecond!).toBeCloseTo(65536, 3);
      }
    });
  });

  it('compares non-temporal copies with ordinary ones, and victims with no bounce', async () => {
    const shared = { ...host, caches: [lastLevelCache(8 * MIB, [0, 1])], cpu: { ...host.cpu, siblings: null } };
    const scenario = await pollution(settingsOf(0, 1), { host: shared }, AVAILABLE);
    const { cells, ratios } = scenario;
    expect(partsOf(scenario)).toEqual(['same core', 'neighbour', 'copy', 'device', 'whole path']);
    for (const part of ['same core', 'neighbour']) {
      const quiet = cells.filter((cell) => partOf(cell) === part && cell.params.kernel === 'none').map(({ id }) => id);
      const bouncing = cells.filter((cell) => partOf(cell) === part && cell.params.kernel !== 'none');
      expect(quiet.length).toBeGreaterThan(0);
      for (const { id } of bouncing) {
        expect(ratios.filter(({ of, to }) => of === id && quiet.includes(to))).toHaveLength(1);
      }
    }
    const ids = ratios.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const streaming = cells.filter(({ params }) => String(params.kernel).startsWith('nt-'));
    for (const { id } of streaming) expect(ratios.some(({ of, to }) => of === id && !to.includes('/none'))).toBe(true);
  });

  it('says what a host with one CPU leaves out', async () => {
    const scenario = await pollution(settingsOf(cpu), { host }, AVAILABLE);
    expect(partsOf(scenario)).toEqual(['same core', 'copy', 'device']);
    expect(scenario.cells.filter(({ params }) => params.reader === 'another core')).toEqual([]);
    const legend = legendOf(scenario);
    expect(legend).toContain('Left out: the neighbour, because this run has one CPU.');
    expect(legend).toContain('Left out: the device on another core and the whole transmit path');
  });

  it('says which caches are not told, and which working sets have no memory', async () => {
    const untold = await pollution(settingsOf(cpu), { host: { ...host, caches: null } }, AVAILABLE);
    expect(legendOf(untold)).toContain('the host does not tell L1 and L2 and LLC');
    const shared = { ...host, caches: [lastLevelCache(64 * MIB, [0, 1])], cpu: { ...host.cpu, siblings: null } };
    const small = await pollution(settingsOf(0, 1), { host: shared }, AVAILABLE);
    expect(legendOf(small)).toMatch(/Left out: neighbours with .*128 MiB.*available \(64 MiB\)/);
  });
});
