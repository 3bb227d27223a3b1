import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { sidecarOf } from '../../../lib/capture/occupancy/sidecar.js';
import { replayCapture } from '../../../lib/capture/replay/replay.js';
import type { ReplayOptions } from '../../../lib/capture/replay/replay-options.js';
import { scratchFolder } from '../../scratch.js';

const FOLDER = fileURLToPath(new URL('../../../../test/fixtures/captures/', import.meta.url));
const CAPTURES = readdirSync(FOLDER).filter((name) => name.endsWith('.gz'));
const ONCE: ReplayOptions = { repeatMs: 0 };

/** Attempts, bytes, and those in softirqs by device, counted in a way that shares nothing. */
const AWK = String.raw`
  /swiotlb_bounced:/ {
    match($0, / size=[0-9]+/); size = substr($0, RSTART + 6, RLENGTH - 6)
    match($0, /dev_name: [^ ]+/); device = substr($0, RSTART + 10, RLENGTH - 10)
    events[device]++; bytes[device] += size
    head = substr($0, 1, index($0, "swiotlb_bounced:") - 1)
    if (head ~ /\] [^ ][^ ]s[^ ]+ +[0-9.]+: $/ || head ~ /[0-9][.bdDN][.Nnp]s[.0-9]+ +[0-9.]+: $/) {
      softEvents[device]++; softBytes[device] += size
    }
  }
  END { for (d in events) print d, events[d], bytes[d], softEvents[d] + 0, softBytes[d] + 0 }`;

function byAwk(name: string): Record<string, number[]> {
  const command = 'zcat "$1" | awk "$2"';
  const out = execFileSync('sh', ['-c', command, 'sh', FOLDER + name, AWK], { encoding: 'utf8' });
  const rows = out
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  return Object.fromEntries(rows.map(([device, ...counts]) => [device!, counts.map(Number)]));
}

const sum = (rows: Record<string, number[]>, column: number) =>
  Object.values(rows).reduce((total, row) => total + row[column]!, 0);

