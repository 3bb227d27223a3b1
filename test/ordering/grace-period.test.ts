import { describe, expect, it } from '@jest/globals';
import { ATOMICS, FENCES, type Grace, removal, removals } from './grace-period.js';
import { verdicts, witness } from './verdicts.js';

const FOUND_KEPT = ['R: in pool 3'];
const REUSED_UNDER_R = expect.arrayContaining(['R: garbage', 'race: start of pool 2']);

describe.each<[string, Grace]>([
  ['fences', FENCES],
  ['Atomics', ATOMICS],
])('O7: removal with a grace period of %s', (_name, grace) => {
  it('a reader that walks twice: never', () => {
    expect(verdicts(removal(grace, 2))).toEqual(FOUND_KEPT);
  });

  it('two removals of neighbours at the same time: never', () => {
    expect(verdicts(removals(grace))).toEqual(FOUND_KEPT);
  });

  it('memory reused without a grace period: found', () => {
    expect(verdicts(removal({ ...grace, sequence: 'unlink, reuse' }, 1))).toEqual(REUSED_UNDER_R);
  });

  it('unlinked only after the grace period: found', () => {
    expect(verdicts(removal({ ...grace, sequence: 'wait, unlink, reuse' }, 1))).toEqual(REUSED_UNDER_R);
  });

  it('neighbours unlinked without the lock, so that one is linked again: found', () => {
    expect(witness(removals({ ...grace, isLocked: false }), 'R: garbage')).toBeDefined();
  });

  it.each<[string, Partial<Grace>]>([
    ['the reader leaves', { leave: 'relaxed' }],
    ['the remover waits', { wait: 'relaxed' }],
  ])('%s relaxed, so that what was read is not past: found', (_change, change) => {
    expect(verdicts(removal({ ...grace, ...change }, 1))).toContain('race: start of pool 2');
  });
});

describe('O7: what has to be seq_cst', () => {
  it.each<[string, Partial<Grace>]>([
    ["the reader's", { readerFence: 'acq_rel' }],
    ["the remover's", { removerFence: 'acq_rel' }],
  ])('%s fence only acq_rel: found', (_which, change) => {
    expect(verdicts(removal({ ...FENCES, ...change }, 1))).toEqual(REUSED_UNDER_R);
  });

  it.each<[string, Partial<Grace>]>([
    ['announces an epoch', { enter: 'release' }],
    ['walks', { walk: 'acquire' }],
    ['unlinks', { unlink: 'release' }],
    ['waits', { wait: 'acquire' }],
  ])('without fences, not seq_cst, who %s: found', (_who, change) => {
    expect(verdicts(removal({ ...ATOMICS, ...change }, 1))).toEqual(REUSED_UNDER_R);
  });

  it('not the epoch itself: never', () => {
    expect(verdicts(removal({ ...ATOMICS, epoch: 'acquire', advance: 'release' }, 2))).toEqual(FOUND_KEPT);
  });

  it('announcing an epoch releases the walk before it, which C++20 asks for and C++11 did not: found', () => {
    expect(verdicts(removal({ ...FENCES, enter: 'relaxed' }, 1))).toEqual(FOUND_KEPT);
    expect(verdicts(removal({ ...FENCES, enter: 'relaxed' }, 2))).toContain('race: start of pool 2');
  });
});
