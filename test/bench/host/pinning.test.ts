import { describe, expect, it } from '@jest/globals';
import { pinErrno, pinIfAllowed, pinnableCpus } from '../../../lib/bench/host/pinning.js';
import { affinity } from '../../../lib/bench/host/this-thread.js';

describe('pinning', () => {
  it('is not refused on this host, so that machines get the CPUs that they are given', () => {
    expect(pinErrno()).toBeNull();
    expect(pinnableCpus([3, 4])).toEqual([3, 4]);
  });

  it('asks without pinning the thread that asks', () => {
    const before = affinity();
    pinErrno();
    expect(affinity()).toEqual(before);
  });

  it('to a CPU that is not there is an error, not a refusal', () => {
    expect(() => pinIfAllowed(60_000)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^ERR_/) }));
    expect(() => pinIfAllowed(1023)).toThrow(expect.objectContaining({ code: 'ERR_CPU_PIN' }));
  });
});
