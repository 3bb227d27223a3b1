import { describe, expect, it } from '@jest/globals';
import { areHostsKnown, compare, knowsItsRuns } from '../../../lib/bench/compare/comparison.js';
import type { RunFacts } from '../../../lib/bench/compare/run-facts.js';
import { simulatedRuns } from './fixtures/simulated-runs.js';

const ROWS = [
  { id: 'tx/bounce', median: 100 },
  { id: 'tx/bounce', kind: 'worth', median: 3 },
] as const;
const OPTIONS = { minimalEffect: 0.03, isStrict: false };

function groupOf(name: string, fingerprint: string | null, count = 1) {
  const runs = simulatedRuns(count, { rows: ROWS, deviation: 0.05 }, name.length);
  const on = (run: RunFacts): RunFacts => ({ ...run, machine: { ...run.machine, fingerprint } });
  return { name, runs: runs.map(on) };
}

describe('a comparison', () => {
  it('is of the same machine only if all runs are known to be', () => {
    const modeOf = (...fingerprints: (string | null)[]) =>
      compare(
        fingerprints.map((fingerprint, at) => groupOf(`${at}`, fingerprint)),
        OPTIONS,
      ).mode;
    expect(modeOf('2-a', '2-a')).toBe('same machine');
    expect(modeOf('2-a', '2-b')).toBe('across machines');
    expect(modeOf(null, null)).toBe('across machines');
    expect(areHostsKnown([groupOf('a', '1-a'), groupOf('b', '2-a')])).toBe(false);
    expect(compare([groupOf('a', null), groupOf('b', null)], { ...OPTIONS, mode: 'same machine' }).mode).toBe(
      'same machine',
    );
  });

  it.each<[string, unknown, unknown, string]>([
    ['an option that does not exist', 2, { ...OPTIONS, strict: true }, 'ERR_UNKNOWN_OPTION'],
    ['no options', 2, undefined, 'ERR_INVALID_ARG_TYPE'],
    ['a mode that is none', 2, { ...OPTIONS, mode: 'same' }, 'ERR_OUT_OF_RANGE'],
    ['an effect that is no share', 2, { ...OPTIONS, minimalEffect: 3 }, 'ERR_OUT_OF_RANGE'],
    ['a text for a boolean', 2, { ...OPTIONS, isStrict: 'no' }, 'ERR_INVALID_ARG_TYPE'],
    ['one group', 1, OPTIONS, 'ERR_INVALID_ARG_TYPE'],
    ['a group without runs', [groupOf('a', '2-a'), { name: 'b', runs: [] }], OPTIONS, 'ERR_INVALID_ARG_TYPE'],
    ['what is no list of groups', undefined, OPTIONS, 'ERR_INVALID_ARG_TYPE'],
  ])('is refused of %s', (_what, given, options, code) => {
    const groups = typeof given === 'number' ? ['a', 'b'].slice(0, given).map((name) => groupOf(name, '2-a')) : given;
    expect(() => compare(groups as [], options as typeof OPTIONS)).toThrow(expect.objectContaining({ code }));
  });

  it('compares in copies across machines alone', () => {
    const kindsOf = (fingerprint: string) =>
      compare([groupOf('a', '2-a'), groupOf('bb', fingerprint)], OPTIONS).compared[0]!.differences.map(
        ({ row }) => row.kind,
      );
    expect(kindsOf('2-a')).toEqual(['value']);
    expect(kindsOf('2-b')).toEqual(['value', 'worth']);
  });

  it('compares each group with the first', () => {
    const { compared } = compare([groupOf('a', '2-a', 5), groupOf('bb', '2-a', 5), groupOf('ccc', '2-a')], OPTIONS);
    expect(compared.map(({ group, method }) => [group, method])).toEqual([
      [1, 'runs'],
      [2, 'intervals'],
    ]);
  });

  it('knows how much a host varies from all of its runs', () => {
    const many = groupOf('a', '2-a', 30);
    const widthOf = (fingerprint: string) => {
      const { compared } = compare([many, groupOf('bb', fingerprint)], { ...OPTIONS, mode: 'same machine' });
      const [first] = compared[0]!.differences;
      return Math.log(first!.high / first!.low);
    };
    // By the runs of the host it varies by 5 %; by the interval of the single run alone by that and the floor.
    expect(widthOf('2-a')).toBeLessThan(widthOf('2-b'));
  });

  it('takes hosts without a fingerprint for one if it is told so', () => {
    const widthOf = (mode?: 'same machine') => {
      const given = mode === undefined ? OPTIONS : { ...OPTIONS, mode };
      const { compared } = compare([groupOf('a', null, 30), groupOf('bb', null)], given);
      const [first] = compared[0]!.differences;
      return Math.log(first!.high / first!.low);
    };
    expect(widthOf('same machine')).toBeLessThan(widthOf());
  });

  it('knows where the files tell how far runs vary', () => {
    const knownOf = (...counts: number[]) =>
      knowsItsRuns(
        compare(
          counts.map((count, at) => groupOf('x'.repeat(at + 1), '2-a', count)),
          OPTIONS,
        ),
        1,
      );
    expect([knownOf(5, 1), knownOf(3, 3), knownOf(2, 2), knownOf(1, 1, 1, 1, 1)]).toEqual([true, true, false, true]);
  });

  it('leaves CPUs of two machines as far apart as they are', () => {
    const at = (name: string, fingerprint: string | null, ns: number) => {
      const group = groupOf(name, fingerprint);
      const runs = group.runs.map((run): RunFacts => {
        const numbers = [...run.numbers].map(([key, number]) => {
          return [key, { ...number, row: { ...number.row, needsCpus: true } }] as const;
        });
        return { ...run, distance: { low: ns, high: ns }, distances: [], numbers: new Map(numbers) };
      });
      return { name, runs };
    };
    const untoldOf = (...prints: (string | null)[]) =>
      compare([at('a', prints[0]!, 60), at('bb', prints[1]!, 200)], OPTIONS).compared[0]!.differences[0]!.untold;
    expect([untoldOf('2-a', '2-b'), untoldOf('2-a', '2-a'), untoldOf(null, null), untoldOf('1-a', '2-b')]).toEqual([
      null,
      'CPUs elsewhere',
      'CPUs elsewhere',
      'CPUs elsewhere',
    ]);
  });
});
