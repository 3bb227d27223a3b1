import { describe, expect, it } from '@jest/globals';
import { keyOf, RowTable, runsOf } from '../../../lib/bench/compare/run-facts.js';
import type { ResultDocument } from '../../../lib/bench/result/result.js';
import { readResult } from '../../../lib/bench/result/result-file.js';

const result = readResult('benchmarks/results/amd-epyc-2-cpu-kvm.json');
const CELL = 'tx-designs/bounce/senders=2/queues=1/message=65536/window=4194304';
const runOf = (document: ResultDocument) => runsOf(document, 'a.json', new RowTable())[0]!;
const cellOf = (id: string) => result.results.find((cell) => cell.id === id)!;

/** The result with one cell changed. */
const changed = (id: string, change: Partial<ResultDocument['results'][number]>): ResultDocument => ({
  ...result,
  results: result.results.map((cell) => (cell.id === id ? { ...cell, ...change } : cell)),
});

describe('what a comparison keeps of a run', () => {
  it('are its medians, ratios, costs and the parts of costs that are copies', () => {
    const { numbers, source, cpus } = runOf(result);
    const cell = cellOf(CELL);
    expect(numbers.get(`value ${CELL}`)?.median).toBe(cell.summary.median);
    expect(numbers.get(`cost ${CELL}`)?.median).toBe(cell.cores!.median);
    expect(numbers.get(`bounce copy ${CELL}`)?.median).toBe(cell.cores!.parts.coresBounce.cores);
    expect(numbers.has(`bounce copy ${CELL.replace('bounce', 'direct')}`)).toBe(false); // nothing bounces there
    const ratio = result.ratios[0]!;
    expect(numbers.get(`ratio ${ratio.id}`)?.median).toBeCloseTo(ratio.median, 12);
    expect({ source, cpus }).toEqual({ source: 'a.json', cpus: [0, 1] });
  });

  it('follow from the samples, whatever the file says of them', () => {
    const samples = cellOf(CELL).samples.map((value) => value! / 2);
    const { numbers } = runOf(changed(CELL, { samples }));
    expect(numbers.get(`value ${CELL}`)?.median).toBeCloseTo(cellOf(CELL).summary.median / 2, 9);
    const ratio = result.ratios.find(({ to }) => to === CELL)!;
    expect(numbers.get(`ratio ${ratio.id}`)?.median).toBeCloseTo(2 * ratio.median, 9);
  });

  it('have the spread that their intervals say, and none without an interval', () => {
    const { numbers } = runOf(result);
    const { low, high } = cellOf(CELL).summary;
    expect(numbers.get(`value ${CELL}`)?.spread).toBeCloseTo(Math.log(high / low) / 2 / 1.96, 3);
    const single = { samples: [5], summary: { median: 5, low: 5, high: 5, confidence: 0 } };
    expect(runOf(changed(CELL, single)).numbers.get(`value ${CELL}`)?.spread).toBeNull();
  });

  it('name the line of a row without its numbers, and say what needs several CPUs', () => {
    const { numbers } = runOf(result);
    expect(numbers.get(`value ${CELL}`)?.row).toMatchObject({ line: 'tx-designs/bounce', needsCpus: true });
    expect(numbers.get('value copy-cost/libc/hot/size=64')?.row).toMatchObject({
      line: 'copy-cost/libc/hot',
      needsCpus: false,
    });
  });

  it('are of each run where a file holds several', () => {
    const series = { ...result, sampledBy: 'run' as const, runs: [result, result] } as ResultDocument;
    expect(runsOf(series, 'b.json', new RowTable()).map(({ source }) => source)).toEqual(['b.json#1', 'b.json#2']);
  });

  it('share their rows with other runs, unless a number means something else there', () => {
    const table = new RowTable();
    const [one] = runsOf(result, 'a.json', table);
    const [other] = runsOf(result, 'b.json', table);
    const key = `value ${CELL}`;
    expect(other!.numbers.get(key)!.row).toBe(one!.numbers.get(key)!.row);
    expect(keyOf(other!.numbers.get(key)!.row)).toBe(key);
    expect(() => runsOf(changed(CELL, { unit: 'ns' }), 'c.json', table)).toThrow(
      expect.objectContaining({ code: 'ERR_COMPARE', message: expect.stringMatching(/a\.json.*c\.json/) }),
    );
  });
});
