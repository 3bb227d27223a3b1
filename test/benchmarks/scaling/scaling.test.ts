/** The cells of the scenario, run on one and two CPUs, and made for hosts that are not there. No test is about speed. */
import { describe, expect, it } from '@jest/globals';
import { scaling } from '../../../benchmarks/scaling/scaling.js';
import { addon } from '../../../lib/addon/addon.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import type { Cell, Sample, Scenario } from '../../../lib/bench/plan/scenario.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { GIB, MIB } from '../../../lib/units.js';
import { hostOf } from '../fixtures/hosts.js';
import { withCells } from '../fixtures/opened.js';

const NEVER = new AbortController().signal;
const host = hostFacts();
const [cpu = 0, otherCpu = cpu] = addon().affinity();
/** Small send buffers and a small slot pool: nothing here is about speed. */
const settings = (cpus: readonly number[]) => ({
  ...defaultSettings('quick', cpus, 1),
  windows: [256 * 1024],
  pools: [8 * MIB],
  sampleMs: 10,
});

const legendOf = ({ tables }: Scenario) =>
  tables.flatMap((table) => (table.kind === 'scaling' ? table.legend : [])).join('\n');
const partsOf = ({ cells }: Scenario) => [...new Set(cells.map(({ params }) => params.part))];

/** Samples each cell until something moved, for a host may stall, or refuses the memory of a node. */
async function measured(cell: Cell): Promise<Sample> {
  for (;;) {
    const sample = await cell.sample(NEVER);
    if (sample.value !== null || sample.whyNone !== undefined) return sample;
  }
}

async function expectMeasured(scenario: Scenario): Promise<void> {
  await withCells(scenario, scenario.cells, async () => {
    for (const cell of scenario.cells) {
      const { value, durationMs, ledger, whyNone } = await measured(cell);
      if (whyNone !== undefined) continue;
      expect(value).toBeGreaterThan(0);
      expect(durationMs).toBeGreaterThan(0);
      if (cell.params.part === 'path') expect(ledger!['own:lockShare'] ?? 0).toBeLessThanOrEqual(1);
    }
  });
}

describe('scaling', () => {
  it('measures one CPU, on which nothing is shared', async () => {
    const scenario = await scaling(settings([cpu]), { host }, 4 * GIB);
    const { cells, ratios } = scenario;
    expect(cells.map(({ params }) => params.cpus)).toEqual(cells.map(() => 1));
    expect(cells.filter(({ params }) => params.part === 'path')).toHaveLength(3);
    expect(ratios).toEqual([]);
    expect(legendOf(scenario)).toContain(`This run has one CPU, ${cpu}: there is none to add.`);
    await expectMeasured(scenario);
  });

  it('measures two CPUs beside one, with what they share and what is their own', async () => {
    const scenario = await scaling(settings([cpu, otherCpu]), { host }, 4 * GIB);
    const ids = scenario.cells.map(({ id }) => id);
    for (const how of ['one/cpus=1', 'shared/cpus=2', 'own/cpus=2']) {
      expect(ids).toContain(`scaling/path/bounce/${how}`);
    }
    for (const { of, to } of scenario.ratios) expect(ids).toEqual(expect.arrayContaining([of, to]));
    await expectMeasured(scenario);
  });

  it('plays the machines of four CPUs also where threads take turns, which no run measures', async () => {
    const scenario = await scaling(settings([cpu, otherCpu, cpu, otherCpu]), { host }, 4 * GIB);
    expect(Math.max(...scenario.cells.map(({ params }) => Number(params.cpus)))).toBe(4);
    await expectMeasured(scenario);
  });

  it('compares siblings with cores, and memory nodes, where a host has them', async () => {
    const fake = hostOf({ cores: 8, threads: 2, nodes: 2 });
    const scenario = await scaling(defaultSettings('full', fake.cpus, 1), { host: fake.host }, 64 * GIB);
    expect(partsOf(scenario)).toEqual(['path', 'siblings', 'copies', 'nodes']);
    const ratio = (id: string) => scenario.ratios.find((one) => one.id === id);
    expect(ratio('scaling/siblings:cores/bounce')).toEqual({
      id: 'scaling/siblings:cores/bounce',
      of: 'scaling/siblings/bounce',
      to: 'scaling/path/bounce/own/cpus=2',
    });
    expect(ratio('scaling/nodes/to home/source=1/destination=0')).toMatchObject({
      of: 'scaling/nodes/source=1/destination=0',
      to: 'scaling/nodes/source=0/destination=0',
    });
    const ids = scenario.cells.map(({ id }) => id);
    for (const { of, to } of scenario.ratios) expect(ids).toEqual(expect.arrayContaining([of, to]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(legendOf(scenario)).toContain('another node from 5 CPUs on, siblings from 9 CPUs on');
    expect(legendOf(scenario)).toContain('in this order: 0-15.');
    expect(legendOf(scenario)).not.toContain('not measured');
  });

  it('says what a host has not, and what was cut', async () => {
    const small = hostOf({ cores: 2 });
    const none = legendOf(await scaling(settings(small.cpus), { host: small.host }, GIB));
    for (const part of ['No two of them share a core', 'this host has one memory node', 'Siblings beside two cores']) {
      expect(none).toContain(part);
    }
    const large = hostOf({ cores: 128, nodes: 8 });
    const usual = defaultSettings('default', large.cpus, 1);
    const cut = legendOf(await scaling(usual, { host: large.host }, 512 * GIB));
    for (const part of ['at most 64 CPUs', 'at most 31 queues', '16 queues are shared evenly', '512 MiB up to 64']) {
      expect(cut).toContain(part);
    }
    const little = legendOf(await scaling(usual, { host: large.host }, 4 * GIB));
    expect(little).toContain('Left out on the path: 32, 64 CPUs');
    expect(little).toContain('so caches help');
    const { cpu: told } = large.host;
    const untold = { ...large.host, numaNodes: null, cpu: { ...told, siblings: null } };
    const mixed = hostOf({ cores: 2, threads: 2, efficient: 4 });
    const order = legendOf(await scaling(settings(mixed.cpus), { host: mixed.host }, GIB));
    expect(order).toContain('in this order: 0, 1, 4-7, 2, 3.');
    const unknown = legendOf(await scaling(usual, { host: untold }, 512 * GIB));
    expect(unknown).toContain('does not tell which of them share a core');
    expect(unknown).toContain('the host does not tell its memory nodes');
  });
});
