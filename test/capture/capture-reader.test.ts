import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CaptureEvent } from '../../lib/capture/capture-event.js';
import { type CaptureSummary, readCapture } from '../../lib/capture/capture-reader.js';

const FIELDS = 'dev_name: 0000:00:01.0 dma_mask=ffffffffffffffff dev_addr=225fa06 size=54 FORCE';
const LINE = `          iperf3-224     [000] b.s1.    10.800697: swiotlb_bounced: ${FIELDS}`;

const LISTS = 'dma_addrs={0x10,0x20} sizes={0x1000,0x8} phys_addrs={0x1,0x2}';

async function read(text: string | Buffer): Promise<{ events: CaptureEvent[]; summary: CaptureSummary }> {
  const events: CaptureEvent[] = [];
  const summary = await readCapture(Readable.from([Buffer.from(text as string)]), (event) => events.push({ ...event }));
  return { events, summary };
}

const one = async (line: string) => (await read(`# tracer: nop\n${line}\n`)).events[0];

const TOLD = {
  kind: 'bounce',
  timeNs: 10_800_697_000,
  cpu: 0,
  pid: 224,
  task: 'iperf3',
  device: '0000:00:01.0',
  size: 54,
  address: 0x225fa06,
  slot: null,
  direction: null,
  tag: 'FORCE',
};

