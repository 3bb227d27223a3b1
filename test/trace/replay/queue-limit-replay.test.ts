import { describe, expect, it } from '@jest/globals';
import { QUEUE_LIMIT_FORMAT, verifyQueueLimit } from '../../../lib/trace/replay/queue-limit-replay.js';
import { linesWhere, planted, recordedTraces, shortened, verdictOn } from '../fixtures/column-traces.js';

const TRACES = recordedTraces('dql');
const BOUNDS_CHANGE = TRACES.find(({ name }) => name.startsWith('dql-03'))!;
const LARGE_COUNTS = TRACES.find(({ name }) => name.startsWith('dql-04'))!;
const COMPARED = Object.keys(QUEUE_LIMIT_FORMAT.columns).slice(2);

describe('a byte queue limit', () => {
  it.each(TRACES)("counts as Linux's does in $name", ({ lines }) => {
    const { operations, difference } = verdictOn(verifyQueueLimit, lines);
    expect({ operations, difference }).toEqual({ operations: lines.length - 1, difference: null });
  });

  it('is held against five traces at least', () => {
    expect(TRACES.length).toBeGreaterThanOrEqual(5);
  });
});

describe('verifyQueueLimit', () => {
  const trace = shortened(BOUNDS_CHANGE, 1500);

  it.each(COMPARED)('finds a wrong value of %s, wherever it is', (column) => {
    for (const line of [2, 3, 700, trace.lines.length]) {
      const { difference } = verdictOn(
        verifyQueueLimit,
        planted(trace, line, column, (value) => Number(value) + 1),
      );
      expect({ line: difference?.line, field: difference?.field }).toEqual({ line, field: column });
      expect(difference!.expected).toBe(Number(difference!.actual) + 1);
    }
  });

  it.each(['init', 'reset', 'queued', 'completed', 'min', 'max', 'hold', 'stall'])(
    'finds that an operation %s was none, or had another argument',
    (operation) => {
      const lines = linesWhere(BOUNDS_CHANGE, ({ op }) => op === operation).slice(0, 100);
      const isTold = (column: string, change: (value: unknown) => unknown) => (line: number) =>
        verdictOn(verifyQueueLimit, planted(BOUNDS_CHANGE, line, column, change)).difference !== null;
      // A bound that is not reached, for example, decides nothing; so it is not told each time.
      expect(lines.some(isTold('op', () => 'tick'))).toBe(true);
      if (operation !== 'reset') {
        expect(lines.some(isTold('arg', (value) => Math.floor(Number(value) / 2)))).toBe(true);
      }
    },
  );

  it('finds a warning that was not given', () => {
    const line = linesWhere(LARGE_COUNTS, ({ warned }) => warned === 1)[0]!;
    const { difference } = verdictOn(
      verifyQueueLimit,
      planted(LARGE_COUNTS, line, 'warned', () => 0),
    );
    expect(difference).toMatchObject({ line, field: 'warned', expected: 0, actual: 1 });
  });

  it('refuses arguments that no call can have', () => {
    const line = linesWhere(trace, ({ op }) => op === 'completed')[0]!;
    const verify = (arg: number) => () =>
      verdictOn(
        verifyQueueLimit,
        planted(trace, line, 'arg', () => arg),
      );
    expect(verify(-1)).toThrow(`some.jsonl:${line}: arg must be from 0 to 2^32 - 1`);
    expect(verify(2 ** 32)).toThrow(`some.jsonl:${line}: arg must be from 0 to 2^32 - 1`);
    expect(verify(1_000_000)).toThrow(`some.jsonl:${line}: 1000000 are completed, but only 0 are queued`);
  });

  it('refuses bounds and thresholds that Linux does not accept, with their line', () => {
    for (const [operation, arg] of [
      ['max', 1_879_048_193],
      ['min', 1_879_048_193],
      ['stall', 65_536],
    ] as const) {
      const line = linesWhere(BOUNDS_CHANGE, ({ op }) => op === operation)[0]!;
      const verify = () =>
        verdictOn(
          verifyQueueLimit,
          planted(BOUNDS_CHANGE, line, 'arg', () => arg),
        );
      expect(verify).toThrow(new RegExp(`^some\\.jsonl:${line}: .* must be an integer from 0 to`));
      expect(verify).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
    }
  });

  it('refuses a header without a first time, or with other constants', () => {
    for (const change of ['"firstJiffies":', '"maxLimit":', '"maxObject":']) {
      const header = trace.lines[0]!.replace(change, `${change}-`);
      expect(() => verdictOn(verifyQueueLimit, [header])).toThrow('some.jsonl:1: the header is wrong');
    }
  });
});
