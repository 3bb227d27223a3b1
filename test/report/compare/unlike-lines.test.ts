import { describe, expect, it } from '@jest/globals';
import { unlikeLines } from '../../../lib/report/compare/unlike-lines.js';
import { type Change, comparisonOf } from './fixtures/differences.js';

function linesOf(...changes: Change[]): string {
  const sides = changes.map((change, at) => ({ name: `group ${at + 1}`, speeds: [1], change }));
  return unlikeLines(comparisonOf(sides, { mode: 'same machine' }))
    .join('\n')
    .replaceAll(/\n {4}/g, ' ');
}

const linux =
  (release: string | null): Change =>
  (result) => ({ ...result, machine: { ...result.machine, kernel: { ...result.machine.kernel, release } } });
const settings =
  (sampleMs: number): Change =>
  (result) => ({ ...result, settings: { ...result.settings, sampleMs } });

describe('what is unlike', () => {
  it('is told with the values of each group, and what it may do', () => {
    expect(linesOf(linux('6.1'), linux('6.8'))).toContain(
      '  versions of Linux: 6.1 (group 1), 6.8 (group 2): pages, huge pages and the scheduler are those of Linux',
    );
    expect(linesOf(linux('6.1'), linux('6.1'))).not.toContain('Linux');
  });

  it('says that something is not known, and does not take that for the same', () => {
    expect(linesOf(linux(null), linux(null))).toContain('versions of Linux: not known: ');
    expect(linesOf(linux(null), linux('6.8'))).toContain('not known (group 1), 6.8 (group 2)');
  });

  it('names only those settings that differ', () => {
    expect(linesOf(settings(10), settings(20))).toContain('settings: sampleMs 10 (group 1), 20 (group 2): cells with');
  });

  it('shortens commits', () => {
    const commit =
      (digit: string): Change =>
      (result) => ({ ...result, environment: { ...result.environment, commit: digit.repeat(40) } });
    expect(linesOf(commit('a'), commit('b'))).toMatch(
      /versions of copytax: \S+ a{9} \(group 1\), \S+ b{9} \(group 2\)/,
    );
  });
});
