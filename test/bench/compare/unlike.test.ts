import { describe, expect, it } from '@jest/globals';
import type { Likeness } from '../../../lib/bench/compare/likeness.js';
import type { RunFacts } from '../../../lib/bench/compare/run-facts.js';
import { type Mode, unlikesOf } from '../../../lib/bench/compare/unlike.js';
import { realRun } from './fixtures/simulated-runs.js';

const KNOWN: Likeness = {
  fingerprint: '2-a',
  coreType: 'x',
  cpus: '2',
  encryption: 'none',
  microcode: '1',
  version: '1',
  settings: '{}',
  copyKernel: 'libc',
  kernel: '6.12',
  engine: '20',
  governor: 'guest',
};

const run = (likeness: Partial<Likeness>, more: Partial<RunFacts> = {}): RunFacts => ({
  ...realRun(),
  distance: null,
  likeness: { ...KNOWN, ...likeness },
  ...more,
});

const aspects = (groups: readonly RunFacts[][], mode: Mode = 'same machine') =>
  unlikesOf(
    groups.map((runs, at) => ({ name: `${at}`, runs })),
    mode,
  ).map(({ aspect }) => aspect);

describe('what runs are unlike in', () => {
  it('is nothing if they are alike', () => {
    expect(aspects([[run({}), run({})], [run({})]])).toEqual([]);
    expect(aspects([[run({})], [run({})]], 'across machines')).toEqual([]);
  });

  it('is each aspect in which groups differ, or the runs of one group', () => {
    expect(aspects([[run({})], [run({ kernel: '6.13', version: '2' })]])).toEqual(['version', 'kernel']);
    expect(aspects([[run({}), run({ engine: '22' })], [run({})]])).toEqual(['engine']);
  });

  it('is what is not known, of one run and of all', () => {
    expect(aspects([[run({ fingerprint: null })], [run({ fingerprint: null })]])).toEqual(['fingerprint']);
    expect(aspects([[run({})], [run({ coreType: null })]], 'across machines')).toEqual(['coreType']);
  });

  it('is not what machines differ in, unless a group has several machines', () => {
    const other = run({ fingerprint: '2-b', coreType: 'y', cpus: '8', microcode: '2', encryption: 'sev' });
    expect(aspects([[run({})], [other]], 'across machines')).toEqual([]);
    expect(aspects([[run({}), other], [other]], 'across machines')).toContain('fingerprint');
  });

  it('is the distance of the CPUs of a host, and that a run is incomplete', () => {
    const near = run({}, { distance: { low: 70, high: 80 } });
    const far = run({}, { distance: { low: 300, high: 310 } });
    expect(aspects([[near], [far]])).toEqual(['distance']);
    expect(aspects([[near], [far]], 'across machines')).toEqual([]);
    expect(aspects([[run({})], [run({}, { complete: false })]])).toEqual(['complete']);
  });

  it('are the times of groups of several runs of a host that were not taken in turn', () => {
    const at = (minute: number) => run({}, { created: `2026-11-29T12:${10 + minute}:00.000Z` });
    const [early, late] = [
      [at(0), at(3)],
      [at(6), at(9)],
    ];
    expect(aspects([early, late])).toEqual(['times']);
    expect(aspects([late, early])).toEqual(['times']);
    expect(
      aspects([
        [at(0), at(6)],
        [at(3), at(9)],
      ]),
    ).toEqual([]);
    expect(aspects([early, [at(3), at(9)]])).toEqual([]); // from the time on at which the others end
    expect(aspects([early, [at(6)]])).toEqual([]); // a single run is compared by its intervals
    expect(aspects([early, late], 'across machines')).toEqual([]);
    const [unlike] = unlikesOf(
      [
        { name: 'a', runs: early },
        { name: 'b', runs: late },
      ],
      'same machine',
    );
    expect(unlike?.values).toEqual([['12:10 to 12:13 UTC'], ['12:16 to 12:19 UTC']]);
  });
});
