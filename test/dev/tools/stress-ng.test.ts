import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nativeProgram } from '../../../benchmarks/shared/native-program.js';
import type { Conditions } from '../../../dev/tools/plan.js';
import { stressGroups } from '../../../dev/tools/stress-ng.js';
import { memoryRates, movesRate, streamRate } from '../../../dev/tools/tool-output.js';
import { FakeTools } from './fixtures/fake-tools.js';
import { MEMCPY, MEMRATE, STREAM } from './fixtures/outputs.js';

let tools: FakeTools;
beforeEach(() => {
  tools = new FakeTools();
});
afterEach(() => tools.remove());

const conditions = (loops: string | null): Conditions => ({
  sizes: [2 ** 20],
  hugePages: 'never',
  loops,
  folder: tools.folder,
  copyKernels: ['libc', 'portable'],
});

describe('stressGroups', () => {
  it('takes what stress-ng writes of each run', () => {
    const takenOf = (at: number, yaml: string) =>
      stressGroups(tools.addStress(yaml), conditions(null))[at]!.measures[0]!.take();
    const { read, write } = memoryRates(MEMRATE);
    expect(takenOf(0, MEMCPY)).toEqual([movesRate(MEMCPY)]);
    expect(takenOf(1, STREAM)).toEqual([streamRate(STREAM), streamRate(STREAM) / 2]);
    expect(takenOf(2, MEMRATE)).toEqual([read, write]);
  });

  it('is one clear error where stress-ng writes something else', () => {
    const [moves] = stressGroups(tools.addStress(''), conditions(null));
    expect(() => moves!.measures[0]!.take()).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining('it prints nothing') }),
    );
  });

  it('sets the loops of tool_loops between stress-ng and copytax, on small pages and on huge ones', () => {
    const [moves] = stressGroups('stress-ng', conditions('tool_loops'));
    expect(moves!.comparisons[0]!.explanations.map(({ pairs }) => pairs)).toEqual([
      [
        { of: 'stress-ng --memcpy', to: 'loops moves all' },
        { of: 'loops moves copy', to: 'copytax libc beside stress-ng --memcpy' },
      ],
      [
        { of: 'stress-ng --memcpy', to: 'loops moves --huge all' },
        { of: 'loops moves --huge copy', to: 'copytax libc beside stress-ng --memcpy, huge pages' },
      ],
    ]);
  });

  it('runs tool_loops, which has each rate that is asked for', () => {
    let loops: string;
    try {
      loops = nativeProgram('tool_loops');
    } catch (error) {
      console.warn(`SKIPPED the loops of stress-ng: ${(error as Error).message}; install a compiler, or set CXX`);
      return;
    }
    const groups = stressGroups('stress-ng', conditions(loops));
    const measures = groups.flatMap(({ measures }) => measures).filter(({ keys }) => keys[0]!.startsWith('loops '));
    const rates = measures.map(({ keys, take }) => [keys.length, take().filter((rate) => rate > 0).length]);
    expect(rates).toEqual([2, 2, 2, 2, 3, 3].map((count) => [count, count]));
  }, 120_000);
});
