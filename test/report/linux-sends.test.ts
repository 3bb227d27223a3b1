import { describe, expect, it } from '@jest/globals';
import type { CrossingResult } from '../../lib/bench/result/result.js';
import { scenarioLines } from '../../lib/report/scenario-section.js';
import { resultOf } from './fixtures/result.js';
import { type Sent, sendCells } from './fixtures/sends.js';

const SENT: readonly Sent[] = [
  { way: 'tcp', message: 65536, ns: 6640 },
  { way: 'udp', message: 16384, ns: 2000 },
  { way: 'udp-zerocopy', message: 16384, ns: 3000, copiedShare: 0 },
  { way: 'udp', message: 65536, ns: 6000 },
  { way: 'udp-zerocopy', message: 65536, ns: 3000, copiedShare: 0 },
];

function textOf(sent: readonly Sent[], model?: CrossingResult): string {
  const result = resultOf(sendCells(sent));
  if (model !== undefined) result.crossings.push(model);
  return scenarioLines(result, result.scenarios[0]!).join('\n').replaceAll(/\s+/g, ' ');
}

describe('the section on sends through Linux', () => {
  it('has a line for each cell, the break-even with its interval, and that nothing was copied', () => {
    const text = textOf(SENT);
    expect(text).toContain('tcp hot 1 64 KiB');
    expect(text).toContain('MSG_ZEROCOPY on this Linux costs less than a copy, hot: from ');
    expect(text).toContain('MSG_ZEROCOPY made no copy here: Linux says so of every send.');
    expect(text).toContain("Of the model's msg-zerocopy the same is measured by --only zerocopy-break-even.");
    expect(text).toContain('Left out: nothing.');
  });

  it('says so where Linux copied after all', () => {
    const copied = SENT.map((one) => (one.copiedShare === undefined ? one : { ...one, copiedShare: 1 }));
    expect(textOf(copied)).toContain('did not do without copies here: Linux says that it copied 100 % of the sends');
    const some = SENT.map((one) => (one.copiedShare === undefined ? one : { ...one, copiedShare: one.message / 1e5 }));
    expect(textOf(some)).toContain('copied 16 % to 66 % of the sends');
    const few = SENT.map((one) => (one.copiedShare === undefined ? one : { ...one, copiedShare: 0.004 }));
    expect(textOf(few)).toContain('MSG_ZEROCOPY made hardly a copy here');
  });

  it('has the answer of the model beside its own, where the same run has it', () => {
    const model: CrossingResult = {
      id: 'zerocopy-break-even/zerocopy:bounce',
      scenario: 'zerocopy-break-even',
      of: 'zerocopy',
      to: 'bounce',
      compared: [1024, 1048576],
      wins: [[32768, 1048576]],
      smallest: { median: 32768, low: 30000, high: 40000 },
      largest: { median: 1048576, low: 1048576, high: 1048576 },
      rounds: 12,
    };
    expect(textOf(SENT, model)).toContain('The model: zerocopy costs less than bounce: from 32 KiB [');
  });

  it('says what is left out also where nothing was measured', () => {
    expect(textOf([])).toContain('nothing was measured Left out: nothing.');
  });
});
