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

function written(
  stream: { isTTY?: boolean; columns?: number; rows?: number },
  form = {},
  { terminal = 'xterm', samples = [SAMPLE, SAMPLE] } = {},
) {
  const texts: string[] = [];
  const output = new SampleOutput({ ...stream, write: (text) => texts.push(text) }, form, terminal);
  for (const sample of samples) output.write(sample);
  return texts;
}

describe('SampleOutput', () => {
  it('rewrites its table on a terminal, counting lines that are broken as often as they are', () => {
    const texts = written({ isTTY: true, columns: 80 });
    expect(texts[0]).toMatch(/^2026-11-30T.*\n\nnothing was bounced .*\n\noccupancy is not shown, /);
    expect(texts[1]).toBe(`\x1b[6A\r\x1b[J${texts[0]}`);
  });

  it('never goes up beyond the first row of a terminal', () => {
    const device = { device: 'a', bytes: 1, attempts: 1, bytesPerSecond: 1, attemptsPerSecond: 1 };
    const many = { ...SAMPLE, devices: Array.from({ length: 41 }, () => device) };
    const [first, second] = written({ isTTY: true, columns: 200, rows: 10 }, {}, { samples: [many, many] });
    expect(first!.split('\n').length).toBe(10);
    expect(first).toMatch(/and \d+ more devices/);
    expect(second).toBe(`\x1b[9A\r\x1b[J${first}`);
  });

  it.each([
    ['a stream that is no terminal', {}, {}, 'xterm'],
    ['--plain', { isTTY: true }, { plain: true }, 'xterm'],
    ['a terminal that prints codes', { isTTY: true }, {}, 'dumb'],
  ])('writes a line for each sample, and a reason once until it changes, for %s', (_, stream, form, terminal) => {
    const [missing] = SAMPLE.missing;
    const other = { ...SAMPLE, missing: [{ ...missing!, why: 'it has gone' }] };
    const texts = written(stream, form, { terminal, samples: [SAMPLE, SAMPLE, other, SAMPLE] });
    const line = `${SAMPLE.time}; pools unknown; bounced nothing\n`;
    const why = (text: string) => `# ${SAMPLE.time}; occupancy is not shown, because ${text}: boot\n`;
    const first = `${why(missing!.why)}${line}`;
    expect(texts).toEqual([first, line, `${why('it has gone')}${line}`, first]);
  });

  it('writes an object on each line as JSON', () => {
    const texts = written({ isTTY: true }, { json: true });
    expect(texts.map((text) => JSON.parse(text))).toEqual([SAMPLE, SAMPLE]);
    expect(texts[0]!.split('\n')).toEqual([expect.any(String), '']);
  });
});
