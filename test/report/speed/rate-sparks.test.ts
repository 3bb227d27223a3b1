import { describe, expect, it } from '@jest/globals';
import { copyRateSparks, temperatureSparks } from '../../../lib/report/speed/rate-sparks.js';
import { copyCells, resultOf } from '../fixtures/result.js';
import { TWO_LINES, temperatureCells } from '../fixtures/temperature.js';

const CANVAS = { columns: 120, isPlain: false };

describe('copyRateSparks', () => {
  it('are a line for each state and copy kernel, on one axis', () => {
    const { results } = resultOf(copyCells());
    const [title, ...lines] = copyRateSparks(results, CANVAS).split('\n');
    expect(title).toMatch(/^GB\/s of the sizes above, .* each a bar on a logarithmic axis from /);
    const names = [...new Set(results.map(({ params }) => `${params.state} ${params.kernel}`))];
    expect(lines.map((line) => line.trim().split(/ +/).slice(0, 2).join(' '))).toEqual(names);
    expect(lines.join('')).toMatch(/▁/);
    expect(lines.join('')).toMatch(/█/);
  });

  it('are higher for a copy of more bytes in a nanosecond', () => {
    const [cell] = resultOf(copyCells()).results;
    const rates = [
      [64, 8],
      [4096, 4096],
    ] as const;
    const cells = rates.map(([size, median]) => ({
      ...cell!,
      params: { ...cell!.params, size },
      summary: { ...cell!.summary, median },
    }));
    const [title, line] = copyRateSparks(cells, CANVAS).replace('\n  from', ' from').split('\n');
    expect(title).toMatch(/from 1\.00 to 8\.00:$/);
    expect(line).toMatch(/ █▁$/);
  });

  it('are of ASCII on request, and none without a canvas or a cell', () => {
    const { results } = resultOf(copyCells());
    expect(copyRateSparks(results, { ...CANVAS, isPlain: true })).toMatch(/^[ -~\n]*$/);
    expect([copyRateSparks(results, null), copyRateSparks([], CANVAS)]).toEqual(['', '']);
    const without = results.map((cell) => ({ ...cell, summary: { ...cell.summary, median: Number.NaN } }));
    expect(copyRateSparks(without, CANVAS)).toBe('');
  });
});

describe('temperatureSparks', () => {
  it('are a line for each writer and copy kernel, by the length of the queue', () => {
    expect(temperatureSparks(temperatureCells(TWO_LINES), CANVAS).split('\n')).toEqual([
      'Time by length of the queue, 4 KiB to 256 MiB, each a bar on a logarithmic axis from 1.50 µs to 8.00 µs:',
      '  same core  movsb    ▁▁▁▁▁▁▁▁▁▁▁▁▁▄▄▄▄▄▄▄▄▄▄███',
      '  same core  nt-avx2  ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆',
    ]);
  });

  it('are none without a canvas or a line', () => {
    expect([temperatureSparks(temperatureCells(TWO_LINES), null), temperatureSparks([], CANVAS)]).toEqual(['', '']);
  });
});
