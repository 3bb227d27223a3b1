import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readJson } from '../../../lib/bench/files/read-json.js';
import { parseReplay } from '../../../lib/capture/files/replay-schema.js';
import type { ReplayResult } from '../../../lib/capture/replay/replay-result.js';
import { replayOf } from '../../report/fixtures/replay.js';

const CAPTURES = ['vnet-tcp8-k6.12', 'kp-pressure-k6.1', 'fgraph-vnet-tcp4-k6.12', 'full-nvme12-k6.12'];
const COMMITTED = 'benchmarks/results/replays';
const written = (document: unknown) => JSON.parse(JSON.stringify(document));
const replay = written(await replayOf('vnet-tcp8-k6.12.trace.gz')) as ReplayResult;
const { timeline } = replay.pool;

describe('parseReplay', () => {
  it.each(CAPTURES)('returns a replay of %s as it was written', async (name) => {
    const document = written(await replayOf(`${name}.trace.gz`));
    expect(parseReplay(document, 'a file')).toEqual(document);
  });

  it('returns each committed replay as it is', () => {
    const files = readdirSync(COMMITTED);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const document = readJson(`${COMMITTED}/${file}`);
      expect(parseReplay(document, file)).toEqual(document);
    }
  });

  it('leaves out what a later version may have added', () => {
    const later = { ...replay, added: 1, pool: { ...replay.pool, added: 1 } };
    expect(parseReplay(later, 'a file')).toEqual(replay);
  });

  it.each([
    ['pool.slots', { pool: { ...replay.pool, slots: '1024' } }],
    ['pool.timeline', { pool: { ...replay.pool, timeline: null } }],
    [
      'pool.timeline.parts',
      { pool: { ...replay.pool, timeline: { ...timeline, parts: Array(513).fill(timeline.parts[0]) } } },
    ],
    ['transmit', { transmit: undefined }],
    ['softirqShare', { softirqShare: Number.POSITIVE_INFINITY }],
    ['softirqByteShare', { softirqByteShare: 1.5 }],
    ['cpus.0.copies', { cpus: { 0: replay.contexts.softirq } }],
    ['faults.0', { faults: [1] }],
  ])('names %s where that is wrong', (path, change) => {
    expect(() => parseReplay({ ...replay, ...change }, 'a file')).toThrow(
      expect.objectContaining({
        code: 'ERR_RESULT_SCHEMA',
        message: expect.stringContaining(`a file is not a whole copytax.replay/1 document: ${path}: `),
      }),
    );
  });
});
