import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Explainer, explain } from '../../lib/explain/explain.js';
import { CASES } from './cases.js';

const FULL = 'nvme 0000:00:01.0: swiotlb buffer is full (sz: 8192 bytes), total 32768 (slots), used 27103 (slots)';
const TOLD = { class: 'fragmented', device: '0000:00:01.0', size: 8192, total: 32768, used: 27103 };

const classes = (text: string) => explain(text).messages.map((message) => message.class);

describe('explain()', () => {
  it.each(CASES.map((one) => [one.line.replace(/\s+/g, ' ').slice(0, 70), one] as const))('knows: %s', (_, one) => {
    const { messages, notUnderstoodCount } = explain(one.line);
    expect(new Set(messages.map((message) => message.class))).toEqual(new Set([one.class]));
    expect(notUnderstoodCount).toBe(0);
    const { device, size, total, used } = one;
    if (device !== null || size !== null) expect(messages).toMatchObject([{ device, size, total, used }]);
  });

  it('reads a message behind any stamp and mark, broken between any words', () => {
    const stamps = fc.constantFrom(
      '',
      '[   52.202000] ',
      '[    0.000000][    T0] ',
      '[    0.000000] [      T0] ',
      '<6>[    0.001000] ',
      'Nov 28 06:25:01 host1 kernel: ',
      'Oct  2 14:33:06 host1 kernel: [ 223.287447] ',
      'juil. 29 14:38:52 host1 kernel: ',
      'déc. 03 14:38:52 host1 kernel: ',
      '[2025-08-08 12:17:06.728] ',
      '[Fri Nov 28 06:25:01 2026] ',
      '2026-11-28T06:25:01.123456+01:00 host1 kernel: ',
      'kern  :warn  : [   12.345678] ',
      '_dom0 kernel: ',
      '11-28 06:25:01.123     0     0 W ',
      '\u001b[32m[   52.202000]\u001b[0m ',
    );
    const marks = fc.constantFrom('', '> ', '> > > ', '>>>>> ', ' => ', '  | ', '- ', '* `');
    const words = FULL.split(' ');
    const breaks = fc.uniqueArray(fc.integer({ min: 1, max: words.length - 1 }), { maxLength: 3 });
    const ends = fc.constantFrom('\n', '\r\n', ' \n');
    fc.assert(
      fc.property(stamps, marks, breaks, ends, (stamp, mark, at, end) => {
        const text = words.map((word, index) => (at.includes(index) ? `${end}${mark}${word}` : ` ${word}`)).join('');
        const { messages } = explain(`${mark}${stamp}${text.slice(1)}${end}`);
        expect(messages).toMatchObject([TOLD]);
      }),
      { numRuns: 500 },
    );
  });

  // Breaks of mails within a character are no terminal's.
  const broken = CASES.filter(({ line }) => !/=(?:20)?\n/.test(line));
  it.each(broken.map(({ line }) => [line.replace(/\s+/g, ' ').slice(0, 70), line] as const))(
    'reads a message that a terminal breaks anywhere, with the space at the break or without: %s',
    (_, text) => {
      const told = (broken: string) => {
        const { messages, notUnderstoodCount } = explain(broken);
        const facts = messages.map(({ class: kind, device, size, total, used }) => [kind, device, size, total, used]);
        return { facts, notUnderstoodCount, words: messages.map(({ line }) => line.replace(/[ -]/g, '')) };
      };
      const { words, ...unbroken } = told(text);
      for (let at = 1; at < text.length; at++) {
        if (text[at - 1] === '\n' || text[at] === '\n') continue;
        const [before, after] = [text.slice(0, at), text.slice(at)];
        for (const broken of [`${before}\n${after}`, `${before.trimEnd()}\n${after.trimStart()}`]) {
          expect([broken, told(broken)]).toMatchObject([broken, unbroken]);
          // The begin of a driver's name may be left out, but nothing is put in.
          for (const [index, one] of told(broken).words.entries()) expect(words[index]!.endsWith(one)).toBe(true);
        }
      }
    },
  );

  it('reads what a narrow terminal breaks more than once', () => {
    for (let width = 30; width < FULL.length; width++) {
      const lines = FULL.match(new RegExp(`.{1,${width}}`, 'g'))!;
      expect(explain(`[ 1.0] usb 1-1: new\n${lines.join('\n')}\n[ 3.0] end`)).toMatchObject({
        messages: [{ ...TOLD, line: FULL }],
        notUnderstoodCount: 0,
      });
    }
  });

  it('finds broken messages in long runs of lines without stamps', () => {
    const broken = FULL.match(/.{1,50}/g)!;
    const { messages, notUnderstoodCount } = explain(Array(2500).fill(broken).flat().join('\n'));
    expect(notUnderstoodCount).toBe(0);
    expect(messages.map(({ lineNumber, used }) => [lineNumber, used])).toEqual(
      Array.from({ length: 2500 }, (_, index) => [1 + broken.length * index, TOLD.used]),
    );
  });

  it('takes a line of its own for the rest of nothing', () => {
    const failed = 'swiotlb: coherent allocation failed for device udmabuf.0 size=8388';
    expect(explain(`${failed}\n608`).messages).toMatchObject([{ size: 8388608 }]);
    for (const next of ['608 bytes', ' 608', '[ 1.0] 608'])
      expect(explain(`${failed}\n${next}`).messages).toMatchObject([{ size: 8388 }]);
    expect(explain(`first line\n${FULL.replace('0000:', '')}`).messages).toMatchObject([{ device: '00:01.0' }]);
  });

  it('reads soft breaks of quoted-printable mails, also within a word', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: FULL.length - 1 }), (at) => {
        expect(explain(`${FULL.slice(0, at)}=\n${FULL.slice(at)}`).messages).toMatchObject([TOLD]);
      }),
    );
    expect(explain(FULL.replaceAll(' (', '=20\n(')).messages).toMatchObject([TOLD]);
    expect(explain(FULL.replaceAll(' ', '=C2=A0')).messages).toMatchObject([TOLD]);
  });

  it.each([
    [
      'a table',
      '| [1.0] nvme 0000:00:01.0: swiotlb buffer |\n| is full (sz: 8192 bytes), total 32768 |\n| (slots), used 27103 (slots) |',
    ],
    [
      'a pane',
      '│[1.0] nvme 0000:00:01.0: swiotlb buffer is full (sz: 8192 bytes), total │\n│32768 (slots), used 27103 (slots)       │',
    ],
    ['entities', `&gt; &lt;4&gt;${FULL.replaceAll(' ', '&nbsp;')}`],
    ['breaks of HTML', FULL.replace(', total', ',<br/>\ntotal')],
    ['the journal as JSON', JSON.stringify({ MESSAGE: FULL, _TRANSPORT: 'kernel' })],
    ['the journal in full', `Sat 2026-11-28 06:25:01.1 CET [s=a;i=1]\n    MESSAGE=${FULL}\n    _KERNEL_SUBSYSTEM=pci`],
    ['a container', JSON.stringify({ log: `[ 1.0] ${FULL}\n`, stream: 'stderr' })],
    ['RFC 5424', `<4>1 2026-11-28T06:25:01.003Z host1 kernel - - - [ 12.2] ${FULL}`],
    ['dmesg -H', `[Nov28 06:25] usb 1-1: new\n[  +0.000003] ${FULL}`],
    ['/dev/kmsg', `4,1234,123456789,-;${FULL}\n SUBSYSTEM=pci\n DEVICE=+pci:0000:00:01.0`],
    ['grep', `/var/log/kern.log:1234:Nov 28 06:25:01 host1 kernel: [ 12.3] ${FULL}`],
  ])('reads a message out of %s', (_, text) => {
    expect(explain(text)).toMatchObject({ messages: [TOLD], notUnderstoodCount: 0 });
  });

  it.each([
    ['', ''],
    ['Nov 28 06:25:01 host1 kernel: ', ''],
    ['Nov 28 06:25:01 host1 kernel: ', '[  223.287447] '],
    ['2026-11-28T06:25:01.123456+01:00 host1 kernel: ', ''],
  ])('counts what syslog says that it repeated: %s%s', (before, within) => {
    expect(explain(`${before}message repeated 12 times: [ ${within}${FULL}]`)).toMatchObject({
      messages: [{ ...TOLD, times: 12, line: FULL }],
      notUnderstoodCount: 0,
    });
    expect(explain(FULL).messages).toMatchObject([{ times: 1 }]);
  });

  it('counts events of a capture, and takes none for a line that it should understand', () => {
    const event =
      'iperf3 1295 [000] 31.89: swiotlb:swiotlb_bounced: dev_name: 0000:00:01.0 dma_mask=ff dev_addr=1 size=78';
    expect(explain(Array(20).fill(event).join('\n'))).toMatchObject({
      messages: [],
      notUnderstoodCount: 0,
      capturedCount: 20,
    });
  });

  it('takes two messages on one line for two', () => {
    expect(classes(`${FULL} ${FULL.replace('8192', '524288')}`)).toEqual(['fragmented', 'too-large']);
  });

  it('does not take a stamped line for the rest of the one before it', () => {
    const { messages } = explain(
      '[ 1.0] usb 2-1.2:\n[ 2.0] swiotlb buffer is full (sz: 8 bytes)\n[ 3.0] total 9 (slots)',
    );
    expect(messages).toMatchObject([{ device: null, size: 8, total: null }]);
  });

  it('tells a failure once that Linux tells in two lines', () => {
    const { messages } = explain(
      'a 0000:02:00.0: swiotlb buffer is full (sz: 9100 bytes)\n' +
        'DMA: Out of SW-IOMMU space for 9100 bytes at device 0000:02:00.0\n' +
        'DMA: Out of SW-IOMMU space for 4096 bytes at device 0000:02:00.0',
    );
    expect(messages.map(({ class: kind, size }) => [kind, size])).toEqual([
      ['exhausted', 9100],
      ['exhausted', 4096],
    ]);
  });

  it('adds up what Linux suppressed, and tells it with the message before', () => {
    const { messages, suppressed } = explain(
      `${FULL}\nswiotlb_tbl_map_single: 74 callbacks suppressed\nswiotlb_tbl_map_single: 26 callbacks suppressed`,
    );
    expect(messages.map((message) => message.suppressed)).toEqual([100]);
    expect(suppressed).toBe(100);
    expect(explain('swiotlb_tbl_map_single: 74 callbacks suppressed')).toMatchObject({
      messages: [{ class: 'informational', suppressed: 74 }],
      suppressed: 74,
    });
  });

  it('names lines that speak of bounce buffers and are of no known wording, by their numbers', () => {
    const { messages, notUnderstood, notUnderstoodCount, lines } = explain(
      `first\n${FULL}\nswiotlb sings a song\nsecond\nsoftware IO TLB: dances`,
    );
    expect(messages.map(({ lineNumber }) => lineNumber)).toEqual([2]);
    expect(notUnderstood).toEqual([
      { line: 'swiotlb sings a song', lineNumber: 3 },
      { line: 'software IO TLB: dances', lineNumber: 5 },
    ]);
    expect({ notUnderstoodCount, lines }).toEqual({ notUnderstoodCount: 2, lines: 5 });
  });

  it('does not take stacks, sources and lines about DMA for what it should understand', () => {
    const lines = [
      '[ 1.0] RIP: 0010:swiotlb_tbl_map_single+0x1c0/0x690',
      '[ 1.0]  [<ffffffff8138a2a1>] swiotlb_map_sg_attrs+0x41/0x60',
      '[ 1.0] WARNING: CPU: 3 PID: 949 at kernel/dma/swiotlb.c:1594 swiotlb_map+0x2c0/0x2f0',
      '[ 1.0] WARNING: CPU: 0 PID: 1 at include/linux/swiotlb.h:83 dma_direct_map+0x1/0x2',
      '[ 1.0] Modules linked in: swiotlb_xen',
      '[ 1.0] DMA zone: 3998 pages, LIFO batch:0',
    ];
    expect(explain(lines.join('\n'))).toMatchObject({ messages: [], notUnderstoodCount: 0 });
  });

  it('keeps ten of the lines that it does not understand, and counts the others', () => {
    const { notUnderstood, notUnderstoodCount } = explain(Array(25).fill('swiotlb sings').join('\n'));
    expect({ kept: notUnderstood.length, notUnderstoodCount }).toEqual({ kept: 10, notUnderstoodCount: 25 });
  });

  it('finds each message at its line, among other lines and in long runs of messages', () => {
    const line = fc.constantFrom('[ 1.0] eth0: link up', '', `[ 2.0] ${FULL}`, 'no stamp at all', '[ 3.0] dma: a word');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 200 }), (text) => {
        const at = text.flatMap((one, index) => (one.includes('full') ? [index + 1] : []));
        expect(explain(text.join('\n')).messages.map(({ lineNumber }) => lineNumber)).toEqual(at);
      }),
    );
    const many = Array(2500).fill(`[ 2.0] ${FULL}`).join('\n');
    const numbers = explain(many).messages.map(({ lineNumber }) => lineNumber);
    expect(numbers).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
  });

  it('takes lines without stamps that never end, and very long ones', () => {
    const explainer = new Explainer();
    for (let line = 0; line < 5000; line++) explainer.add('swiotlb buffer is full (sz: 8 bytes)');
    explainer.add('dma'.repeat(100_000));
    explainer.add(`${FULL}${' '.repeat(100_000)}`);
    expect(explainer.end().messages).toHaveLength(5001);
  });
});
