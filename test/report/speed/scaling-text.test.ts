import { describe, expect, it } from '@jest/globals';
import { scalingSentences, scalingTables } from '../../../lib/report/speed/scaling-text.js';
import { textReport } from '../../../lib/report/text.js';
import { FOUR_CPUS, ONE_CPU, type PlantedCell, scalingResult } from '../fixtures/scaling.js';

const tables = (planted: readonly PlantedCell[]) => {
  const result = scalingResult(planted);
  return scalingTables(result, result.results);
};
const said = (planted: readonly PlantedCell[]) => {
  const result = scalingResult(planted);
  return scalingSentences(result, result.results);
};

describe('scalingTables', () => {
  it('have the path, copies and memory nodes: rates, what they are of one CPU, and what was added', () => {
    const [path, copies, nodes, ...more] = tables(FOUR_CPUS);
    expect(more).toEqual([]);
    expect(path).toMatch(/^bounce one +1 +100 \[98\.0, 102\] +- +- +- +1 %$/m);
    expect(path).toMatch(/^bounce own +4 +320 \[314, 326\] +3\.20 \[3\.14, 3\.26\] +80 % +- +4 % +\+ siblings$/m);
    expect(path!.match(/^bounce one/gm)).toHaveLength(1);
    expect(copies).toMatch(/^movsb memory +4 +16\.0 \[15\.7, 16\.3\] +1\.60 \[1\.57, 1\.63\] +40 % +\+ siblings$/m);
    expect(nodes).toMatch(/^0 to 0 +12\.0 \[11\.8, 12\.2\] +-$/m);
    expect(nodes).toMatch(/^1 to 1 +6\.00 \[5\.88, 6\.12\] +0\.50 \[0\.49, 0\.51\]$/m);
  });

  it('leave out what was not measured', () => {
    expect(tables(ONE_CPU)).toHaveLength(2);
    expect(tables([])).toEqual([]);
    const unknown = { params: { part: 'path', design: 'bounce', sharing: 'one', cpus: 1 }, rate: 5 };
    expect(tables([unknown])[0]).toMatch(/^bounce one +1 +5\.00 \[4\.90, 5\.10\] +- +- +- +-$/m);
  });
});

describe('scalingSentences', () => {
  it('say what all CPUs make of one, where more add little, and what siblings are worth', () => {
    expect(said(FOUR_CPUS)).toEqual([
      'bounce shared: 4 CPUs make 1.70 [1.67, 1.73] times the rate of one, efficiency 43 %; beyond 2 CPUs another ' +
        'one adds less than half of what one has.',
      'bounce own: 4 CPUs make 3.20 [3.14, 3.26] times the rate of one, efficiency 80 %.',
      'movsb memory: 4 CPUs make 1.60 [1.57, 1.63] times the rate of one, efficiency 40 %; beyond 2 CPUs another ' +
        'one adds less than half of what one has.',
      'movsb cache: 4 CPUs make 2.13 [2.08, 2.17] times the rate of one, efficiency 53 %; beyond 2 CPUs another ' +
        'one adds less than half of what one has.',
      'bounce own: two siblings of a core make 0.60 [0.59, 0.61] times the rate of two cores.',
      'movsb cache: two siblings of a core make 0.50 [0.49, 0.51] times the rate of two cores.',
    ]);
  });

  it('say nothing of one CPU', () => {
    expect(said(ONE_CPU)).toEqual([]);
  });
});

describe('the report of the scenario', () => {
  it('has the tables, the sentences and what was left out, and no line is too long', () => {
    const text = textReport(scalingResult(FOUR_CPUS));
    for (const part of ['movsb memory', '4 CPUs make', 'Left out: nothing.']) expect(text).toContain(part);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(114);
  });

  it('has lines that are not too long also where cores are of several kinds', () => {
    const wide = FOUR_CPUS.map(({ params, rate, ledger }) => {
      const design = params.design === undefined ? {} : { design: 'bounce-pages' };
      const added = params.added === undefined ? {} : { added: '+ efficiency cores' };
      return { params: { ...params, ...design, ...added }, rate: rate / 10, ledger: ledger ?? {} };
    });
    for (const line of textReport(scalingResult(wide)).split('\n')) expect(line.length).toBeLessThanOrEqual(114);
  });
});
