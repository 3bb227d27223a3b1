import { describe, expect, it } from '@jest/globals';
import type { CaptureEvent } from '../../lib/capture/capture-event.js';
import { fillHead, fillUsual } from '../../lib/capture/line-head.js';

const FIELDS = 'dev_name: 0000:00:01.0 dma_mask=ff dev_addr=225fa06 size=54 FORCE';

const fresh = () => ({ task: '', kind: 'unmap' }) as CaptureEvent;

describe('the head of a line', () => {
  it.each([
    `  kworker/1:1H-57 [001] bNs2.  10.800697: swiotlb_bounced: ${FIELDS}`,
    `  jbd2/mmcblk2p6--289 [006] .....   197.926040: swiotlb_bounced: ${FIELDS}`,
    `  iperf3   224 [000]    10.800697: swiotlb:swiotlb_bounced: ${FIELDS}`,
    `  iperf3-224   [000]    10.800697: swiotlb_bounced:      ${FIELDS}`,
  ])('is read alike in one expression and in steps: %s', (line) => {
    const [usual, stepwise] = [fresh(), fresh()];
    const head = { name: '', fields: 0 };
    expect([fillUsual(usual, line), fillHead(stepwise, line, head)]).toEqual([true, true]);
    const { task, pid, cpu, context, timeNs } = usual;
    expect(stepwise).toMatchObject({ task, pid, cpu, context, timeNs });
    expect([head.name, line.slice(head.fields)]).toEqual(['swiotlb_bounced', FIELDS]);
  });

  it('tells a time in nanoseconds, of seconds with any decimals and of a count', () => {
    const times = ['10.800697', '10.800697123', '10800697123'].map((time) => {
      const event = fresh();
      fillHead(event, `a-1 [000] b..1. ${time}: x: y`, { name: '', fields: 0 });
      return event.timeNs;
    });
    expect(times).toEqual([10_800_697_000, 10_800_697_123, 10_800_697_123]);
  });

  it('is none in a line that begins otherwise', () => {
    for (const line of ['', 'x', '[000] b..1. 1.0: x: y', 'a-1 [0z0] b..1. 1.0: x: y', 'a-1 [000] b..1. 1.0 x: y']) {
      expect(fillHead(fresh(), line, { name: '', fields: 0 })).toBe(false);
    }
  });
});
