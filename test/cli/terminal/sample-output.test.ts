import { describe, expect, it } from '@jest/globals';
import { SampleOutput } from '../../../lib/cli/terminal/sample-output.js';
import type { WatchSample } from '../../../lib/watch/watcher.js';

const SAMPLE: WatchSample = {
  schema: 'copytax.watch/1',
  time: '2026-11-30T09:52:29.943Z',
  seconds: 1,
  pools: null,
  devices: [],
  lostEvents: 0,
  unparsedLines: 0,
  missing: [{ what: 'occupancy', why: 'x'.repeat(100), commands: [], otherwise: 'boot' }],
};

function written(stream: { isTTY?: boolean; columns?: number }, form = {}, terminal = 'xterm') {
  const texts: string[] = [];
  const output = new SampleOutput({ ...stream, write: (text) => texts.push(text) }, form, terminal);
  for (let samples = 0; samples < 2; samples++) output.write(SAMPLE);
  return { texts, tellsMissing: output.tellsMissing };
}

describe('SampleOutput', () => {
  it('rewrites its table on a terminal, counting lines that are broken as often as they are', () => {
    const { texts, tellsMissing } = written({ isTTY: true, columns: 80 });
    expect(tellsMissing).toBe(true);
    expect(texts[0]).toMatch(/^2026-11-30T.*\n\nnothing was bounced .*\n\noccupancy is not shown, /);
    expect(texts[1]).toBe(`\x1b[6A\r\x1b[J${texts[0]}`);
  });

  it.each([
    ['a stream that is no terminal', {}, {}, 'xterm'],
    ['--plain', { isTTY: true }, { plain: true }, 'xterm'],
    ['a terminal that prints codes', { isTTY: true }, {}, 'dumb'],
  ])('writes a line for each sample, for %s', (_, stream, form, terminal) => {
    const { texts, tellsMissing } = written(stream, form, terminal);
    expect({ texts, tellsMissing }).toEqual({ texts: [`${SAMPLE.time}\n`, `${SAMPLE.time}\n`], tellsMissing: false });
  });

  it('writes an object on each line as JSON', () => {
    const { texts, tellsMissing } = written({ isTTY: true }, { json: true });
    expect(texts.map((text) => JSON.parse(text))).toEqual([SAMPLE, SAMPLE]);
    expect([tellsMissing, texts[0]!.split('\n')]).toEqual([true, [expect.any(String), '']]);
  });
});
