import { describe, expect, it } from '@jest/globals';
import type { ReplayResult } from '../../../lib/capture/replay/replay-result.js';
import { sizePool } from '../../../lib/capture/sizing/size-pool.js';
import { capturedSections } from '../../../lib/report/html/captured-sections.js';
import type { PageContents } from '../../../lib/report/html/contents.js';
import { KIB } from '../../../lib/units.js';
import { replayOf } from '../fixtures/replay.js';

const NONE: PageContents = { results: [], replays: [], sizings: [] };
const replay = await replayOf('vnet-tcp8-k6.12.trace.gz');

describe('what other commands found, in a page,', () => {
  it('has the picture of a replay and all that the command prints', () => {
    const contents = { ...NONE, replays: [{ name: 'eight', document: replay }] };
    const [section, ...others] = capturedSections(contents, 500);
    expect([section!.id, others]).toEqual(['replays', []]);
    const page = String(section!.content);
    expect(page).toContain('data-plot="occupancy.svg"');
    expect(page).toContain('high-water mark');
  });

  it('has the size that was found', async () => {
    const flows = { flows: 20, sendBufferBytes: 256 * KIB, bitsPerSecond: 10e9, cpus: 4, mappings: 2000 };
    const document = await sizePool({ flows }, { seed: 3, passes: 2 });
    const [section] = capturedSections({ ...NONE, sizings: [{ name: 'twenty', document }] }, 500);
    expect([section!.id, section!.heading]).toEqual(['sizes', 'Sizes of slot pools']);
    expect(String(section!.content)).toContain(document.recommended!.token);
  });

  it.each([
    ['a part', { pool: undefined }],
    ['a number', { pool: { ...replay.pool, timeline: null } }],
    ['its devices', { devices: null }],
  ])('refuses a replay without %s', (_, change) => {
    const document = { ...replay, ...change } as unknown as ReplayResult;
    const contents = { ...NONE, replays: [{ name: 'odd', document }] };
    expect(() => capturedSections(contents, 500)).toThrow(
      expect.objectContaining({ code: 'ERR_RESULT_SCHEMA', message: expect.stringContaining('odd is not a whole') }),
    );
  });
});
