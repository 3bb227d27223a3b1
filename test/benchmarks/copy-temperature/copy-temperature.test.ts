/** The cells of the scenario, with short queues. No test depends on a speed. */
import { describe, expect, it } from '@jest/globals';
import { copyTemperature } from '../../../benchmarks/copy-temperature/copy-temperature.js';
import { addon } from '../../../lib/addon/addon.js';
import { hostFacts } from '../../../lib/bench/host/host-facts.js';
import type { Scenario } from '../../../lib/bench/plan/scenario.js';
import { defaultSettings } from '../../../lib/bench/plan/settings.js';
import { KIB, MIB } from '../../../lib/units.js';
import { withCells } from '../fixtures/opened.js';

const NEVER = new AbortController().signal;
const host = hostFacts();
const [cpu = 0, otherCpu = cpu] = addon().affinity();
const settings = { ...defaultSettings('quick', [cpu, otherCpu], 1), pools: [8 * MIB] };
const SMALL = 8 * MIB;

const writersOf = ({ cells }: Scenario) => [...new Set(cells.flatMap(({ params }) => params.writer ?? []))];
const legendOf = ({ tables }: Scenario) =>
  tables.flatMap((table) => (table.kind === 'copy-temperature' ? table.legend : [])).join('\n');

describe('copyTemperature', () => {
  it('has a cell for each copy kernel, writer and length of the queue, and one for the floor', async () => {
    const { cells } = await copyTemperature(settings, { host }, SMALL);
    const points = cells.filter(({ params }) => params.part === 'second copy');
    const counts = ['kernel', 'writer', 'queued'].map((name) => new Set(points.map(({ params }) => params[name])).size);
    expect(points).toHaveLength(counts.reduce((product, count) => product * count, 1));
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
    expect(cells.filter(({ params }) => params.part === 'floor').map(({ id }) => id)).toEqual([
      'copy-temperature/floor',
    ]);
    expect(cells).toHaveLength(points.length + 1);
  });

  it('measures all of them, loses no slot, and copies what the users have written', async () => {
    const scenario = await copyTemperature(settings, { host }, SMALL);
    const { cells } = scenario;
    await withCells(scenario, cells, async () => {
      for (const cell of [...cells, ...cells.toReversed()]) {
        const { value, durationMs, ledger } = await cell.sample(NEVER);
        expect(durationMs).toBeGreaterThan(0);
        if (cell.params.part === 'floor') {
          expect(value).toBeGreaterThan(0);
          expect(ledger).toEqual({ 'own:lostBytes': 0 });
        } else if (value !== null) {
          expect(value * ledger!.gigabytesPerSecond!).toBeCloseTo(64 * KIB, 3);
          expect(ledger!.offsetBytes! % 64).toBe(0);
        }
      }
    });
  });

  it('compares each copy kernel with the floor at the largest send buffer that was measured', async () => {
    const kernel = { ...host.kernel, sendBufferMaxBytes: 300 * KIB };
    const { ratios } = await copyTemperature(settings, { host: { ...host, kernel } }, SMALL);
    const floors = ratios.filter(({ to }) => to === 'copy-temperature/floor');
    expect(floors.length).toBeGreaterThanOrEqual(2);
    for (const { of } of floors) expect(of).toMatch(/\/same-core\/queued=262144$/);
  });

  it('says what a host with one CPU and little memory leaves out', async () => {
    const whole = await copyTemperature(settings, { host }, 64 * 1024 * MIB);
    expect(writersOf(whole)).toEqual(['same core', 'another core', 'aged']);
    expect(legendOf(whole)).not.toContain('Left out');
    const small = await copyTemperature({ ...settings, cpus: [cpu] }, { host }, SMALL);
    expect(writersOf(small)).toEqual(['same core', 'aged']);
    expect(legendOf(small)).toContain('Left out: 4 MiB to ');
    expect(legendOf(small)).toContain('of the memory that is available (8 MiB)');
    expect(legendOf(small)).toContain('Left out: another core, because this run has one CPU.');
  });

  it('leaves aged queues out where programs cannot empty caches', async () => {
    const scenario = await copyTemperature(settings, { host: { ...host, arch: 'riscv64' } }, SMALL);
    expect(writersOf(scenario)).toEqual(['same core', 'another core']);
    expect(legendOf(scenario)).toContain('Left out: aged');
  });
});
