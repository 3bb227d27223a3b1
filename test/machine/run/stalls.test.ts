import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, isErrorCode } from '../../../lib/errors.js';
import { isStall, stoppedMachine } from '../../../lib/machine/run/stalls.js';

describe('isStall', () => {
  it('accepts the codes of threads that waited for what never came, and no other', () => {
    const waited: ErrorCode[] = ['ERR_STALLED', 'ERR_NEVER_ARRIVES', 'ERR_LOCK_STALLED', 'ERR_ABORTED'];
    for (const code of waited) expect([isErrorCode(code), isStall(code)]).toEqual([true, true]);
    for (const code of ['ERR_WORKER_DIED', 'ERR_SWIOTLB_FULL', '', undefined]) expect(isStall(code)).toBe(false);
  });
});

describe('the error about a machine that moves nothing', () => {
  it('says whether slots are short or the data wait for something else', () => {
    expect(stoppedMachine('it stands', 0, { design: 'bounce' })).toMatchObject({
      code: 'ERR_NEVER_ARRIVES',
      message: 'it stands',
      details: { design: 'bounce' },
    });
    expect(stoppedMachine('it stands', 5)).toMatchObject({
      code: 'ERR_STALLED',
      message: 'it stands; packets found no slots, 5 times',
    });
  });
});