describe('readCapture()', () => {
  it.each([
    ['ftrace', LINE, 'softirq'],
    ['ftrace of kernels with four flags', LINE.replace('b.s1.', '..s1'), 'softirq'],
    ['ftrace with a column of groups', LINE.replace('-224 ', '-224     (    220)'), 'softirq'],
    ['ftrace without groups', LINE.replace('-224 ', '-224     (-------)'), 'softirq'],
    ['trace-cmd', `          iperf3-224   [000]    10.800697: swiotlb_bounced:      ${FIELDS}`, 'unknown'],
    ['trace-cmd with -l', `  iperf3-224     0..s1.    10.800697: swiotlb_bounced:      ${FIELDS}`, 'softirq'],
    ['perf', `          iperf3   224 [000]    10.800697: swiotlb:swiotlb_bounced: ${FIELDS}`, 'unknown'],
    [
      'perf with threads',
      `          iperf3   220/224   [000]    10.800697: swiotlb:swiotlb_bounced: ${FIELDS}`,
      'unknown',
    ],
    [
      'a graph of functions',
      `   10.800697 |   0)  iperf3-224    |               |  /* swiotlb_bounced: ${FIELDS} */`,
      'unknown',
    ],
  ])('reads %s', async (_, line, context) => {
    expect(await one(line)).toEqual({ ...TOLD, pid: expect.any(Number), line: 2, context });
  });

  it('reads a graph without task and time, of which it tells none', async () => {
    const event = await one(` 1)               |  /* swiotlb_bounced: ${FIELDS} */`);
    expect(event).toMatchObject({ cpu: 1, task: '', pid: 0, timeNs: 0, size: 54 });
  });

  it.each([
    ['b..1.', 'process'],
    ['d.h1.', 'hardirq'],
    ['d.H3.', 'hardirq'],
    ['..s..', 'softirq'],
    ['bNs2.', 'softirq'],
    ['d.Z..', 'nmi'],
  ])('tells from the flags %s the context %s', async (flags, context) => {
    expect((await one(LINE.replace('b.s1.', flags)))!.context).toBe(context);
  });

  it('reads any name of a task and of a device', async () => {
    const tasks = fc.constantFrom(
      '<idle>',
      'kworker/1:1H',
      'jbd2/mmcblk2p6-',
      'disp_eng_share_',
      'Web Content',
      'a-1',
      '[x]',
    );
    const devices = fc.constantFrom('d4281000.sdh', 'virtio0', '2-1.2:1.0', 'amba:zyxclmm_drm', 'fd1d2cbd-ce7c-535c');
    const flags = fc.constantFrom('b..1.', '.....', 'bNs2.', '..s1');
    await fc.assert(
      fc.asyncProperty(
        tasks,
        devices,
        flags,
        fc.nat(99_999),
        fc.nat(262_144),
        async (task, device, flag, pid, size) => {
          const fields = `dev_name: ${device} dma_mask=ff dev_addr=1 size=${size} NORMAL`;
          const line = `${task.padStart(16)}-${pid}  [001] ${flag}  1.000001: swiotlb_bounced: ${fields}`;
          expect(await one(line)).toMatchObject({ task, pid, device, size, cpu: 1, tag: 'NORMAL' });
        },
      ),
    );
  });

  it.each([
    ['FORCE', 'FORCE'],
    ['NO_FORCE', 'NO_FORCE'],
    ['swiotlb_force', 'swiotlb_force'],
    ['', ''],
  ])('reads the word %s after the size', async (word, tag) => {
    expect((await one(LINE.replace('FORCE', word)))!.tag).toBe(tag);
    expect((await one(LINE.replace(' FORCE', word && ` ${word}`)))!.tag).toBe(tag);
  });

  it('reads events of dma of devices and tasks of any name', async () => {
    const { events, summary } = await read(
      [
        '  a b-1  [001] ..s1.  1.1: dma_map_page: eth gmac:1 dir=TO_DEVICE dma_addr=8000 size=8 phys_addr=10 attrs=',
        '  -1     [001] ..s1.  1.2: dma_unmap_page: eth gmac:1 dir=TO_DEVICE dma_addr=8000 size=8 attrs=',
        '  a-1    [001] ..s1.  1.3: dma_map_sg: a b dir=TO_DEVICE nents=1/2 ents=1/2 [TRUNCATED] dma_addrs={0x10} ' +
          'sizes={0x8} phys_addrs={0x1} attrs=',
      ].join('\n'),
    );
    expect(events.map(({ kind, device, task }) => [kind, device, task])).toEqual([
      ['dma-map', 'eth gmac:1', 'a b'],
      ['dma-unmap', 'eth gmac:1', ''],
      ['dma-map', 'a b', 'a'],
    ]);
    expect(summary.unparsedLines).toBe(0);
  });

  it.each([
    [` 0) d.s1.         |  /* swiotlb_bounced: ${FIELDS} */`, 'softirq'],
    [` 0)  iperf3-1449   |  /* swiotlb_bounced: ${FIELDS} */`, 'unknown'],
  ])('reads a graph without durations: %s', async (graph, context) => {
    expect(await one(graph)).toMatchObject({ cpu: 0, size: 54, context });
  });

  it('counts an event in a graph that is cut as a line that cannot be read', async () => {
    const { summary } = await read(`# tracer: function_graph\n 0)  |  /* swiotlb_bounced: ${FIELDS.slice(0, 40)}\n`);
    expect(summary).toMatchObject({ bounces: 0, unparsedLines: 1, foreign: 0 });
  });

  it('reads a file that is no capture not to its end', async () => {
    async function* endless() {
      const lines = Buffer.from('x\n'.repeat(2 ** 15));
      for (;;) yield lines;
    }
    await expect(readCapture(Readable.from(endless()), () => {})).rejects.toMatchObject({
      code: 'ERR_CAPTURE',
      message: expect.stringContaining('none of its 1000000 lines is one of a trace; line 1: x'),
    });
  });

  it('takes all ones for no address', async () => {
    expect((await one(LINE.replace('225fa06', 'ffffffffffffffff')))!.address).toBeNull();
  });

  it('reads probes and events of dma, with attributes that no kernel has yet', async () => {
    const head = '  <idle>-0       [001] ..s1.    30.654516: ';
    const { events, summary } = await read(
      [
        'swmap: (swiotlb_tbl_map_single+0x4/0x770) orig=0x4c3cafaa msize=86 amask=0x0 dir=1 attrs=0x0',
        'other_name: (swiotlb_tbl_map_single+0x0/0x6c0) orig=0xae71cea msize=86 asize=2048 amask=0x0 dir=2',
        'swmapret: (swiotlb_map+0x6c/0x280 <- swiotlb_tbl_map_single) tlb=0x78b5f000',
        'swmapret: (swiotlb_map+0x6c/0x280 <- swiotlb_tbl_map_single) tlb=0xffffffffffffffff',
        'swunmap: (__swiotlb_tbl_unmap_single+0x4/0x60) tlb=0x7b36f800 size=1536 dir=2 attrs=0x20',
        'dma_map_page: 0000:00:01.0 dir=TO_DEVICE dma_addr=78b5f000 size=86 phys_addr=4c3cafaa attrs=',
        'dma_map_phys: e dir=BIDIRECTIONAL dma_addr=78b5f000 size=86 phys_addr=4c3cafaa attrs=NO_WARN|CC_SHARED|0x1000',
        'dma_unmap_page: 0000:00:01.0 dir=FROM_DEVICE dma_addr=7b36f800 size=1536 attrs=SKIP_CPU_SYNC',
        `dma_map_sg: d dir=TO_DEVICE nents=2/2 ents=2/2 ${LISTS} attrs=NO_WARN`,
        'dma_unmap_sg: d dir=TO_DEVICE phys_addrs={0x1,0x2} attrs=',
      ]
        .map((text) => head + text)
        .join('\n'),
    );
    expect(
      events.map(({ kind, direction, size, slot, address, device }) => [kind, direction, size, slot, address, device]),
    ).toEqual([
      ['map', 'to-device', 86, null, 0x4c3cafaa, null],
      ['map', 'from-device', 86, null, 0xae71cea, null],
      ['mapped', null, 0, 0x78b5f000, null, null],
      ['mapped', null, 0, null, null, null],
      ['unmap', 'from-device', 1536, 0x7b36f800, null, null],
      ['dma-map', 'to-device', 86, 0x78b5f000, 0x4c3cafaa, '0000:00:01.0'],
      ['dma-map', 'both', 86, 0x78b5f000, 0x4c3cafaa, 'e'],
      ['dma-unmap', 'from-device', 1536, 0x7b36f800, null, '0000:00:01.0'],
      ['dma-map', 'to-device', 4096, 0x10, 1, 'd'],
      ['dma-map', 'to-device', 8, 0x20, 2, 'd'],
      ['dma-unmap', 'to-device', 0, null, 1, 'd'],
      ['dma-unmap', 'to-device', 0, null, 2, 'd'],
    ]);
    expect(summary).toMatchObject({ bounces: 0, others: 12, unparsedLines: 0 });
  });

  it.each([
    [
      'fields that no kernel has',
      LINE.replace(FIELDS, 'dev_name: 0000:00:03.0 dma_addr: 0x38102000 size: 1514 alloc_size: 2048'),
    ],
    ['a field in between', LINE.replace(' size=', ' alloc_size=2048 size=')],
    ['a field behind', `${LINE} extra=1`],
    ['another word behind', LINE.replace('FORCE', 'MAYBE')],
    ['a size that is no number', LINE.replace('size=54', 'size=5x')],
    ['an address that is none', LINE.replace('225fa06', '225fg06')],
    ['a line that was cut', LINE.slice(0, -20)],
    ['a line that lost its beginning', LINE.slice(30)],
    ['a CPU that is none', LINE.replace('[000]', '[0x0]')],
    ['flags that are none', LINE.replace('b.s1.', 'xyz')],
    ['a time that is none', LINE.replace('10.800697', '10:80')],
    ['a probe with other arguments', '  a-1 [001] ..s1.  3.5: swmap: (swiotlb_tbl_map_single+0x4/0x770) a=1'],
    ['an event of dma with other fields', '  a-1 [001] ..s1.  3.5: dma_map_page: 0000:00:01.0 dir=UP size=1 attrs='],
    ['words', 'a line of something else'],
  ])('counts and shows as unparsed %s', async (_, line) => {
    const { events, summary } = await read(`${LINE}\n${line}\n${LINE}\n`);
    expect(events).toHaveLength(2);
    expect(summary).toMatchObject({
      lines: 3,
      bounces: 2,
      unparsedLines: 1,
      unparsed: [{ line: 2, text: line.slice(0, 160) }],
    });
  });

  it('loses no line: each is an event, of something else, a comment, or unparsed', async () => {
    const good = fc.constant(LINE);
    const BAD = ['junk', LINE.slice(0, 60), '\u0000\u0001\uffff', `${LINE} x`, '{"json": 1}'];
    const bad = fc.constantFrom(...BAD);
    const foreign = fc.constantFrom(
      ' => swiotlb_map',
      '  a-1 [000] b..1.  10.9: <stack trace>',
      '  a-1 [000] b..1.  10.9: sched_switch: prev_comm=a',
      '  38.25 |   1)  iperf3-1449   |   8.993 us    |  __swiotlb_tbl_unmap_single();',
      '\tffffffff81234567 swiotlb_map+0x12 ([kernel.kallsyms])',
    );
    const lost = fc.nat(1000).map((count) => `CPU:0 [LOST ${count} EVENTS]`);
    const lines = fc.array(fc.oneof({ weight: 3, arbitrary: good }, bad, foreign, lost), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom('\n', '\r\n'), async (all, end) => {
        const { events, summary } = await read(['# tracer: nop', ...all].join(end));
        const count = (isOf: (line: string) => boolean) => all.filter(isOf).length;
        const lostLines = all.filter((line) => line.startsWith('CPU:0'));
        const good = count((line) => line === LINE);
        const unparsed = count((line) => BAD.includes(line));
        expect([events.length, summary.bounces, summary.unparsedLines]).toEqual([good, good, unparsed]);
        expect(summary.foreign).toBe(all.length - good - unparsed - lostLines.length);
        expect(summary.lostEvents).toBe(
          lostLines.reduce((sum, line) => sum + Number(/\d+ EV/.exec(line)![0].slice(0, -3)), 0),
        );
      }),
    );
  });

  it('counts events that were lost, in the words of each tool, and overwritten ones', async () => {
    const { summary } = await read(
      [
        '# entries-in-buffer/entries-written: 100/150   #P:2',
        LINE,
        'CPU:1 [LOST 5 EVENTS]',
        'CPU:0 [7 EVENTS DROPPED]',
        'CPU:1 [EVENTS DROPPED]',
      ].join('\n'),
    );
    expect(summary).toMatchObject({ lostEvents: 62, lostUncounted: 1, unparsedLines: 0 });
  });

  it('counts times that go back on one CPU, not between CPUs', async () => {
    const at = (cpu: number, time: number) =>
      LINE.replace('[000]', `[00${cpu}]`).replace('10.800697', `${time}.000000`);
    const { summary } = await read([at(0, 5), at(1, 3), at(0, 6), at(1, 2), at(0, 6)].join('\n'));
    expect(summary.outOfOrder).toBe(1);
  });

  it('keeps ten of the lines that it cannot read', async () => {
    const { summary } = await read(`${LINE}\n${'junk\n'.repeat(30)}`);
    expect([summary.unparsedLines, summary.unparsed.length]).toEqual([30, 10]);
  });

  it('reads gzipped captures', async () => {
    expect((await read(gzipSync(`${LINE}\n`))).events).toHaveLength(1);
  });

  it.each([
    ['is empty', '', /standard input is no capture: it is empty/],
    ['is something else', 'one\ntwo\n', /none of its 2 lines is one of a trace; line 1: one/],
    ['is JSON', '{"a": 1}', /is no capture/],
    ['is of trace-cmd', '\u0017\bDtracing6\u0000', /is a file of trace-cmd, not text/],
    ['is of perf', 'PERFILE2\u0000', /is a file of perf, not text/],
  ])('refuses what %s', async (_, text, message) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'ERR_CAPTURE', message });
  });

  it('takes a trace without any event for a capture in which nothing was bounced', async () => {
    expect((await read('# tracer: nop\n#\n')).summary).toMatchObject({ bounces: 0, unparsedLines: 0 });
  });

  it('rejects with what the caller throws', async () => {
    const source = Readable.from([Buffer.from(LINE)]);
    const thrown = new Error('mine');
    await expect(
      readCapture(source, () => {
        throw thrown;
      }),
    ).rejects.toBe(thrown);
  });
});
