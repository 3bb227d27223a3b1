import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Comparison } from '../../../dev/tools/agreement-file.js';
import type { Conditions, Group } from '../../../dev/tools/plan.js';
import { findProgram, missingLine, TOOL_NAMES, type ToolName } from '../../../dev/tools/programs.js';
import { groupsOf, measureRounds } from '../../../dev/tools/rounds.js';
import { allCopyKernels } from '../../../lib/memory/copy-kernels.js';
import { FakeTools } from './fixtures/fake-tools.js';

let tools: FakeTools;
beforeEach(() => {
  tools = new FakeTools();
});
afterEach(() => tools.remove());

const supported = () => allCopyKernels().filter((copyKernel) => copyKernel.supported);
const conditions = (loops: string | null): Conditions => ({
  sizes: [2 ** 20],
  hugePages: 'never',
  copyKernels: supported().map(({ name }) => name),
  loops,
  folder: tools.folder,
});
const keysOf = ({ explanations, of, to }: Comparison) => [
  of,
  to,
  ...explanations.flatMap(({ pairs }) => pairs.flatMap((pair) => [pair.of, pair.to])),
];

describe('measureRounds', () => {
  it('takes each measurement once a round, beside each other, in turn in both orders', async () => {
    const taken: string[] = [];
    const measure = (...keys: string[]) => ({
      keys,
      take: () => {
        taken.push(keys[0]!);
        return keys.map((_, at) => taken.length + at / 10);
      },
    });
    const group = (name: string): Group => ({
      tool: 'mbw',
      comparisons: [],
      measures: [measure(name, `half of ${name}`), measure(`copy beside ${name}`)],
    });
    const runs: string[] = [];
    const groups = [group('a'), group('b')];
    const rates = await measureRounds(groups, 2, (round, { measures }) =>
      runs.push(`${round} ${measures[0]!.keys[0]}`),
    );
    expect(taken).toEqual(['a', 'copy beside a', 'b', 'copy beside b', 'copy beside a', 'a', 'copy beside b', 'b']);
    expect(runs).toEqual(['0 a', '0 b', '1 a', '1 b']);
    expect(rates).toMatchObject({ a: [1, 6], 'half of a': [1.1, 6.1], 'copy beside a': [2, 5], b: [3, 8] });
  });
});

describe('What is compared', () => {
  it.each(TOOL_NAMES)('of %s names only keys that are measured, each by one measurement', (name) => {
    const groups = groupsOf(name, '/nowhere', conditions('/nowhere/tool_loops'));
    const measured = groups.flatMap(({ measures }) => measures.flatMap(({ keys }) => keys));
    const compared = groups.flatMap(({ comparisons }) => comparisons.flatMap(keysOf));
    expect(groups.length).toBeGreaterThan(0);
    expect(compared.filter((key) => !measured.includes(key))).toEqual([]);
    expect(new Set(measured).size).toBe(measured.length);
  });
});

/** Takes the first measurement of each group: the run of the tool itself. */
function toolRates(name: ToolName, file: string): number[] {
  return groupsOf(name, file, conditions(null)).flatMap(({ measures }) => [...measures[0]!.take()]);
}

for (const name of TOOL_NAMES) {
  const file = findProgram(name);
  if (file === null) console.warn(missingLine(name));
  (file === null ? describe.skip : describe)(`The installed ${name}`, () => {
    it('prints rates that are understood, in each of its runs', () => {
      const rates = toolRates(name, file!);
      expect(rates.length).toBeGreaterThan(0);
      expect(rates.filter((rate) => !(rate > 0 && rate < 1e5))).toEqual([]);
    }, 120_000);
  });
}
