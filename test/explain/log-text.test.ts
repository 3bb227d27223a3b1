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
    expect(logLine(raw)).toEqual({ text, isStamped: true, isIndented: false });
  });

  it.each([
    ['total 32768 (slots)', 'total 32768 (slots)'],
    ['  |     total 32768', 'total 32768'],
    ['> - `x y: z`\r', 'x y: z'],
    ['xhci_hcd 0000:01:00.0: x', 'xhci_hcd 0000:01:00.0: x'],
    ['', ''],
  ])('without a stamp loses its marks only: %s', (raw, text) => {
    expect(logLine(raw)).toMatchObject({ text, isStamped: false });
  });

  it('tells a space at its begin, which belongs to what a soft break divided', () => {
    expect(['> total', '>  total', ' total'].map((raw) => logLine(raw).isIndented)).toEqual([false, true, true]);
  });

  it('keeps digits after an equals sign, which only mails spell characters with', () => {
    expect(logLine('allocation failed for device x size=40').text).toBe('allocation failed for device x size=40');
  });
});
