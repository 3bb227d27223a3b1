import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readCapture } from '../../lib/capture/capture-reader.js';

const FOLDER = fileURLToPath(new URL('../../../test/fixtures/captures/', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.gz'));

/** Counts attempts to bounce, their bytes, and those in softirqs, by size and device, in a way that shares nothing. */
const AWK = String.raw`
  /swiotlb_bounced:/ {
    events++
    match($0, / size=[0-9]+/)
    size = substr($0, RSTART + 6, RLENGTH - 6)
    bytes += size
    sizes[size]++
    match($0, /dev_name: [^ ]+/)
    devices[substr($0, RSTART + 10, RLENGTH - 10)]++
    head = substr($0, 1, index($0, "swiotlb_bounced:") - 1)
    if (head ~ /\] [^ ][^ ]s[^ ]+ +[0-9.]+: $/ || head ~ /[0-9][.bdDN][.Nnp]s[.0-9]+ +[0-9.]+: $/) softirq++
  }
  END {
    print "events " events; print "bytes " bytes; print "softirq " softirq + 0
    for (size in sizes) print "size " size " " sizes[size]
    for (device in devices) print "device " device " " devices[device]
  }`;

function byAwk(file: string): string[] {
  const command = 'zcat "$1" | awk "$2"';
  return execFileSync('sh', ['-c', command, 'sh', FOLDER + file, AWK], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .sort();
}

async function byReader(file: string) {
  let [bytes, softirq] = [0, 0];
  const sizes = new Map<number, number>();
  const devices = new Map<string, number>();
  const summary = await readCapture(FOLDER + file, ({ kind, size, device, context }) => {
    if (kind !== 'bounce') return;
    bytes += size;
    if (context === 'softirq') softirq++;
    sizes.set(size, (sizes.get(size) ?? 0) + 1);
    devices.set(device!, (devices.get(device!) ?? 0) + 1);
  });
  const totals = [`events ${summary.bounces}`, `bytes ${bytes}`, `softirq ${softirq}`];
  const rows = [...sizes].map(([size, count]) => `size ${size} ${count}`);
  return { summary, counted: [...totals, ...rows, ...[...devices].map((row) => `device ${row.join(' ')}`)].sort() };
}

describe('a capture of a real kernel', () => {
  it.each(FILES)('is counted as awk counts it, and no line is left over: %s', async (file) => {
    const { summary, counted } = await byReader(file);
    expect(counted).toEqual(byAwk(file));
    const { unparsedLines, lostEvents, lostUncounted, outOfOrder } = summary;
    expect({ unparsedLines, lostEvents, lostUncounted, outOfOrder }).toEqual({
      unparsedLines: 0,
      lostEvents: 0,
      lostUncounted: 0,
      outOfOrder: 0,
    });
  });

  it.each(FILES.filter((name) => name.startsWith('kp-')))('tells a slot for each mapping: %s', async (file) => {
    const counts = { bounce: 0, map: 0, mapped: 0, unmap: 0, 'dma-map': 0, 'dma-unmap': 0 };
    let told = 0;
    await readCapture(FOLDER + file, ({ kind, slot, direction, size }) => {
      counts[kind]++;
      if (kind === 'mapped' && slot! > 2 ** 20) told++;
      if (kind === 'map' || kind === 'unmap')
        expect([direction, size > 0]).toEqual([expect.stringMatching(/-device$/), true]);
    });
    expect(told).toBe(counts.bounce);
    expect([counts.map, counts.mapped]).toEqual([counts.bounce, counts.bounce]);
    expect(counts.unmap).toBeGreaterThan(counts.bounce * 0.9);
  });
});
