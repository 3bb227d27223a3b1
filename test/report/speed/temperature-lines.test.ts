import { describe, expect, it } from '@jest/globals';
import { random } from '../../../lib/random.js';
import {
  atSendBuffer,
  floorOf,
  kneesOf,
  queuedOf,
  temperatureLines,
  usualLine,
} from '../../../lib/report/speed/temperature-lines.js';
import { KIB, MIB } from '../../../lib/units.js';
import { QUEUED, stepped, TWO_LINES, temperatureCells } from '../fixtures/temperature.js';

const lineOf = (nsOf: (queued: number) => number) =>
  temperatureLines(temperatureCells([{ kernel: 'movsb', writer: 'same core', nsOf }]))[0]!;

describe('temperatureLines', () => {
  it('are of one copy kernel and writer each, ascending, without the floor', () => {
    const cells = temperatureCells(TWO_LINES);
    const lines = temperatureLines(cells.toReversed());
    expect(lines.map(({ kernel, writer }) => `${kernel} ${writer}`)).toEqual(['nt-avx2 same core', 'movsb same core']);
    for (const line of lines) expect(line.cells.map(queuedOf)).toEqual(QUEUED);
    expect(floorOf(cells)?.summary.median).toBe(300);
    expect(floorOf(temperatureCells(TWO_LINES, null))).toBeUndefined();
    expect(usualLine(lines)?.kernel).toBe('movsb');
    expect(usualLine(temperatureLines([]))).toBeUndefined();
  });
});

describe('atSendBuffer', () => {
  it('is the longest queue that fits, and none where the size is not known', () => {
    const line = lineOf(() => 1);
    const queued = [4 * MIB, 5 * MIB, 2 * KIB, null, undefined].map((size) => {
      const cell = atSendBuffer(line, size);
      return cell === undefined ? null : queuedOf(cell);
    });
    expect(queued).toEqual([4 * MIB, 4 * MIB, null, null, null]);
  });
});

describe('the knees of a line', () => {
  it('are where steps were planted, between the size before and the size after', () => {
    const knees = kneesOf(lineOf(stepped([1500, 3000, 8000])));
    expect(knees).toHaveLength(2);
    for (const [at, planted] of [MIB, 32 * MIB].entries()) {
      expect(knees[at]!.low).toBeLessThanOrEqual(planted);
      expect(knees[at]!.bytes).toBeGreaterThan(planted);
      expect(knees[at]!.high).toBeGreaterThan(planted);
      expect(knees[at]!.high).toBeLessThanOrEqual(4 * planted);
    }
  });

  it('are found where a cache gives way over two octaves', () => {
    const nsOf = (queued: number) => 2000 * 4 ** Math.min(1, Math.max(0, Math.log2(queued / (8 * MIB)) / 2));
    const knees = kneesOf(lineOf(nsOf));
    expect(knees).toHaveLength(1);
    expect(Math.abs(Math.log2(knees[0]!.bytes / (8 * MIB)))).toBeLessThanOrEqual(1);
    expect(knees[0]!.afterNs / knees[0]!.beforeNs).toBeGreaterThan(3);
  });

  it('are none where short queues take longer, because their copies are shorter', () => {
    const knees = kneesOf(
      lineOf((queued) => (queued < 64 * KIB ? (64 * KIB * 2000) / queued : stepped([2000, 2000, 5000])(queued))),
    );
    expect(knees.map(({ low }) => low)).toEqual([32 * MIB]);
  });

  it('are none on a flat line, on a noisy one, and where there are few lengths', () => {
    expect(kneesOf(lineOf(() => 4000))).toEqual([]);
    const next = random(3);
    expect(kneesOf(lineOf(() => 4000 * (0.95 + 0.1 * next())))).toEqual([]);
    const line = lineOf(stepped([1500, 3000, 8000]));
    expect(kneesOf({ ...line, cells: line.cells.slice(0, 9) })).toEqual([]);
  });

  it('pass over samples without a value', () => {
    const line = lineOf(stepped([1500, 3000, 8000]));
    const cells = line.cells.map((cell, at) => ({
      ...cell,
      samples: at % 7 === 0 ? [null, null] : [null, ...cell.samples],
    }));
    expect(kneesOf({ ...line, cells })).toHaveLength(2);
  });
});
