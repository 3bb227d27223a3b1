import { describe, expect, it } from '@jest/globals';
import type { Row, RunSummary, Series } from '../../../dev/repeatability/run-summary.js';
import { commonOf, SERIES_SCHEMA } from '../../../dev/repeatability/run-summary.js';
import { repeatabilityText } from '../../../dev/repeatability/tables.js';
import { scriptedRun } from '../../bench/fixtures/runs.js';

const ratio = (middle: number): Row => ['ratio', 'tx', 'x', middle, middle - 0.1, middle + 0.1];
const run = (hour: number, middle: number, warnings: string[] = []): RunSummary => ({
  created: `2026-01-01T0${hour}:00:00.000Z`,
  seed: 1,
  seconds: 51.4,
  pulses: 200,
  atFullSpeed: 150,
  warnings,
  rows: [ratio(middle), ['difference', 'tx', 'x', -0.1, -0.2, 0]],
});
const seriesOf = (...runs: RunSummary[]): Series => ({
  schema: SERIES_SCHEMA,
  ...commonOf(scriptedRun({ cells: { a: [1] } })),
  headline: 'x',
  runs,
});

describe('the text of a series', () => {
  const text = repeatabilityText(seriesOf(run(1, 2), run(2, 2.1, ['STEAL', 'DRIFT']), run(3, 2.5)));

  it('says how many pairs of intervals overlap, by kind and scenario', () => {
    expect(text).toMatch(/^ratios +1 +3 +33\.3 +66\.7 +4\.8 +12\.0$/m);
    expect(text).toMatch(/^ {2}tx +1 +3 +33\.3/m);
    expect(text).toMatch(/^differences of cores +1 +3 +100\.0 +100\.0 +- +-$/m);
  });

  it('says how the headline varies, and whether its interval is as narrow as it should be', () => {
    expect(text).toContain('headline: x\n  between 2.00 and 2.50 in 3 runs, standard deviation 12.0 %\n');
    expect(text).toContain('half width of its interval: mean 4.6 %, at most 5.0 %; within ±12 % in 3 of 3 runs');
  });

  it('has a line for each run', () => {
    expect(text).toMatch(/^02:00:00 +2\.10 \[2\.00, 2\.20\] +51 +75\.0 +- {2}STEAL DRIFT$/m);
    expect(text).toContain('3 runs, effort quick, 10 rounds, from 2026-01-01T01:00:00.000Z to ');
  });

  it('says the same of the runs in which the CPUs were in one place, where they were not in all', () => {
    const at = (one: RunSummary, ...distanceNs: [number, number]): RunSummary => ({ ...one, distanceNs });
    const runs = [at(run(1, 2), 70, 80), at(run(2, 2.1), 72, 85), at(run(3, 3), 70, 320), at(run(4, 3.3), 310, 330)];
    const placed = repeatabilityText(seriesOf(...runs));
    expect(placed).toContain('all alike (70 to 85 ns):\n  overlap, %: ratios 100.0, differences of cores 100.0\n');
    expect(placed).toContain('  between 2.00 and 2.10 in 2 runs');
    expect(placed).toMatch(/^03:00:00 +3\.00 .* 70 - 320$/m);
    expect(repeatabilityText(seriesOf(...runs.slice(0, 2)))).not.toContain('all alike');
  });

  it('compares nothing if there is one run', () => {
    expect(repeatabilityText(seriesOf(run(1, 2)))).toContain('one run has nothing to agree with');
  });
});
