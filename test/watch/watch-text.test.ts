import { describe, expect, it } from '@jest/globals';
import { bytesText, plainLine, watchLines } from '../../lib/watch/watch-text.js';
import type { WatchSample } from '../../lib/watch/watcher.js';

const SAMPLE: WatchSample = {
  schema: 'copytax.watch/1',
  time: '2026-11-30T09:52:29.943Z',
  seconds: 1.04,
  pools: [
    { pool: '', slots: 32768, used: 481, highWater: 852, transient: 0, unknown: {} },
    {
      pool: 'restricted@1',
      slots: 2048,
      used: null,
      highWater: null,
      transient: null,
      unknown: { used: 'it was below' },
    },
  ],
  devices: [
    { device: '0000:00:01.0', bytes: 1, attempts: 1, bytesPerSecond: 29.3e6, attemptsPerSecond: 4666.4 },
    { device: 'nvme\u001b[2J', bytes: 0, attempts: 0, bytesPerSecond: 0, attemptsPerSecond: 0 },
  ],
  lostEvents: 3,
  unparsedLines: 0,
  missing: [],
};
const MISSING = { what: 'events', why: 'it is hidden', commands: ['mount it'], otherwise: null } as const;

describe('watchLines', () => {
  it('has a row for each pool and device, and tells what is unknown, lost or missing', () => {
    expect(watchLines({ ...SAMPLE, missing: [MISSING] })).toEqual([
      '2026-11-30T09:52:29.943Z, over 1.0 s',
      '',
      'pool          slots     used   used %  high-water  transient',
      'default       32768      481    1.5 %         852          0',
      'restricted@1   2048  unknown  unknown     unknown    unknown',
      '  used of restricted@1 is unknown: it was below',
      '',
      'device          bounced  attempts/s',
      '0000:00:01.0  29.3 MB/s        4666',
      'nvme [2J          0 B/s           0',
      '3 events were lost: more was bounced than is told',
      '',
      'events are not shown, because it is hidden: run `mount it`',
    ]);
  });

  it('leaves out tables that the host does not show, and says that nothing was bounced', () => {
    const bare = { ...SAMPLE, pools: null, devices: null, lostEvents: null, missing: [MISSING] };
    expect(watchLines(bare).slice(2)).toEqual([expect.stringMatching(/^events are not shown/)]);
    expect(watchLines({ ...SAMPLE, pools: null, devices: [] })).toContain('nothing was bounced since this began');
  });
});

describe('plainLine', () => {
  it('is one line with everything that is known', () => {
    expect(plainLine(SAMPLE)).toBe(
      '2026-11-30T09:52:29.943Z; default 481/32768 slots (1.5 %) high-water 852 transient 0; ' +
        'restricted@1 unknown/2048 slots (unknown) high-water unknown; 0000:00:01.0 29.3 MB/s 4666 attempts/s; ' +
        'nvme [2J 0 B/s 0 attempts/s; 3 events were lost: more was bounced than is told',
    );
    expect(plainLine({ ...SAMPLE, pools: null, devices: null, lostEvents: null, unparsedLines: 2 })).toBe(
      `${SAMPLE.time}; 2 lines of events could not be read`,
    );
  });
});

describe('bytesText', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [12_345, '12.3 kB'],
    [999_400, '999 kB'],
    [999_600, '1.00 MB'],
    [29.3e6, '29.3 MB'],
    [5e15, '5000 TB'],
  ])('shows %d bytes as %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
