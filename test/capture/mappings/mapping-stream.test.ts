import { readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readCapture } from '../../../lib/capture/capture-reader.js';
import type { CapturedMapping, MappingSink } from '../../../lib/capture/mappings/captured-mapping.js';
import { MappingStream, slotsAt } from '../../../lib/capture/mappings/mapping-stream.js';

const FOLDER = fileURLToPath(new URL('../../../../test/fixtures/captures/', import.meta.url));
const CAPTURES = readdirSync(FOLDER).filter((name) => name.endsWith('.gz'));

/** Says what it is told, a line each. */
class Log implements MappingSink {
  readonly lines: string[] = [];
  attempt({ id, device, size }: CapturedMapping) {
    this.lines.push(`attempt ${id} ${device} ${size}`);
  }
  map({ id, slot, direction, timeNs }: CapturedMapping) {
    this.lines.push(`map ${id} ${slot === null ? 'assumed' : slot.toString(16)} ${direction} ${timeNs / 1e3}`);
  }
  fail({ id }: CapturedMapping) {
    this.lines.push(`fail ${id}`);
  }
  unmap({ id }: CapturedMapping, timeNs: number) {
    this.lines.push(`unmap ${id} ${timeNs / 1e3}`);
  }
  unmapEarlier(slots: number) {
    this.lines.push(`earlier ${slots}`);
  }
}

let micros = 0;
const line = (event: string, task = 'iperf3-7', cpu = 0) =>
  `  ${task}  [00${cpu}] b..1.  0.${String(++micros).padStart(6, '0')}: ${event}`;
const bounce = (address: string, size = 86) =>
  `swiotlb_bounced: dev_name: e dma_mask=ff dev_addr=${address} size=${size} FORCE`;
const enter = (address: string, size = 86, dir = 1) =>
  `m: (swiotlb_tbl_map_single+0x4/0x770) orig=0x${address} msize=${size} amask=0x0 dir=${dir} attrs=0x0`;
const leave = (slot: string) => `r: (swiotlb_map+0x6c/0x280 <- swiotlb_tbl_map_single) tlb=0x${slot}`;
const unmap = (slot: string, size = 86) =>
  `u: (__swiotlb_tbl_unmap_single+0x4/0x60) tlb=0x${slot} size=${size} dir=1 attrs=0x20`;
const dmaMap = (slot: string, address: string, size = 86) =>
  `dma_map_page: e dir=TO_DEVICE dma_addr=${slot} size=${size} phys_addr=${address} attrs=`;
const dmaUnmap = (slot: string, size = 86) => `dma_unmap_page: e dir=TO_DEVICE dma_addr=${slot} size=${size} attrs=`;

async function told(lines: readonly string[]) {
  micros = 0;
  const log = new Log();
  const stream = new MappingStream(log);
  await readCapture(Readable.from([Buffer.from(lines.join('\n'))]), (event) => stream.add(event));
  return { lines: log.lines, summary: stream.end(), live: stream.live() };
}

describe('slotsAt()', () => {
  it.each([
    [0, 1, 1],
    [0, 2048, 1],
    [2047, 1, 1],
    [2047, 2, 2],
    [0x1000, 258_048, 126],
    [0x1fff_ffff_f800, 2049, 2],
  ])('counts for a first byte at %d of %d bytes %d slots', (slot, size, slots) => {
    expect(slotsAt(slot, size)).toBe(slots);
  });
});

