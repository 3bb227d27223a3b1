import { describe, expect, it } from '@jest/globals';
import type { Progress } from '../../../lib/bench/run/runner.js';
import { type RunMessage, RunReporter } from '../../../lib/bench/runs/run-reporter.js';
import { scriptedRun } from '../fixtures/runs.js';

const STEP: Progress = { scenario: 's', phase: 'round', rounds: 1, done: 2, cells: 3, leftMs: 4 };

describe('the reporter of a run', () => {
  it('tells its progress twice a second at most', () => {
    const sent: RunMessage[] = [];
    let ms = 0;
    const reporter = new RunReporter(
      (message) => sent.push(message),
      () => ms,
    );
    for (ms = 0; ms < 2000; ms += 100) reporter.progress({ ...STEP, done: ms });
    expect(sent).toEqual([0, 500, 1000, 1500].map((done) => ({ kind: 'progress', step: { ...STEP, done } })));
  });

  it('has handed over the document when its promise resolves', async () => {
    const document = scriptedRun({ cells: { a: [1] } });
    const sent: RunMessage[] = [];
    const reporter = new RunReporter((message, done) => {
      sent.push(message);
      setImmediate(() => done?.(null));
    });
    await reporter.finish(document);
    expect(sent).toEqual([{ kind: 'document', document }]);
  });

  it('rejects if the document could not be sent', async () => {
    const reporter = new RunReporter((_message, done) => done?.(new Error('gone')));
    await expect(reporter.finish(scriptedRun({ cells: { a: [1] } }))).rejects.toThrow('gone');
  });
});
