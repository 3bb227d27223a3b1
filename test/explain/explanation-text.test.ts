import { describe, expect, it } from '@jest/globals';
import { explain } from '../../lib/explain/explain.js';
import { explanationText, PROVES_NOTHING } from '../../lib/explain/explanation-text.js';

const FULL = 'nvme 0000:00:01.0: swiotlb buffer is full (sz: 8192 bytes), total 32768 (slots), used 27103 (slots)';
const textOf = (log: string) => explanationText([{ log: null, explanation: explain(log) }]);

describe('an explanation as text', () => {
  it('tells messages of one kind once, with the first and the last line', () => {
    const text = textOf(`${FULL}\n[ 1.0] something\n[ 2.0] ${FULL.replace('27103', '27200')}`);
    expect(text).toMatch(/^line 1 and 1 more alike, the last one on line 3: fragmented: free slots, but not enough/);
    expect(text.match(/the kernel says/g)).toHaveLength(1);
  });

  it('tells what was suppressed and what was not understood', () => {
    const text = textOf(`${FULL}\nswiotlb_tbl_map_single: 74 callbacks suppressed\nswiotlb sings`);
    expect(text).toContain('Linux suppressed 74 messages more');
    expect(text).toContain('line 3 is not understood: swiotlb sings');
    expect(textOf(Array(12).fill('swiotlb sings').join('\n'))).toContain('and 2 lines more are not understood');
  });

  it('counts one line as one', () => {
    expect(textOf('one')).toMatch(/^No message about bounce buffers in 1 line\./);
    expect(textOf(Array(11).fill('swiotlb sings').join('\n'))).toContain('and 1 line more is not understood');
    expect(textOf(`${FULL}\nswiotlb_map: 1 callbacks suppressed`)).toContain('suppressed 1 message more');
    expect(textOf('swiotlb_bounced: dev_name: x')).toMatch(/^1 event of a capture/);
  });

  it('tells how often syslog counted messages', () => {
    const line = `message repeated 12 times: [ ${FULL}]`;
    expect(textOf(line)).toMatch(/^line 1, 12 times in all: fragmented/);
    expect(textOf(`${FULL}\n${line}`)).toMatch(/^line 1 and 1 more alike, the last one on line 2, 13 times in all: /);
  });

  it('names logs where there are more than one', () => {
    const logs = ['a', null].map((log) => ({ log, explanation: explain(FULL) }));
    expect(explanationText(logs)).toMatch(/^a:\nline 1: fragmented.*\n\ncommand line:\nline 1: fragmented/s);
  });

  it('grows with the number of messages, not with its square', () => {
    const explanation = explain(FULL);
    const messages = Array(500_000).fill(explanation.messages[0]);
    const text = explanationText([{ log: null, explanation: { ...explanation, messages } }]);
    expect(text).toMatch(/^line 1 and 499999 more alike/);
  });

  it('says that a log without a message has none, and always that this proves nothing', () => {
    expect(textOf('one\ntwo')).toMatch(/^No message about bounce buffers in 2 lines\./);
    for (const log of ['one', FULL]) expect(textOf(log).replace(/\n/g, ' ')).toContain(PROVES_NOTHING);
  });

  it('has at most 80 columns', () => {
    const sizes = [
      `${FULL}`,
      FULL.replace('8192', '368640'),
      FULL.replace('27103', '9'),
      FULL.replace('27103', '32768'),
    ];
    for (const line of sizes.flatMap((log) => textOf(log).split('\n'))) expect(line.length).toBeLessThanOrEqual(80);
  });
});
