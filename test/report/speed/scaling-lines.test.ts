import { describe, expect, it } from '@jest/globals';
import {
  addedOf,
  cpusOf,
  efficiencyOf,
  endOf,
  nameOf,
  oneCpuOf,
  ratioOf,
  scalingLines,
} from '../../../lib/report/speed/scaling-lines.js';
import { FOUR_CPUS, ONE_CPU, scalingResult } from '../fixtures/scaling.js';

const result = scalingResult(FOUR_CPUS);
const lines = scalingLines(result.results);
const lineOf = (name: string) => lines.find((line) => nameOf(line) === name)!;

describe('scalingLines', () => {
  it('are one for each design and sharing, and for each copy kernel and place, from one CPU on', () => {
    expect(lines.map((line) => [line.part, nameOf(line), line.cells.map(cpusOf)])).toEqual([
      ['path', 'bounce shared', [1, 2, 4]],
      ['path', 'bounce own', [1, 2, 4]],
      ['copies', 'movsb memory', [1, 2, 4]],
      ['copies', 'movsb cache', [1, 2, 4]],
    ]);
    expect(oneCpuOf(lineOf('bounce shared'))).toBe(oneCpuOf(lineOf('bounce own')));
    expect(lineOf('bounce own').cells.map(addedOf)).toEqual(['', '', '+ siblings']);
  });

  it('are of one CPU where there is no other', () => {
    const one = scalingLines(scalingResult(ONE_CPU).results);
    expect(one.map(nameOf)).toEqual(['bounce one', 'movsb memory', 'movsb cache']);
    expect(scalingLines([])).toEqual([]);
  });

  it('have no first point where one CPU has no value', () => {
    const [, ...without] = FOUR_CPUS;
    const [shared] = scalingLines(scalingResult(without).results);
    expect({ one: oneCpuOf(shared!), end: endOf(result, shared!) }).toEqual({ one: undefined, end: null });
    expect(ratioOf(result, shared!.cells[0]!, undefined)).toBeUndefined();
  });
});

describe('efficiencyOf', () => {
  it('is the ratio to one CPU divided by the number of CPUs', () => {
    const line = lineOf('bounce own');
    const last = line.cells.at(-1)!;
    const ratio = ratioOf(result, last, oneCpuOf(line))!;
    expect(ratio.median).toBeCloseTo(3.2);
    expect(efficiencyOf(last, ratio)).toBeCloseTo(0.8);
  });
});

describe('endOf', () => {
  it('is the number of CPUs beyond which another one adds less than half of the rate of one', () => {
    const names = ['bounce shared', 'bounce own', 'movsb memory', 'movsb cache'];
    const end = { cpus: 2, isSure: true };
    expect(names.map((name) => endOf(result, lineOf(name)))).toEqual([end, null, end, end]);
  });

  it('is not sure where an interval reaches beyond that, or where rounds are few', () => {
    const isSure = (more: object) => {
      const ratios = result.ratios.map((one) => ({ ...one, ...more }));
      return endOf({ ...result, ratios }, lineOf('bounce shared'))?.isSure;
    };
    expect({ wide: isSure({ high: 9 }), few: isSure({ rounds: 2 }), enough: isSure({}) }).toEqual({
      wide: false,
      few: false,
      enough: true,
    });
    const shared = lineOf('bounce shared');
    const sure = endOf({ ...result, ratios: [] }, shared);
    expect(sure).toBeNull();
  });

  it('weighs what several CPUs add together by their number', () => {
    const line = lineOf('bounce own');
    const last = line.cells.at(-1)!;
    const ratios = result.ratios.map((one) => (one.of === last.id ? { ...one, median: 2.6 } : one));
    expect(endOf({ ...result, ratios }, line)?.cpus).toBe(2);
  });
});
