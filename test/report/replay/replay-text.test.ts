import { describe, expect, it } from '@jest/globals';
import type { ReplayResult } from '../../../lib/capture/replay/replay-result.js';
import { replayText } from '../../../lib/report/replay/replay-text.js';
import { replayOf } from '../fixtures/replay.js';

const flat = (text: string) => text.replace(/\s+/g, ' ');

describe('a replay as text', () => {
  it('tells who bounced how much, what copies cost, and what designs give back', async () => {
    const result = await replayOf('kp-vnet-tcp1-k6.12.trace.gz');
    const text = flat(replayText(result));
    expect(text).toContain(
      '1554 attempts to bounce in 219 ms, 14.4 MiB, 26.8 % of them and 13.1 % of their bytes in softirqs.',
    );
    expect(text).toMatch(/device 0000:00:01\.0 1554 100 % 14\.4 MiB 100 % 26\.8 % \S+ (µ|m)s/);
    expect(text).toMatch(/CPU 1 416 26\.8 % 1\.89 MiB 13\.1 % 100 %/);
    expect(text).toMatch(/> 16 KiB <= 64 KiB 444 13\.0 MiB/);
    expect(text).toMatch(/All 1585 copies take .* \(movsb|libc, one pass\)/);
    expect(text).toMatch(/finding and freeing its slots .*, the native call .*, both of this program and not of Linux/);
    expect(text).toContain('What was transmitted: 1288 mappings, 14.0 MiB');
    expect(text).toMatch(/bounce-pages 0 .* % .* %/);
    expect(text).toMatch(/ bounce 1 nothing 0 % 0 %/);
    expect(text).toContain('in use before 481 as noted beside the capture');
    expect(text).toContain('high-water mark 852 as the kernel counted');
    expect(text).toContain('in use at the end 491 as the kernel counted');
    expect(text).not.toContain('Faults');
  });

  it('tells what is assumed where the capture does not tell it, with other times beside it', async () => {
    const text = flat(replayText(await replayOf('vnet-tcp8-k6.12.trace.gz')));
    expect(text).toContain('What is taken for transmitted: 6031 mappings');
    expect(text).toMatch(/high-water mark \d+ the kernel counted 1026/);
    expect(text).toMatch(/if each mapping is held for .* 10\.0 µs \d+ \d+ 0 100 µs .* 1\.00 ms .* 10\.0 ms .* 100 ms/);
    expect(text).toContain('held for 1 ms (--hold)');
    const older = flat(replayText(await replayOf('vnet-tcp8-k6.1.trace.gz')));
    expect(older).toContain('the kernel kept no mark; looking again and again saw 875 at most');
    const untold = flat(replayText(await replayOf('perfscript-vnet-tcp2-k6.1.txt.gz')));
    expect(untold).toContain('in which context is not told');
    expect(untold).toMatch(/device \S+ \d+ 100 % \S+ MiB 100 % unknown/);
  });

  it('says why a capture is faulty, and shows lines that could not be read', async () => {
    const result = await replayOf('kp-pressure-k6.1.trace.gz');
    expect(flat(replayText(result))).toMatch(/Faults of the capture - 59 mappings of 0000:00:04\.0 \(126 slots\)/);
    const unparsed = [{ line: 7, text: `\u001b[31mbad${'x'.repeat(200)}` }];
    const damaged: ReplayResult = { ...result, unparsedLines: 12, unparsed };
    const text = replayText(damaged);
    expect(text).toContain('Lines that could not be read\n  7:  [31mbadxxx');
    expect(text).toContain('  and 11 more');
  });

  it('says so where nothing bounced, nothing was copied and nothing was transmitted', async () => {
    const result = await replayOf('kp-nvme-k6.12.trace.gz', { pool: { slots: 128, areas: 1 }, startUsed: 128 });
    const text = replayText({ ...result, transmit: { ...result.transmit, mappings: 0 } });
    expect(text).toContain('Nothing was copied: no mapping found slots.');
    expect(text).toContain('Nothing was transmitted, so no design');
    expect(flat(text)).toContain('912 mappings that had slots in Linux found none here');
  });

  it('shows a bounded number of devices', async () => {
    const result = await replayOf('kp-nvme-k6.12.trace.gz');
    const [one] = Object.values(result.devices);
    const devices = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`d${at}`, one!]));
    const text = replayText({ ...result, devices });
    expect(text).toContain('device d11');
    expect(text).not.toContain('device d12');
    expect(text).toContain('and 28 more');
  });

  it('has lines of at most 112 columns, and only characters of ASCII for bars where that is asked', async () => {
    const result = await replayOf('mixed-tcp-nvme-k6.12.trace.gz');
    for (const line of replayText(result).split('\n')) {
      if (!line.includes('/')) expect([...line].length).toBeLessThanOrEqual(112);
    }
    expect(replayText(result)).toMatch(/^\|[▁-█]{64}\|$/m);
    expect(replayText(result, true)).toMatch(/^\|[ .:=+*#-]{64}\|$/m);
  });
});
