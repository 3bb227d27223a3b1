import { describe, expect, it } from '@jest/globals';
import type { TableSpec } from '../../../lib/bench/plan/table-spec.js';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { modelOf } from '../../../lib/report/sweep/model-parameters.js';
import { isSweep, sweepLines } from '../../../lib/report/sweep/sweep.js';
import { predict } from '../../../lib/report/sweep/throughput-model.js';
import { textReport } from '../../../lib/report/text.js';
import { MIB } from '../../../lib/units.js';
import { CALIBRATION, pair, sweepOf, sweptCell } from '../fixtures/sweep.js';

const CELLS = [
  ...pair(50, 2),
  ...pair(40, 1.5, { senders: 1 }),
  ...pair(50, 1.1, { percent: 10, pool: 16 * MIB }),
  ...pair(6.5, 1, { ackDelayNs: 10e6 }),
];
const result = sweepOf([...CELLS, ...CALIBRATION]);
const text = (of: ResultDocument) => sweepLines(of).join('\n');
/** However its lines are broken. */
const flat = (of: ResultDocument) => text(of).replaceAll(/\s+/g, ' ');

describe('sweepLines', () => {
  it('has a table for the grid and for each arm, with what varies there', () => {
    const heads = sweepLines(result)
      .join('\n')
      .split('\n')
      .filter((line) => line.includes(' / model '));
    const firsts = heads.map((line) => line.split(/ {2,}/).slice(0, 3));
    expect(firsts).toEqual([
      ['senders', 'design', 'Gbit/s'],
      ['ACK delay', 'design', 'Gbit/s'],
      ['percent', 'pool', 'design'],
    ]);
    expect(text(result)).toContain('By senders, queues and messages; queues 1, message 64 KiB, window 4 MiB, ');
  });

  it('shows the prediction beside each cell, their ratio, and the limit', () => {
    const cell = sweptCell('bounce', 40, { senders: 1 });
    const { rate, limit } = predict(cell, modelOf(result)!, result)!;
    const row = text(result)
      .split('\n')
      .find((line) => /^1 +bounce /.test(line))!;
    expect(row.split(/ {2,}/).slice(2, 6)).toEqual([
      '40.0 [40.0, 40.0]',
      rate.toPrecision(3),
      (40 / rate).toFixed(2),
      limit,
    ]);
    expect(text(result)).toMatch(/^10\.0 ms +bounce +6\.50 \[6\.50, 6\.50\] +6\.71 +0\.97 +ACKs/m);
  });

  it('says what the costs are, where they were measured, and what is judged by them', () => {
    const said = text(result);
    expect(said).toMatch(/^bounce +61\.4 +110 +50\.0 +900 +102 +800$/m);
    expect(said).toMatch(/^bounce-pages +81\.9 +300 +60\.0 +600 +- +700$/m);
    expect(flat(result)).toContain('with 2 senders, 1 queue and messages of 2 KiB and 32 KiB');
    expect(flat(result)).toContain('on top of bounce-pages, is 300 ns');
    expect(flat(result)).toContain('2 CPUs together copy 10.0 GB/s beyond the caches; B is 3 times');
    expect(said.match(/^(1|2|3a|3b|4|5|6) +(holds|does not hold|not measurable here) {2,}/gm)).toHaveLength(7);
  });

  it('names slot pools that were left out, and says why', () => {
    const left = [
      { bytes: 256 * MIB, limit: 'lock' as const, limitBytes: 128 * MIB },
      { bytes: 1024 * MIB, limit: 'memory' as const, limitBytes: 512 * MIB },
    ];
    const said = text({ ...result, settings: { ...result.settings, poolsLeftOut: left } });
    expect(said).toContain('A slot pool of 256 MiB was left out: 128 MiB may be locked (ulimit -l)');
    expect(said).toContain('A slot pool of 1 GiB was left out: a quarter of the memory that is available is 512 MiB');
    expect(text(result)).not.toContain('was left out');
  });

  it('says so if nothing was calibrated or measured', () => {
    const still = CALIBRATION.map((cell) => ({ ...cell, ledger: {} }));
    const said = text(sweepOf([...CELLS, ...still]));
    expect(said).toContain('The model was not calibrated');
    expect(said).toMatch(/bounce +50\.0 \[50\.0, 50\.0\] +- +- +-/);
    const one = CALIBRATION.filter(({ params }) => params.calibrates !== 'bounce-pages');
    expect(flat(sweepOf([...CELLS, ...one]))).toContain('could not be calibrated for bounce-pages');
    const without = CALIBRATION.filter(({ params }) => params.calibrates !== 'memory');
    expect(flat(sweepOf([...CELLS, ...without]))).toContain('Memory bandwidth was not measured');
  });
});

describe('isSweep', () => {
  it('goes by the tables of a scenario, and in older files by their settings', () => {
    const said = (tables: TableSpec[]) =>
      isSweep({ ...result, scenarios: result.scenarios.map((scenario) => ({ ...scenario, tables })) });
    expect({ sweep: said([{ kind: 'sweep' }]), designs: said([{ kind: 'designs' }]) }).toEqual({
      sweep: true,
      designs: false,
    });
    expect(isSweep(result)).toBe(true);
    expect(isSweep({ ...result, settings: { ...result.settings, sweep: false } })).toBe(false);
  });
});

describe('the report of a sweep', () => {
  it('shows the sweep as its section, and calibration cells nowhere', () => {
    const report = textReport(result);
    for (const line of sweepLines(result).join('\n').split('\n')) expect(report).toContain(line);
    expect(report).not.toContain('undefined');
    expect(report).not.toContain('calibrates');
  });

  it('is like that of other runs if the run was not a sweep', () => {
    const swept = sweepOf(CELLS);
    const plain = textReport({ ...swept, settings: { ...swept.settings, sweep: false } });
    expect(plain).not.toContain('/ model');
    expect(plain).toContain('cores: these parts together');
  });
});