describe('MappingStream', () => {
  it('takes each attempt for a mapping of which no end is told, where no event tells more', async () => {
    const { lines, summary } = await told([line(bounce('10')), line(bounce('20', 1))]);
    expect(lines).toEqual(['attempt 1 e 86', 'map 1 assumed null 1', 'attempt 2 e 1', 'map 2 assumed null 2']);
    expect(summary).toEqual({
      paired: 0,
      unpaired: 2,
      failed: 0,
      endedEarlier: 0,
      missedUnmaps: 0,
      brokenProbes: 0,
      doubled: 0,
      restarts: 0,
    });
  });

  it('tells slot, direction and end where probes do, and what was mapped before', async () => {
    const { lines, summary, live } = await told([
      line(bounce('10')),
      line(enter('10')),
      line(leave('8000')),
      line(unmap('7800', 4096)),
      line(bounce('20')),
      line(enter('20', 86, 2)),
      line(leave('9000')),
      line(unmap('8000'), '<idle>-0', 1),
    ]);
    expect(lines).toEqual([
      'attempt 1 e 86',
      'map 1 8000 to-device 3',
      'earlier 2',
      'attempt 2 e 86',
      'map 2 9000 from-device 7',
      'unmap 1 8',
    ]);
    expect(summary).toMatchObject({ paired: 2, unpaired: 0, endedEarlier: 1 });
    expect(live.map(({ id }) => id)).toEqual([2]);
  });

  it('keeps tasks, and calls within calls, apart', async () => {
    const { lines } = await told([
      line(bounce('10')),
      line(enter('10')),
      line(bounce('20'), 'dd-9'),
      line(bounce('30')),
      line(enter('30')),
      line(leave('8000')),
      line(enter('20'), 'dd-9'),
      line(leave('9000'), 'dd-9', 1),
      line(leave('a000')),
    ]);
    expect(lines.filter((one) => one.startsWith('map'))).toEqual([
      'map 3 8000 to-device 6',
      'map 2 9000 to-device 8',
      'map 1 a000 to-device 9',
    ]);
  });

  it('tells a mapping that found no slots', async () => {
    const { lines, summary } = await told([line(bounce('10')), line(enter('10')), line(leave('ffffffffffffffff'))]);
    expect(lines).toEqual(['attempt 1 e 86', 'fail 1']);
    expect(summary).toMatchObject({ paired: 0, failed: 1 });
  });

  it('counts probes that were missed, and ends what was mapped where a slot is given away again', async () => {
    const { lines, summary } = await told([
      line(bounce('10')),
      line(enter('10')),
      line(leave('8000')),
      line(leave('9000')),
      line(bounce('20')),
      line(enter('20')),
      line(leave('8000')),
      line(enter('30')),
      line(bounce('40')),
    ]);
    expect(lines).toEqual([
      'attempt 1 e 86',
      'map 1 8000 to-device 3',
      'attempt 2 e 86',
      'unmap 1 7',
      'map 2 8000 to-device 7',
      'attempt 4 e 86',
      'map 4 assumed null 9',
    ]);
    expect(summary).toMatchObject({ paired: 2, unpaired: 1, missedUnmaps: 1, brokenProbes: 2 });
  });

  it('takes events of dma for the outcome where there are no probes', async () => {
    const { lines, summary } = await told([
      line(dmaMap('500', '500')), // not bounced
      line(bounce('10')),
      line(dmaMap('8000', '10')),
      line(bounce('20')),
      line(dmaMap('ffffffffffffffff', '20')),
      line(dmaUnmap('500')),
      line(bounce('30')),
      line(dmaMap('a000', '30')),
      line(dmaUnmap('9000')),
      line(dmaUnmap('8000')),
      line(dmaUnmap('c000')), // behind all slots that were seen
    ]);
    expect(lines.filter((one) => !one.startsWith('attempt'))).toEqual([
      'map 1 8000 to-device 3',
      'fail 2',
      'map 3 a000 to-device 8',
      'earlier 1',
      'unmap 1 10',
    ]);
    expect(summary).toMatchObject({ paired: 2, failed: 1, endedEarlier: 1 });
  });

  it('reads probes whose functions are printed as addresses, as perf and trace-cmd do', async () => {
    const raw = (text: string) =>
      text.replace(/\([^)]*\)/, text.includes('<-') ? '(ffffffff8a <- ffffffff8b)' : '(ffffffff8a)');
    const { lines, summary } = await told([
      line(bounce('10')),
      line(raw(enter('10'))),
      line(raw(leave('8000'))),
      line(raw(unmap('8000'))),
      line('other: (ffffffff8a) arg=1'),
    ]);
    expect(lines).toEqual(['attempt 1 e 86', 'map 1 8000 to-device 3', 'unmap 1 4']);
    expect(summary).toMatchObject({ paired: 1, unpaired: 0 });
  });

  it('lets parts of a capture whose times begin again follow each other', async () => {
    const part = [line(bounce('10')), line(bounce('20'))];
    const later = line(bounce('30')).replace('0.00000', '5.00000');
    const { lines, summary } = await told([...part, later, ...part]);
    expect(lines.filter((one) => one.startsWith('map')).map((one) => Number(one.split(' ').at(-1)))).toEqual([
      1, 2, 5_000_003, 5_000_003, 5_000_004,
    ]);
    expect(summary.restarts).toBe(1);
  });

  it('tells how many attempts are told twice in a row', async () => {
    const [first, second] = [line(bounce('10')), line(bounce('10'))];
    expect((await told([first, first, first, second])).summary).toMatchObject({ doubled: 2, unpaired: 4 });
  });

  it('tells the end of lists by the addresses of their buffers', async () => {
    const { lines } = await told([
      line(bounce('1000', 4096)),
      line(bounce('3000', 8)),
      line(
        'dma_map_sg: e dir=TO_DEVICE nents=2/2 ents=2/2 dma_addrs={0x8000,0x9000} sizes={0x1000,0x8} ' +
          'phys_addrs={0x1000,0x3000} attrs=',
      ),
      line('dma_unmap_sg: e dir=TO_DEVICE phys_addrs={0x1000,0x3000} attrs='),
    ]);
    expect(lines.slice(2)).toEqual(['map 1 8000 to-device 3', 'map 2 9000 to-device 3', 'unmap 1 4', 'unmap 2 4']);
  });

  it('does not count events of dma beside probes, which tell the same', async () => {
    const { summary } = await told([
      line(bounce('10')),
      line(enter('10')),
      line(leave('8000')),
      line(dmaMap('8000', '10')),
      line(unmap('8000')),
      line(dmaUnmap('8000')),
    ]);
    expect(summary).toMatchObject({ paired: 1, unpaired: 0, endedEarlier: 0 });
  });

  it('takes a capture whose probes begin late for what it is', async () => {
    const { summary } = await told([
      ...Array.from({ length: 1500 }, () => line(bounce('10'))),
      line(bounce('20')),
      line(enter('20')),
      line(leave('8000')),
      line(bounce('30')),
      line(enter('30')),
      line(leave('9000')),
    ]);
    expect(summary).toMatchObject({ paired: 2, unpaired: 1501 });
  });

  it.each(CAPTURES)('tells of each attempt exactly once what became of it: %s', async (name) => {
    let [attempts, outcomes, used, highWater] = [0, 0, 0, 0];
    const sidecar = JSON.parse(readFileSync(FOLDER + name.replace(/\.(trace|txt)\.gz$/, '.json'), 'utf8'));
    used = highWater = sidecar.debugfs_before?.used ?? 0;
    const count = (slots: number) => {
      used += slots;
      highWater = Math.max(highWater, used);
    };
    const stream = new MappingStream({
      attempt: () => attempts++,
      map: ({ slot, size }) => {
        outcomes++;
        if (slot !== null) count(slotsAt(slot, size));
      },
      fail: () => outcomes++,
      unmap: ({ slot, size }) => count(-slotsAt(slot!, size)),
      unmapEarlier: (slots) => count(-slots),
    });
    const { bounces } = await readCapture(FOLDER + name, (event) => stream.add(event));
    const summary = stream.end();
    expect([attempts, outcomes]).toEqual([bounces, bounces]);
    if (!name.startsWith('kp-')) {
      expect(summary.unpaired).toBe(bounces);
      return;
    }
    expect(summary).toMatchObject({ paired: bounces, unpaired: 0, failed: 0, missedUnmaps: 0, brokenProbes: 0 });
    if (name !== 'kp-pressure-k6.1.trace.gz') expect(used).toBe(sidecar.debugfs_after.used);
    if (sidecar.hiwater !== null) expect(highWater).toBe(sidecar.hiwater);
  });
});
