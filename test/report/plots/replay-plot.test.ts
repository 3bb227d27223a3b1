import { describe, expect, it } from '@jest/globals';
import { replayPlots } from '../../../lib/report/plots/replay-plot.js';
import { replayOf } from '../fixtures/replay.js';

describe('the picture of a replay', () => {
  it('draws slots and rates over time, with the marks of both', async () => {
    const result = await replayOf('vnet-tcp8-k6.12.trace.gz');
    const [plot, ...others] = replayPlots(result);
    expect([plot!.file, others]).toEqual(['occupancy.svg', []]);
    for (const text of ['most slots at a time', 'fewest slots at a time', 'bounced', 'of that in softirqs']) {
      expect(plot!.svg).toContain(`>${text}<`);
    }
    expect(plot!.svg).toContain(`>high-water mark ${result.pool.highWater}<`);
    expect(plot!.svg).toMatch(/>the kernel(?:'|&#39;|&apos;)s 1026</);
    expect(plot!.svg).toContain('6031 attempts to bounce');
  });

  it('leaves out softirqs where contexts are not told, and the mark of a kernel that counted the same', async () => {
    const [untold] = replayPlots(await replayOf('perfscript-vnet-tcp2-k6.1.txt.gz'));
    expect(untold!.svg).not.toContain('softirqs');
    const [same] = replayPlots(await replayOf('kp-nvme-k6.12.trace.gz'));
    expect(same!.svg).not.toContain('the kernel');
  });

  it('is left out where there is no time', async () => {
    const result = await replayOf('kp-nvme-k6.12.trace.gz');
    const pool = { ...result.pool, timeline: { partNs: 1000, parts: [] } };
    expect(replayPlots({ ...result, pool })).toEqual([]);
  });
});
