import { describe, expect, it } from '@jest/globals';
import { plainLine, reasonTexts } from '../../lib/watch/plain-text.js';
import { WATCH_SAMPLE as SAMPLE } from '../support/watch-sample.js';

describe('plainLine', () => {
  it('is one line with everything, also with what is unknown', () => {
    expect(plainLine(SAMPLE)).toBe(
      '2026-11-30T09:52:29.943Z; default 481/32768 slots (1.5 %) high-water 852 transient 0; ' +
        'restricted@1 unknown/2048 slots (unknown) high-water unknown transient unknown; ' +
        '0000:00:01.0 29.3 MB/s 4666 attempts/s; ' +
        'nvme [2J 0 B/s 0 attempts/s; 3 events were lost: more was bounced than is told',
    );
  });

  it('stands by itself where nothing is shown, and where nothing was bounced', () => {
    const bare = { ...SAMPLE, pools: null, devices: null, lostEvents: null, unparsedLines: null };
    expect(plainLine(bare)).toBe(`${SAMPLE.time}; pools unknown; bounced unknown`);
    expect(plainLine({ ...bare, pools: [], devices: [], unparsedLines: 2 })).toBe(
      `${SAMPLE.time}; pools unknown; bounced nothing; 2 lines of events could not be read`,
    );
  });
});

describe('reasonTexts', () => {
  it('says why counters are unknown, and what is missing', () => {
    const missing = [{ what: 'events', why: 'it is hidden', commands: ['mount it'], otherwise: null }] as const;
    expect(reasonTexts({ ...SAMPLE, missing })).toEqual([
      'used of restricted@1 is unknown: it was below',
      'events are not shown, because it is hidden: run `mount it`',
    ]);
    expect(reasonTexts({ ...SAMPLE, pools: null })).toEqual([]);
  });
});
