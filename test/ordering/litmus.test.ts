/** Compares the memory model with the outcomes that the literature gives for the classic litmus tests. */
import { describe, expect, it } from '@jest/globals';
import { explore } from './model/explorer.js';
import { races } from './model/happens-before.js';
import {
  fence,
  fetchAdd,
  load,
  loadUntil,
  lock,
  type Program,
  type Step,
  store,
  type Thread,
  unlock,
} from './model/program.js';
import {
  independentReads,
  type Litmus,
  loadBuffering,
  messagePassing,
  readReadCoherence,
  storeBuffering,
  storeBufferingMixed,
  twoPlusTwoWrites,
  writeReadCausality,
  writeToReadCausality,
  Z6U,
} from './programs/classic.js';

function isFound({ weak, ...program }: Litmus): boolean {
  let found = false;
  explore(program, (ending) => {
    found ||= weak(ending);
  });
  return found;
}

function racesOf(program: Program): string[] {
  const found = new Set<string>();
  explore(program, ({ execution }) => {
    for (const at of races(execution)) found.add(at);
  });
  return [...found].sort();
}

describe('the weak outcome', () => {
  it.each<[string, string, Litmus]>([
    ['SB', 'relaxed', storeBuffering('relaxed', 'relaxed')],
    ['SB', 'release, acquire', storeBuffering('release', 'acquire')],
    ['SB', 'acq_rel fences', storeBuffering('relaxed', 'relaxed', 'acq_rel')],
    ['SB', 'seq_cst stores, acquire loads', storeBuffering('seq_cst', 'acquire')],
    ['SB', 'one seq_cst fence of two', storeBuffering('relaxed', 'relaxed', 'seq_cst', 'acq_rel')],
    ['SB', 'acq_rel fence, seq_cst', storeBufferingMixed('acq_rel')],
    ['MP', 'relaxed', messagePassing('relaxed', 'relaxed')],
    ['MP', 'only released', messagePassing('release', 'relaxed')],
    ['MP', 'only acquired', messagePassing('relaxed', 'acquire')],
    ['MP', 'only a release fence', messagePassing('relaxed', 'relaxed', 'release')],
    ['MP', 'only an acquire fence', messagePassing('relaxed', 'relaxed', undefined, 'acquire')],
    ['MP', 'the wrong fences', messagePassing('relaxed', 'relaxed', 'acquire', 'release')],
    ['IRIW', 'relaxed', independentReads('relaxed', 'relaxed')],
    ['IRIW', 'release, acquire', independentReads('release', 'acquire')],
    ['IRIW', 'acq_rel fences', independentReads('relaxed', 'relaxed', 'acq_rel')],
    ['WRC', 'relaxed', writeToReadCausality('relaxed', 'relaxed', 'relaxed')],
    ['WRC', 'Q relaxed', writeToReadCausality('relaxed', 'relaxed', 'acquire')],
    ['WRC', 'R relaxed', writeToReadCausality('acquire', 'release', 'relaxed')],
    ['W+RWC', 'told relaxed', writeReadCausality('relaxed', 'acquire')],
    ['W+RWC', 'heard relaxed', writeReadCausality('release', 'relaxed')],
    ['2+2W', 'relaxed', twoPlusTwoWrites('relaxed')],
    ['2+2W', 'release', twoPlusTwoWrites('release')],
    ['2+2W', 'release fences', twoPlusTwoWrites('relaxed', 'release')],
    ['Z6.U', 'as since C++20', Z6U],
  ])('of the litmus test %s with %s orders is found', (_name, _orders, litmus) => {
    expect(isFound(litmus)).toBe(true);
  });

  it.each<[string, string, Litmus]>([
    ['SB', 'seq_cst', storeBuffering('seq_cst', 'seq_cst')],
    ['SB', 'seq_cst fences', storeBuffering('relaxed', 'relaxed', 'seq_cst')],
    ['SB', 'seq_cst fence, seq_cst', storeBufferingMixed('seq_cst')],
    ['MP', 'release, acquire', messagePassing('release', 'acquire')],
    ['MP', 'seq_cst', messagePassing('seq_cst', 'seq_cst')],
    ['MP', 'release and acquire fence', messagePassing('relaxed', 'relaxed', 'release', 'acquire')],
    ['MP', 'release fence, acquire', messagePassing('relaxed', 'acquire', 'release')],
    ['MP', 'release, acquire fence', messagePassing('release', 'relaxed', undefined, 'acquire')],
    ['LB', 'relaxed, by what the model leaves out', loadBuffering('relaxed', 'relaxed')],
    ['LB', 'acquire, release', loadBuffering('acquire', 'release')],
    ['LB', 'seq_cst', loadBuffering('seq_cst', 'seq_cst')],
    ['IRIW', 'seq_cst', independentReads('seq_cst', 'seq_cst')],
    ['IRIW', 'seq_cst fences', independentReads('relaxed', 'relaxed', 'seq_cst')],
    ['WRC', 'Q and R acquire, Q releases', writeToReadCausality('acquire', 'release', 'acquire')],
    ['WRC', 'Q reads relaxed: coherence', writeToReadCausality('relaxed', 'release', 'acquire')],
    ['WRC', 'release fence in Q', writeToReadCausality('relaxed', 'relaxed', 'acquire', 'release')],
    ['WRC', 'seq_cst', writeToReadCausality('seq_cst', 'seq_cst', 'seq_cst')],
    ['W+RWC', 'release, acquire', writeReadCausality('release', 'acquire')],
    ['CoRR', 'relaxed', readReadCoherence('relaxed')],
    ['CoRR', 'seq_cst', readReadCoherence('seq_cst')],
    ['2+2W', 'seq_cst', twoPlusTwoWrites('seq_cst')],
    ['2+2W', 'seq_cst fences', twoPlusTwoWrites('relaxed', 'seq_cst')],
  ])('of the litmus test %s with %s orders never occurs', (_name, _orders, litmus) => {
    expect(isFound(litmus)).toBe(false);
  });
});

