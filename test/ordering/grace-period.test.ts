import { describe, expect, it } from '@jest/globals';
import { verdicts, witness } from './model/verdicts.js';
import { ATOMICS, FENCES, type Grace, removal, removals } from './programs/grace-period.js';

const FOUND_KEPT = ['R: in pool 3'];
const REUSED_UNDER_R = expect.arrayContaining(['R: garbage', 'race: start of pool 2']);

describe.each<[string, Grace]>([
  ['fences', FENCES],
  ['Atomics', ATOMICS],
])('removing a pool after a grace period of %s (O7)', (_name, grace) => {
  it('never misleads a reader that walks twice', () => {
    expect(verdicts(removal(grace, 2))).toEqual(FOUND_KEPT);
  });

  it('never misleads a reader while two neighbours are removed at the same time', () => {
    expect(verdicts(removals(grace))).toEqual(FOUND_KEPT);
  });

  it('misleads a reader if memory is reused without waiting', () => {
    expect(verdicts(removal({ ...grace, sequence: 'unlink, reuse' }, 1))).toEqual(REUSED_UNDER_R);
  });

  it('misleads a reader if the pool is unlinked only after the wait', () => {
    expect(verdicts(removal({ ...grace, sequence: 'wait, unlink, reuse' }, 1))).toEqual(REUSED_UNDER_R);
  });

  it('misleads a reader if neighbours are unlinked without the lock, so that one is linked again', () => {
    expect(witness(removals({ ...grace, isLocked: false }), 'R: garbage')).toBeDefined();
  });

  it.each<[string, Partial<Grace>]>([
    ["the reader's leaving", { leave: 'relaxed' }],
    ["the remover's wait", { wait: 'relaxed' }],
  ])('reuses memory too early if %s is relaxed', (_change, change) => {
    expect(verdicts(removal({ ...grace, ...change }, 1))).toContain('race: start of pool 2');
  });
});

describe('removing a pool after a grace period (O7)', () => {
  it.each<[string, Partial<Grace>]>([
    ["the reader's", { readerFence: 'acq_rel' }],
    ["the remover's", { removerFence: 'acq_rel' }],
  ])('misleads a reader if %s fence is only acq_rel', (_which, change) => {
    expect(verdicts(removal({ ...FENCES, ...change }, 1))).toEqual(REUSED_UNDER_R);
  });

  it.each<[string, Partial<Grace>]>([
    ['announcing an epoch', { enter: 'release' }],
    ['walking', { walk: 'acquire' }],
    ['unlinking', { unlink: 'release' }],
    ['waiting', { wait: 'acquire' }],
  ])('misleads a reader if there are no fences and %s is not seq_cst', (_what, change) => {
    expect(verdicts(removal({ ...ATOMICS, ...change }, 1))).toEqual(REUSED_UNDER_R);
  });

  it('never misleads a reader if only the epoch itself is not seq_cst', () => {
    expect(verdicts(removal({ ...ATOMICS, epoch: 'acquire', advance: 'release' }, 2))).toEqual(FOUND_KEPT);
  });

  // C++20 asks for that, C++11 did not.
  it('misleads a reader if announcing an epoch does not release the walk before it', () => {
    expect(verdicts(removal({ ...FENCES, enter: 'relaxed' }, 1))).toEqual(FOUND_KEPT);
    expect(verdicts(removal({ ...FENCES, enter: 'relaxed' }, 2))).toContain('race: start of pool 2');
  });
});
