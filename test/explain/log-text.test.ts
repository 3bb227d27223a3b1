import { describe, expect, it } from '@jest/globals';
import { logLine } from '../../lib/explain/log-text.js';

describe('a line of a log', () => {
  it.each([
    ['[   52.202000] dev: x', 'dev: x'],
    ['[    0.000000] [      T0] software IO TLB: x', 'software IO TLB: x'],
    ['<6>[    0.001000] x', 'x'],
    ['Nov 28 06:25:01 host1 kernel: [ 223.28] x', 'x'],
    ['> > > [ 1.0] x', 'x'],
    ['[2025-08-08 12:17:06.728] x', 'x'],
    ['kern  :warn  : [   12.345678] x', 'x'],
    ['\u001b[33mkernel: x\u001b[0m', 'x'],
  ])('loses its stamps: %s', (raw, text) => {
    expect(logLine(raw)).toEqual({ text, isStamped: true, isIndented: false, times: 1 });
  });

  it.each([
    ['total 32768 (slots)', 'total 32768 (slots)'],
    ['  |     total 32768', 'total 32768'],
    ['> - `x y: z`\r', 'x y: z'],
    ['xhci_hcd 0000:01:00.0: x', 'xhci_hcd 0000:01:00.0: x'],
    ['', ''],
    ['&gt; x &lt;4&gt; &quot;y&#39;&#x29;&nbsp;z', 'x <4> "y\') z'],
    ['<pre><code>swiotlb <b class="k">is</b> full</code></pre>', 'swiotlb  is  full  '],
    ['[<ffffffff8138a2a1>] swiotlb_map+0x1/0x2', '[<ffffffff8138a2a1>] swiotlb_map+0x1/0x2'],
    ['│ total 32768      │', 'total 32768'],
    ['| is full (sz: 8 bytes) |', 'is full (sz: 8 bytes)'],
    ['swiotlb\u200b \u2060buffer', 'swiotlb buffer'],
    ['x 0000=3A01=3A00.0=2C', 'x 0000:01:00.0,'],
    ['\u001b]0;title\u0007\u001b[38:5:3mx\u001b(B', 'x'],
  ])('without a stamp loses its marks only: %s', (raw, text) => {
    expect(logLine(raw)).toMatchObject({ text, isStamped: false });
  });

  it('tells how often syslog counted it', () => {
    const raw = 'Nov 28 06:25:01 host1 kernel: message repeated 12 times: [ [ 223.28] x]';
    expect(logLine(raw)).toEqual({ text: 'x]', isStamped: true, isIndented: false, times: 12 });
  });

  it('tells a space at its begin, which belongs to what a soft break divided', () => {
    expect(['> total', '>  total', ' total'].map((raw) => logLine(raw).isIndented)).toEqual([false, true, true]);
  });

  it('keeps digits after an equals sign, which only mails spell characters with', () => {
    for (const size of [20, 28, 29, 30, 58, 5800].map((digits) => `failed for device x size=${digits} is`))
      expect(logLine(size).text).toBe(size);
  });
});