describe('read-modify-writes', () => {
  it('lose no increment', () => {
    const count: Thread = function* () {
      yield fetchAdd('x', 1, 'relaxed');
    };
    const totals = new Set<number>();
    explore({ threads: { P: count, Q: count, R: count } }, ({ execution }) => totals.add(execution.finally('x')));
    expect([...totals]).toEqual([3]);
  });

  /** P releases, Q continues the chain with a relaxed step, and R acquires the value that Q wrote. */
  const chain = (middle: Step): Litmus => ({
    threads: {
      *P() {
        yield store('x', 1, 'plain');
        yield store('y', 1, 'release');
      },
      *Q() {
        return yield middle;
      },
      *R() {
        return (yield load('y', 'acquire')) === 2 ? yield load('x', 'plain') : 'early';
      },
    },
    weak: ({ results }) => results.Q === 1 && results.R === 0,
  });

  it('continue the release that they follow', () => {
    const litmus = chain(fetchAdd('y', 1, 'relaxed'));
    expect(isFound(litmus)).toBe(false);
    expect(isFound({ ...litmus, weak: ({ results }) => results.Q === 1 && results.R === 1 })).toBe(true);
  });

  it('are the only steps that continue a release: a relaxed store of the same thread hides it, as in C++20', () => {
    const litmus: Litmus = {
      threads: {
        *P() {
          yield store('x', 1, 'plain');
          yield store('y', 1, 'release');
          yield store('y', 2, 'relaxed');
        },
        *Q() {
          return (yield load('y', 'acquire')) === 2 ? yield load('x', 'plain') : 'early';
        },
      },
      weak: ({ results }) => results.Q === 0,
    };
    expect(isFound(litmus)).toBe(true);
    expect(racesOf(litmus)).toEqual(['x']);
  });
});

describe('plain accesses', () => {
  const section: Thread = function* () {
    yield lock('lock');
    const count = yield load('x', 'plain');
    yield store('x', count + 1, 'plain');
    yield unlock('lock');
  };

  it('race if nothing orders them', () => {
    const count: Thread = function* () {
      yield store('x', 1, 'plain');
    };
    expect(racesOf({ threads: { P: count, Q: count } })).toEqual(['x']);
  });

  it('release nothing, not even after a fence', () => {
    const program: Program = {
      threads: {
        *P() {
          yield store('x', 1, 'plain');
          yield fence('release');
          yield store('y', 1, 'plain');
        },
        *Q() {
          return (yield load('y', 'acquire')) === 1 ? yield load('x', 'plain') : 'early';
        },
      },
    };
    expect(racesOf(program)).toEqual(['x', 'y']);
  });

  it('do not race under a lock, and a later holder reads what an earlier one wrote', () => {
    const program = { threads: { P: section, Q: section } };
    expect(racesOf(program)).toEqual([]);
    expect(isFound({ ...program, weak: ({ execution }) => execution.finally('x') !== 2 })).toBe(false);
  });
});

describe('the enumeration of executions', () => {
  it('visits every execution once', () => {
    const count = (program: Program) => {
      let executions = 0;
      explore(program, () => executions++);
      return executions;
    };
    expect(count(storeBuffering('relaxed', 'relaxed'))).toBe(4);
    expect(count(storeBuffering('seq_cst', 'seq_cst'))).toBe(3);
    expect(count(loadBuffering('relaxed', 'relaxed'))).toBe(3);
    expect(count(twoPlusTwoWrites('relaxed'))).toBe(4);
    expect(count(readReadCoherence('relaxed'))).toBe(3);
    expect(count(independentReads('relaxed', 'relaxed'))).toBe(16);
  });

  it('throws if a thread waits for ever', () => {
    const waits: Thread = function* () {
      yield loadUntil('x', 'relaxed', (value) => value === 1);
    };
    expect(() => explore({ threads: { waits } }, () => {})).toThrow('waits for ever');
  });
});