describe('replayCapture()', () => {
  it.each(CAPTURES)('counts as awk does, and copies what found slots: %s', async (name) => {
    const rows = byAwk(name);
    const result = await replayCapture(FOLDER + name, ONCE);
    const { events, bytes, devices, cpus, copies, pool, softirqShare, softirqByteShare } = result;
    expect(events.bounced).toBe(sum(rows, 0));
    expect(bytes.bounced).toBe(sum(rows, 1));
    const tellsContext = softirqShare !== null;
    expect(tellsContext).toBe(!/^(perfscript|tracecmd-|fgraph)/.test(name));
    expect(
      Object.fromEntries(
        Object.entries(devices).map(([device, one]) => [
          device,
          [one.events, one.bytes, one.softirqEvents ?? 0, one.softirqBytes ?? 0],
        ]),
      ),
    ).toEqual(rows);
    if (tellsContext) {
      expect(softirqShare).toBeCloseTo(sum(rows, 2) / sum(rows, 0), 10);
      expect(softirqByteShare).toBeCloseTo(sum(rows, 3) / sum(rows, 1), 10);
    }
    expect(Object.values(cpus).reduce((total, cpu) => total + cpu.bytes, 0)).toBe(bytes.bounced);
    expect(result).toMatchObject({ unparsedLines: 0, lostEvents: 0, outOfOrder: 0 });
    if (result.mappings.unpaired > 0) expect(copies.count).toBe(events.bounced - pool.failed);
    expect(pool.slots).toBe(sidecarOf(FOLDER + name)!.slots);
    expect(pool.startUsed).toBe(sidecarOf(FOLDER + name)!.usedBefore ?? 0);
    const most = Math.max(...pool.timeline.parts.map(({ usedHigh }) => usedHigh));
    expect(most).toBe(pool.highWater);
    expect(pool.timeline.parts.reduce((total, part) => total + part.bytes, 0)).toBe(bytes.bounced);
  });

  it.each(CAPTURES.filter((name) => name.startsWith('kp-')))('counts slots as the kernel did: %s', async (name) => {
    const { pool, faults, mappings, overdue, events } = await replayCapture(FOLDER + name, ONCE);
    const noted = sidecarOf(FOLDER + name)!;
    expect([mappings.unpaired, events.failed, pool.unplaced, pool.missingEarlier]).toEqual([0, 0, 0, 0]);
    if (noted.highWater !== null) expect(pool.highWater).toBe(noted.highWater);
    if (name === 'kp-pressure-k6.1.trace.gz') {
      // The one whose probes missed calls: it says which, and that they are all that is wrong.
      expect(overdue).toHaveLength(1);
      expect(pool.endUsed - overdue[0]!.slots).toBe(noted.usedAfter);
      expect(faults).toEqual([
        expect.stringMatching(/probes missed their unmapping; .* lower by exactly these 126\.$/),
      ]);
      return;
    }
    expect([pool.endUsed, faults, overdue]).toEqual([noted.usedAfter, [], []]);
  });

  it('repeats a short capture, and tells what one pass costs', async () => {
    const name = `${FOLDER}stk-vnet-tcp8-k6.1.trace.gz`;
    const once = await replayCapture(name, ONCE);
    const often = await replayCapture(name, { repeatMs: 60_000 });
    expect(once.copies.passes).toBe(1);
    expect(often.copies.passes).toBe(50);
    expect([often.copies.count, often.copies.bytes]).toEqual([once.copies.count, once.copies.bytes]);
    expect(often.pool).toEqual(once.pool);
    expect(often.transmit.mappings).toBe(once.transmit.mappings);
    expect(often.control.searchNs).not.toBeNull();
    const { price, classes } = often.copies;
    const sum = classes.reduce((total, { copies, nsPerCopy }) => total + copies * nsPerCopy!.median, 0);
    expect(price.ns).toBeCloseTo(sum);
    expect(price.lowNs).toBeLessThan(price.ns);
    expect(price.highNs).toBeGreaterThan(price.ns);
    const devices = Object.values(often.devices).reduce((total, { copies }) => total + copies.ns, 0);
    const cpus = Object.values(often.cpus).reduce((total, { copies }) => total + copies.ns, 0);
    expect([devices, cpus]).toEqual([expect.closeTo(price.ns), expect.closeTo(price.ns)]);
  });

  it('lets each design give back what it promises not to copy, of what is transmitted', async () => {
    const name = `${FOLDER}kp-vnet-tcp1-k6.12.trace.gz`;
    const { transmit, copies, capture } = await replayCapture(name, ONCE);
    expect(transmit).toMatchObject({ isAssumed: false, mappings: 1288, bytes: 14_719_735 });
    expect(transmit.price.ns).toBeLessThan(copies.price.ns);
    for (const { bounceCopies, price, coreShare } of transmit.designs) {
      expect(price.ns).toBe(bounceCopies === 1 ? 0 : transmit.price.ns);
      expect(coreShare).toBeCloseTo(price.ns / capture.durationNs);
    }
    expect(transmit.designs.map(({ design }) => design)).toEqual(expect.arrayContaining(['bounce', 'bounce-pages']));
  });

  it('assumes ends and directions that are not told, says so, and tries others', async () => {
    const name = `${FOLDER}vnet-tcp8-k6.12.trace.gz`;
    const { transmit, pool, assumptions, events } = await replayCapture(name, { ...ONCE, receiveSizes: [1536] });
    expect(events.failed).toBeNull();
    expect(transmit.isAssumed).toBe(true);
    expect(transmit.mappings).toBeLessThan(events.bounced);
    expect(pool.holds).toEqual({ defaultNs: 1e6, byDevice: {} });
    expect(pool.sweep.map(({ holdNs }) => holdNs)).toEqual([1e4, 1e5, 1e7, 1e8]);
    const marks = [...pool.sweep.slice(0, 2), pool, ...pool.sweep.slice(2)].map(({ highWater }) => highWater);
    expect(marks).toEqual([...marks].sort((a, b) => a - b));
    expect(pool.kernelHighWater).toBe(1026);
    expect(assumptions.join(' ')).toMatch(/held for 1 ms \(--hold\).*but those of 1536 bytes/);
    const held = await replayCapture(name, {
      ...ONCE,
      holds: { defaultNs: 1, byDevice: new Map([['0000:00:01.0', 5e7]]) },
    });
    expect(held.pool.highWater).toBeGreaterThan(pool.highWater);
    expect(held.assumptions.join(' ')).toContain('50 ms by 0000:00:01.0');
  });

  it('gives the same from a stream, without what stands beside', async () => {
    const name = `${FOLDER}kp-nvme-k6.12.trace.gz`;
    const bytes = readFileSync(name);
    for (const stream of [Readable.from([bytes]), Readable.from([gunzipSync(bytes)])]) {
      const { pool, capture, assumptions } = await replayCapture(stream, { ...ONCE, startUsed: 493 });
      expect(capture).toMatchObject({ name: 'standard input', sidecar: null, kernel: null });
      expect(pool).toMatchObject({ highWater: 557, endUsed: 493, slots: 32768, sizeFrom: 'assumed' });
      expect(assumptions.join(' ')).toContain('The slot pool has 32768 slots, the default of Linux');
    }
  });

  it('says of slots freed beyond those in use before that there were more', async () => {
    const { pool, faults } = await replayCapture(`${FOLDER}kp-vnet-tcp1-k6.12.trace.gz`, { ...ONCE, startUsed: 100 });
    expect(pool.missingEarlier).toBe(125);
    expect(faults.join(' ')).toContain('125 slots more were freed than were in use before');
  });

  it("counts mappings that find no slots in a smaller pool, and keeps Linux's count", async () => {
    const name = `${FOLDER}kp-full-nvme-k6.12.trace.gz`;
    const { pool } = await replayCapture(name, { ...ONCE, pool: { slots: 1024, areas: 1 } });
    expect(pool.unplaced).toBeGreaterThan(0);
    expect([pool.highWater, pool.endUsed]).toEqual([1921, 511]);
  });

  it('lets captures in one file follow each other, so that shares of a CPU stay what they are', async () => {
    const bytes = gunzipSync(readFileSync(`${FOLDER}vnet-udp1472-k6.12.trace.gz`));
    const once = await replayCapture(Readable.from([bytes]), ONCE);
    const { capture, faults, events } = await replayCapture(Readable.from([bytes, bytes, bytes]), ONCE);
    expect(events.bounced).toBe(3 * once.events.bounced);
    expect(capture.durationNs).toBe(3 * once.capture.durationNs);
    expect(faults.join(' ')).toContain('Times begin again in 2 places: the parts are taken to follow each other.');
  });

  it('says of a device in the times that is none, and of a file beside that is not about the capture', async () => {
    const folder = scratchFolder();
    const name = join(folder, 'a.trace.gz');
    copyFileSync(`${FOLDER}vnet-udp1472-k6.12.trace.gz`, name);
    writeFileSync(join(folder, 'a.json'), '{"schema":"copytax.replay/1"}');
    const holds = { defaultNs: 1e6, byDevice: new Map([['nodev', 1e3]]) };
    const { assumptions, capture } = await replayCapture(name, { ...ONCE, holds });
    expect(capture).toMatchObject({ sidecar: null, ignored: join(folder, 'a.json') });
    expect(assumptions.join(' ')).toMatch(
      /a\.json stands beside the capture, and is not about one.*No device is called nodev/,
    );
  });

  it('says how many attempts found no slots', async () => {
    const { faults } = await replayCapture(`${FOLDER}vnet-udp1472-k6.12.trace.gz`, {
      ...ONCE,
      pool: { slots: 128, areas: 1 },
      startUsed: 128,
    });
    expect(faults).toEqual([
      '5014 attempts found no slots here and were not copied: the pool was full, or no mapping can be as large.',
    ]);
  });

  it('keeps the pace of the capture', async () => {
    const began = performance.now();
    const { capture, copies, pool } = await replayCapture(`${FOLDER}kp-nvme-k6.12.trace.gz`, { pace: 'recorded' });
    expect(performance.now() - began).toBeGreaterThan(capture.durationNs / 1e6 - 20);
    expect([copies.passes, pool.highWater]).toEqual([1, 557]);
  });

  it('ends with the reason of its signal, at whatever time', async () => {
    const stop = new AbortController();
    const reading = replayCapture(`${FOLDER}kp-nvme-k6.12.trace.gz`, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    });
    await expect(reading).rejects.toThrow('enough');
    const name = `${FOLDER}kp-nvme-k6.12.trace.gz`;
    await expect(replayCapture(name, { signal: AbortSignal.abort(new Error('none')) })).rejects.toThrow('none');
  });

  it('loses nothing of a damaged capture without saying so', async () => {
    const text = gunzipSync(readFileSync(`${FOLDER}kp-vnet-udp1472-k6.12.trace.gz`)).toString();
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.includes('swmapret'));
    lines[at] = lines[at]!.slice(0, 30);
    lines.splice(at + 40, 0, 'CPU:0 [LOST 17 EVENTS]', '\u0000\u0001binary\u0002');
    const { faults, unparsedLines, lostEvents, mappings } = await replayCapture(
      Readable.from([Buffer.from(lines.join('\r\n'))]),
      ONCE,
    );
    expect([unparsedLines, lostEvents]).toEqual([2, 17]);
    expect(mappings.brokenProbes).toBe(1);
    expect(faults.join(' ')).toMatch(
      /2 lines could not be read\. The trace lost 17 events: .* missed 1 entry or return of the map function/,
    );
  });
});
