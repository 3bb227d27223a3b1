import { describe, expect, it } from '@jest/globals';
import { verdict } from '../../lib/report/verdict.js';
import { copyCells, designCells, priceCells, resultOf } from './fixtures/result.js';

describe('verdict', () => {
  const lines = verdict(resultOf(designCells()));

  it('fits an email', () => {
    expect(lines.length).toBeLessThanOrEqual(12);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(112);
  });

  it('states conditions, rates, effect, cause and limits', () => {
    expect(lines.slice(2)).toEqual([
      '2 senders, 1 queue, 64 KiB messages, 4 MiB in flight each, a device that completes at the doorbell, 64 MiB slot',
      '  pool, 2 CPUs; medians of 12 rounds, 95 % intervals; CPUs 60 ns apart',
      '  direct         253 Gbit/s [250, 255]   0.75 [0.75, 0.75] cores per 100 Gbit/s   2.08 [2.08, 2.08] x bounce',
      '  bounce         121 Gbit/s [120, 122]   1.65 [1.65, 1.65] cores per 100 Gbit/s',
      '  bounce-pages   242 Gbit/s [240, 245]   0.85 [0.85, 0.85] cores per 100 Gbit/s   2.00 [2.00, 2.00] x bounce',
      'The second copy takes 3.67 [3.67, 3.67] µs per 64 KiB, 0.70 cores per 100 Gbit/s; 25 % of its bytes in softirq.',
      'bounce-pages moves 2.00 [2.00, 2.00] x what bounce moves; cores per 100 Gbit/s -0.80 [-0.80, -0.80]: bounce copy',
      '  -0.70, waiting for locks -0.10, slot and page work +0.05, user copy -0.05.',
      'Warnings: GOVERNOR, FEW_CPUS.',
      'Memory-to-memory rates without encryption, hypervisor exits, NIC or wire: a lower bound of the cost of bouncing.',
    ]);
  });

  it('says how far the CPUs are from each other, or from where to where if they were moved', () => {
    const result = resultOf(designCells());
    const withTrips = (trips: (at: number) => [number, number] | null) => {
      const [scenario] = result.scenarios;
      const rounds = scenario!.rounds.map((round, at) => ({ ...round, lineRoundTripNs: trips(at) }));
      return verdict({ ...result, scenarios: [{ ...scenario!, rounds }] })[3];
    };
    expect(withTrips((at) => (at < 6 ? [77, 77] : [316, 316]))).toMatch(/CPUs 77 to 316 ns apart$/);
    expect(withTrips((at) => (at < 1 ? [70, 400] : [77, 77]))).toMatch(/CPUs 77 ns apart$/);
    expect(withTrips(() => null)).toMatch(/95 % intervals$/);
  });

  it('claims no difference that is not significant', () => {
    const text = verdict(resultOf(designCells({ direct: 250, bounce: 240, 'bounce-pages': 242 }))).join('\n');
    expect(text).toContain('bounce-pages and bounce do not differ significantly (~) in rate here; cores');
    expect(text).toContain('~ 1.01 [1.01, 1.01] x bounce');
    expect(text).not.toContain('moves');
  });

  it('works with part of the designs, and with none', () => {
    const alone = verdict(resultOf(designCells({ 'bounce-pages': 240 }))).join('\n');
    expect(alone).toContain('bounce-pages   242 Gbit/s');
    expect(alone).not.toContain('second copy');
    expect(verdict(resultOf(copyCells())).join('\n')).toContain('No transmit design was measured');
  });

  it('speaks of the designs that were priced if nothing else was measured', () => {
    const text = verdict(resultOf(priceCells())).join('\n');
    expect(text).toContain('64 MiB slot pool');
    expect(text).toContain('bounce-pages   242 Gbit/s [240, 245]   0.85 [0.85, 0.85] cores per 100 Gbit/s');
  });

  it('counts warnings for which there is no room', () => {
    const result = resultOf(designCells());
    const warnings = Array.from({ length: 20 }, () => ({ ...result.warnings[0]!, code: 'A_LONG_WARNING' }));
    const lines = verdict({ ...result, warnings });
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.join('\n')).toMatch(/Warnings: A_LONG_WARNING, .* and 15 more\./);
  });

  it.each([
    [2, 0.5, /medians\s+of\s+2\s+rounds,\s+50\s+%\s+intervals/],
    [12, 0.9614, /medians\s+of\s+12\s+rounds,\s+95\s+%\s+intervals/],
    [1, 0, /one\s+round,\s+no\s+intervals/],
  ])('says how sure the intervals of %d rounds are', (rounds, confidence, said) => {
    const result = resultOf(designCells());
    const results = result.results.map((cell) => ({
      ...cell,
      samples: cell.samples.slice(0, rounds),
      summary: { ...cell.summary, confidence },
    }));
    expect(verdict({ ...result, results }).join('\n')).toMatch(said);
  });

  it('says when it was cut short', () => {
    const text = verdict({ ...resultOf(designCells()), complete: false, interrupted: true }).join('\n');
    expect(text).toMatch(/12\s+rounds \(interrupted\)/);
  });
});
