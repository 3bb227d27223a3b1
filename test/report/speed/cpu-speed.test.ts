import { describe, expect, it } from '@jest/globals';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { combineRuns } from '../../../lib/bench/runs/combine.js';
import { cpuSpeedLines, speedPoints, speedStrip } from '../../../lib/report/speed/cpu-speed.js';
import { designCells, resultOf, resultWithPulses } from '../fixtures/result.js';

const withPulses = (pulseOf: (round: number) => number): ResultDocument =>
  resultWithPulses([designCells()], (round) => [pulseOf(round)]);

describe('the speed of the CPUs', () => {
  it('is told for every sample, in the order of the run', () => {
    const points = speedPoints(withPulses((round) => (round === 3 ? 2 : 1)));
    expect(points).toHaveLength(36);
    expect(points.filter(({ isFull }) => !isFull).map(({ speed }) => speed)).toEqual([0.5, 0.5, 0.5]);
    expect(points.map(({ atMs }) => atMs)).toEqual(points.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  });

  it('is told of every sample of several runs, one run after the other, by the fastest of them', () => {
    const at = (created: string, result: ResultDocument): ResultDocument => ({
      ...result,
      environment: { ...result.environment, created },
    });
    const runs = [
      at(
        '2026-01-01T00:01:00.000Z',
        withPulses(() => 2),
      ),
      at(
        '2026-01-01T00:00:00.000Z',
        withPulses(() => 1),
      ),
    ];
    const combined = combineRuns(runs, { seed: 1, count: 2, complete: true, interrupted: false });
    const points = speedPoints(combined);
    expect(points).toHaveLength(72);
    expect(points.map(({ atMs, speed }) => ({ isLater: atMs >= 60_000, speed }))).toEqual([
      ...new Array(36).fill({ isLater: false, speed: 1 }),
      ...new Array(36).fill({ isLater: true, speed: 0.5 }),
    ]);
    expect(cpuSpeedLines(combined, false)[0]).toMatch(/^50 % of 72 samples/);
    expect(combined.pulse).toMatchObject({ samples: 72, atFullSpeed: 36 });
  });

  it('is not told of files without pulses', () => {
    const result = resultOf(designCells());
    expect([speedPoints(result), cpuSpeedLines(result, false)]).toEqual([[], []]);
  });

  it('is drawn by the slowest sample of each part of the time, and full only at full speed', () => {
    const point = (atMs: number, speed: number) => ({ atMs, speed, isFull: speed > 0.95 });
    const strip = speedStrip([point(0, 1), point(100, 0.94), point(500, 0.5), point(501, 1), point(999, 1)], false);
    expect(strip).toHaveLength(56);
    expect(strip[0]).toBe('█');
    expect(strip[5]).toBe('▇');
    expect(strip[28]).toBe('▅');
    expect(strip[10]).toBe(' ');
    expect(strip.at(-1)).toBe('█');
  });

  it('is drawn of ASCII where that is asked for, and says what is full speed', () => {
    const points = [1, 0.94, 0.5, 0].map((speed, at) => ({ atMs: at * 333, speed, isFull: speed > 0.95 }));
    expect(speedStrip(points, true).replaceAll(' ', '')).toBe('#%+.');
    const lines = cpuSpeedLines(
      withPulses(() => 1),
      true,
    );
    expect(lines.slice(1).join('')).toMatch(/^[ -~]+$/);
    expect(lines[2]).toMatch(/^#: full speed; .* lowest \.; /);
  });

  it('is drawn also where all samples began at once, as the first run of several does', () => {
    const strip = speedStrip(
      [
        { atMs: 0, speed: 1, isFull: true },
        { atMs: 0, speed: 0.5, isFull: false },
      ],
      false,
    );
    expect(strip).toBe(`▅${' '.repeat(55)}`);
  });

  it('says what was found beside full speed where one design alone was slow for a while', () => {
    const result = withPulses(() => 1);
    const results = result.results.map((cell, at) =>
      at === 1 ? { ...cell, atFullSpeed: { ...cell.atFullSpeed!, samples: 7 } } : cell,
    );
    const text = cpuSpeedLines({ ...result, results }, false).join('\n');
    expect([text.includes('(12 of 12)'), text.includes('(7 of 12)')]).toEqual([true, true]);
  });

  it('says the share of samples at full speed, and no more where all were', () => {
    const lines = cpuSpeedLines(
      withPulses(() => 1),
      false,
    );
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('100 % of 36 samples, within 5 % of the fastest pulse of each CPU');
  });

  it('shows what the samples at full speed say beside what was found, with their number', () => {
    const lines = cpuSpeedLines(
      withPulses((round) => (round < 3 ? 2 : 1)),
      false,
    );
    expect(lines[0]).toMatch(/^75 % of 36 samples/);
    const text = lines.join('\n');
    expect(text).toMatch(
      /bounce-pages +\d+ \[.*\] +\d+ \[.*\] \(9 of 12\) +2\.00 \[2\.00, 2\.00\] +2\.00 \[2\.00, 2\.00\]/,
    );
  });

  it('has no figure where no sample of a design was at full speed', () => {
    const result = withPulses(() => 1);
    const results = result.results.map((cell) => ({ ...cell, atFullSpeed: { samples: 0, summary: null } }));
    const text = cpuSpeedLines({ ...result, results }, false).join('\n');
    expect(text).toContain('- (0 of 12)');
  });
});
