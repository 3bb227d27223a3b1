import { describe, expect, it } from '@jest/globals';
import type { CaptureSummary } from '../../lib/capture/capture-reader.js';
import { recordingLines } from '../../lib/recording/recording-text.js';
import type { Sidecar } from '../../lib/recording/sidecar.js';

const COUNTERS = { nslabs: 32768, used: 481, used_hiwater: null };
const SIDECAR: Sidecar = {
  schema: 'copytax.capture/1',
  name: 'a',
  recorded_by: 'copytax 1',
  kernel: '6.1.0',
  uname: 'Linux 6.1.0',
  cmdline: null,
  cpus: 2,
  memory: null,
  trace_clock: 'local',
  seconds: 3.04,
  ended: 'time',
  debugfs_before: COUNTERS,
  debugfs_after: COUNTERS,
  hiwater: null,
  kprobe_definitions: [],
  pairs: 'probes',
  pairs_note: null,
  entries: 4,
  lost: 0,
  missed_by_probes: null,
};
const SUMMARY: CaptureSummary = {
  lines: 20,
  bounces: 1554,
  others: 4600,
  foreign: 0,
  unparsedLines: 0,
  unparsed: [],
  lostEvents: 0,
  lostUncounted: 0,
  outOfOrder: 0,
};

const lines = (sidecar: Partial<Sidecar> = {}, summary: Partial<CaptureSummary> = {}) =>
  recordingLines({
    file: 'a.trace.gz',
    sidecarFile: 'a.json',
    sidecar: { ...SIDECAR, ...sidecar },
    summary: { ...SUMMARY, ...summary },
    bouncedBytes: 15.1e6,
  });

describe('recordingLines', () => {
  it('tells what was recorded, and where', () => {
    expect(lines()).toEqual([
      'a.trace.gz: 1554 attempts to bounce 15.1 MB, and 4600 other events',
      'recorded for 3.0 s',
      'ends of mappings: told by probes',
      'a.json: the host, and what was in use before and after',
    ]);
  });

  it('tells what a replay needs where nothing stands beside the capture', () => {
    const report = { file: '-', sidecarFile: null, sidecar: SIDECAR, summary: SUMMARY, bouncedBytes: 1 };
    expect(recordingLines(report).at(-1)).toBe(
      'nothing stands beside it: replay it with `--pool 32768 --start-used 481`',
    );
    const sidecar = { ...SIDECAR, debugfs_before: { ...COUNTERS, used: null } };
    expect(recordingLines({ ...report, sidecar }).at(-1)).toMatch(/ is not known$/);
  });

  it('tells what is lacking', () => {
    const lacking = lines(
      { ended: 'full', pairs: 'none', pairs_note: 'Linux refuses', lost: 7, missed_by_probes: 3 },
      { others: 0, unparsedLines: 2 },
    );
    expect(lacking.slice(0, -1)).toEqual([
      'a.trace.gz: 1554 attempts to bounce 15.1 MB',
      expect.stringMatching(/^recorded for 3\.0 s, when the memory for events was full: .*--max-size/),
      'ends of mappings: not told, because Linux refuses',
      'lost: 7 events, which the capture tells at its end',
      expect.stringMatching(/^missed: probes did not see 3 calls/),
      'not understood: 2 lines',
    ]);
    expect(lines({ ended: 'stopped', pairs: 'dma' })[1]).toBe('recorded for 3.0 s, when it was stopped');
    expect(lines({}, { bounces: 0 })).toContain('nothing was bounced in that time');
  });
});
