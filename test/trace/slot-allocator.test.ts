import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { DETAILS, namesOf, type Operation, RESULTS } from '../../lib/trace/format/operation.js';
import { type OracleTrace, readOracleTrace } from '../../lib/trace/format/oracle-trace.js';
import type { Verdict } from '../../lib/trace/replay/verdict.js';
import { verifyTrace } from '../../lib/trace/slot-allocator.js';

const FOLDER = fileURLToPath(new URL('../../../test/fixtures/oracle/', import.meta.url));
const MAIN = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.gz') && !name.startsWith('bootparams'));

const trace = (name: string) => readOracleTrace(`${FOLDER}${name}.jsonl.gz`);

/** The trace with the first operation that `change` changes; the rest is cut off, but for the last snapshot. */
function changed(original: OracleTrace, change: (operation: Operation) => Operation | null): OracleTrace {
  const operations = [...original.operations];
  for (const [at, operation] of operations.entries()) {
    const other = change(operation);
    if (other === null) continue;
    operations[at] = other;
    return { ...original, operations };
  }
  throw new Error('nothing to change');
}

describe('our allocator', () => {
  // By the command itself, and because a test runner's own globals make every Atomics call many times slower.
  const arguments_ = ['verify', '--json', ...FILES.map((name) => FOLDER + name)];
  const { status, stdout } = spawnSync(process.execPath, [MAIN, ...arguments_], { encoding: 'utf8' });
  const { passed, failed, files } = JSON.parse(stdout) as { passed: number; failed: number; files: Verdict[] };

  it("decides as Linux's does in every trace", () => {
    expect(files.filter(({ difference }) => difference !== null)).toEqual([]);
    expect({ status, passed, failed }).toEqual({ status: 0, passed: FILES.length, failed: 0 });
    expect(FILES.length).toBeGreaterThanOrEqual(35);
  });

  it.each(FILES)("decides as Linux's does in %s", (name) => {
    const verdict = files.find(({ file }) => file === FOLDER + name);
    expect(verdict?.difference).toBeNull();
    expect(verdict?.operations).toBeGreaterThan(600);
  });
});

describe('verifyTrace', () => {
  const cases: [what: string, field: string, file: string, change: (operation: Operation) => Operation | null][] = [
    ['a wrong slot', 't', 'a1-single-1024', (op) => (op.o === 'm' && op.t ? { ...op, t: op.t + 2048 } : null)],
    ['a wrong slot pool', 'p', 'g1-dyn-any-low', (op) => (op.o === 'm' && op.p ? { ...op, p: op.p + 1 } : null)],
    ['a wrong padding', 'ps', 'e1-align-heavy', (op) => (op.ps ? { ...op, ps: op.ps - 1 } : null)],
    ['a wrong recorded size', 'as', 'e1-align-heavy', (op) => (op.as ? { ...op, as: op.as + 1 } : null)],
    [
      'a refusal instead of a success',
      'e',
      'f2-full-nvme',
      (op) => (op.o === 'm' && op.p === 0 ? { ...op, e: 1 } : null),
    ],
    ['a wrong number of freed slots', 'nf', 'a1-single-1024', (op) => (op.nf ? { ...op, nf: op.nf + 1 } : null)],
    ['a copy that was not made', 'cp', 'a1-single-1024', (op) => (op.o === 'u' && !op.cp ? { ...op, cp: 1 } : null)],
    ['a wrong warning', 'wr', 'f2-full-nvme', (op) => (op.wr === 'F' ? { ...op, wr: 'B' } : null)],
    [
      'background work that was not wanted',
      'w',
      'g1-dyn-any-low',
      (op) => (op.w === undefined && op.o === 'm' ? { ...op, w: 1 } : null),
    ],
    [
      'a wrong slot pool that was added',
      'np',
      'g1-dyn-any-low',
      (op) => (op.np ? { ...op, np: { ...op.np, n: 1 } } : null),
    ],
    [
      'a slot pool that was not freed',
      'fp',
      'g1-dyn-any-low',
      (op) => (op.o === 'u' && !op.fp ? { ...op, fp: [1] } : null),
    ],
    [
      'a wrong number of used slots',
      'used',
      'a1-single-1024',
      (op) => (op.o === 'q' ? { ...op, used: op.used! + 1 } : null),
    ],
    ['a wrong high water', 'hi', 'a1-single-1024', (op) => (op.o === 'q' ? { ...op, hi: op.hi! + 1 } : null)],
    [
      'wrong free counters',
      'pools',
      'a1-single-1024',
      (op) => (op.o === 'q' ? { ...op, pools: [{ ...op.pools![0]!, hl: 1 }] } : null),
    ],
    [
      'a wrong cursor',
      'pools',
      'a1-single-1024',
      (op) => (op.o === 'q' ? { ...op, pools: [{ ...op.pools![0]!, areas: [[0, 1]] }] } : null),
    ],
    [
      'a wrong sticky flag',
      'uses',
      'g1-dyn-any-low',
      (op) => (op.uses ? { ...op, uses: op.uses.map((flag) => 1 - flag) } : null),
    ],
  ];

  it.each(cases)('finds %s', (_what, field, file, change) => {
    const { difference } = verifyTrace(changed(trace(file), change));
    expect(difference?.field).toBe(field);
    expect(difference?.expected).not.toEqual(difference?.actual);
    expect(difference!.line).toBeGreaterThan(1);
  });

  it.each(namesOf({ ...RESULTS, ...DETAILS }))('finds a difference in field %s', (name) => {
    const wrong = changed(trace('a1-single-1024'), (op) =>
      op.o === 'm' ? ({ ...op, [name]: 'other' } as Operation) : null,
    );
    expect(verifyTrace(wrong).difference).toMatchObject({ field: name, expected: 'other' });
  });

  it('finds a different slot, and shows its segment', () => {
    const wrong = changed(trace('a1-single-1024'), (op) => (op.o === 'm' && op.t ? { ...op, t: op.t + 2048 } : null));
    expect(verifyTrace(wrong).difference!.segment).toMatch(/^slot pool 0, slots \d+ to \d+: (u\d+|\d+-\d+)/);
  });
});
