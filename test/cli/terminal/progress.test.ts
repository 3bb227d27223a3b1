import { describe, expect, it } from '@jest/globals';
import type { Progress } from '../../../lib/bench/run/runner.js';
import { ProgressLine, progressText } from '../../../lib/cli/terminal/progress.js';

const STEP: Progress = { scenario: 'tx-designs', phase: 'round', rounds: 2, done: 3, cells: 12, leftMs: 12_300 };

function lineOn(stream: { isTTY?: boolean; columns?: number }, terminal = 'xterm') {
  const written: string[] = [];
  let ms = 0;
  const line = new ProgressLine({ ...stream, write: (text) => written.push(text) }, () => ms, terminal);
  const update = (step: Progress) => line.update(step.scenario, () => progressText(step));
  return { line, update, written, pass: (more: number) => (ms += more) };
}

describe('progressText', () => {
  it.each([
    [{}, 'tx-designs: round 3, cell 4 of 12, 13 s left'],
    [{ leftMs: null }, 'tx-designs: round 3, cell 4 of 12'],
    [{ leftMs: 400_000 }, 'tx-designs: round 3, cell 4 of 12, 7 min left'],
    [{ phase: 'warm-up' as const, rounds: 0 }, 'tx-designs: warm-up, cell 4 of 12, 13 s left'],
  ])('says of %j: %s', (more, text) => {
    expect(progressText({ ...STEP, ...more })).toBe(text);
  });
});

describe('ProgressLine', () => {
  it('writes plain lines to a terminal that obeys no codes', () => {
    const { line, update, written } = lineOn({ isTTY: true, columns: 30 }, 'dumb');
    update(STEP);
    line.clear();
    expect(written).toEqual([`copytax: ${progressText(STEP)}\n`]);
  });

  it('rewrites one line of a terminal, at most ten times a second', () => {
    const { line, update, written, pass } = lineOn({ isTTY: true, columns: 30 });
    update(STEP);
    pass(50);
    update(STEP);
    pass(50);
    update(STEP);
    line.clear();
    line.clear();
    expect(written).toEqual([
      '\r\x1b[Ktx-designs: round 3, cell 4 o',
      '\r\x1b[Ktx-designs: round 3, cell 4 o',
      '\r\x1b[K',
    ]);
  });

  it('writes plain lines elsewhere: one per scenario, and one every five seconds', () => {
    const { line, update, written, pass } = lineOn({});
    update(STEP);
    pass(4999);
    update(STEP);
    update({ ...STEP, scenario: 'copy-cost' });
    pass(5000);
    update({ ...STEP, scenario: 'copy-cost' });
    line.clear();
    expect(written).toHaveLength(3);
    for (const text of written) expect(text).toMatch(/^copytax: .*\n$/);
  });
});
