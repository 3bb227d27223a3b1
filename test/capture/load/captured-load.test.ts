import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { capturedLoad } from '../../../lib/capture/load/captured-load.js';
import { loadFacts } from '../../../lib/capture/load/pool-load.js';

const FOLDER = fileURLToPath(new URL('../../../../test/fixtures/captures/', import.meta.url));

describe('capturedLoad', () => {
  it('takes times from probes', async () => {
    const lines: number[] = [];
    const onLine = (line: number) => lines.push(line);
    const one = await capturedLoad(`${FOLDER}kp-full-nvme-k6.12.trace.gz`, { floor: 511, highWater: 1921, onLine });
    expect(one).toMatchObject({ floor: 511, dropped: 0, holds: { untold: 0, source: null } });
    expect(loadFacts(one.load).mappings).toBe(one.mappings.paired);
    expect(lines.length).toBeGreaterThan(one.capture.bounces);
  });

  it('fits them to the high-water mark where a capture has none', async () => {
    const one = await capturedLoad(`${FOLDER}full-nvme12-k6.12.trace.gz`, { floor: 511, highWater: 1871 });
    expect(one.holds).toMatchObject({ told: 0, source: 'fitted' });
  });

  it('reads a stream, and refuses what is no capture', async () => {
    const line = '  x-1 [000] b..1. 1.000001: swiotlb_bounced: dev_name: e dma_mask=ff dev_addr=1000 size=86 FORCE\n';
    const one = await capturedLoad(Readable.from([Buffer.from(line)]));
    expect([one.load.name, one.load.entries, one.holds.source]).toEqual(['standard input', 1, 'assumed']);
    await expect(capturedLoad(Readable.from([Buffer.from('nothing\n')]))).rejects.toMatchObject({
      code: 'ERR_CAPTURE',
    });
  });
});
