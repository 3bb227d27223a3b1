/** What an interval showed: two pools, and two devices, of which one has a name that a terminal would obey. */
import type { WatchSample } from '../../lib/watch/watcher.js';

export const WATCH_SAMPLE: WatchSample = {
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
