import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ResultFile, readResult } from '../../../lib/bench/result/result-file.js';
import { BenchOutput } from '../../../lib/cli/terminal/bench-output.js';
import {
  FakeClock,
  scriptedCell,
  scriptedRecorder,
  scriptedScenario,
  takenSample,
} from '../../bench/fixtures/scripted.js';
import { scratchFolder } from '../../scratch.js';

function setUp(samples: number) {
  const clock = new FakeClock();
  const recorder = scriptedRecorder(clock);
  const cell = scriptedCell('a', clock, () => 1);
  const record = recorder.begin(scriptedScenario([cell]));
  for (let index = 0; index < samples; index++) record.addSample(cell, takenSample({ value: 1, durationMs: 1 }));
  const path = join(scratchFolder(), 'a.json');
  const [printed, said]: string[][] = [[], []];
  const file = ResultFile.open(path);
  const now = () => performance.now();
  const output = new BenchOutput(
    recorder,
    file,
    (reportOn) => printed!.push(reportOn(null)),
    now,
    (text) => said!.push(text),
  );
  return { printed, said, path, output };
}

describe('BenchOutput', () => {
  it('writes the file after a scenario without printing anything', () => {
    const { output, printed, path } = setUp(1);
    output.keep();
    expect(readResult(path)).toMatchObject({ complete: false, interrupted: false });
    expect(printed).toEqual([]);
  });

  it.each([
    ['complete', { complete: true, interrupted: false }],
    ['interrupted', { complete: false, interrupted: true }],
    ['failed', { complete: false, interrupted: false }],
  ] as const)('reports a run that ended as %s, and only once', (end, state) => {
    const { output, printed, path } = setUp(1);
    output.report(end);
    output.report('complete');
    expect(readResult(path)).toMatchObject(state);
    expect(printed).toHaveLength(1);
  });

  it.each(['interrupted', 'failed'] as const)(
    'leaves the file alone, and says so, if nothing was measured: %s',
    (end) => {
      const { output, said, path } = setUp(0);
      output.report(end);
      expect(existsSync(path)).toBe(false);
      expect(said).toEqual([`copytax: nothing was measured: ${path} is as it was\n`]);
      writeFileSync(path, 'older results');
      output.keep();
      expect(readFileSync(path, 'utf8')).toBe('older results');
    },
  );

  it('prints no report if nothing was measured before a failure', () => {
    const { output, printed } = setUp(0);
    output.report('failed');
    expect(printed).toEqual([]);
  });
});
