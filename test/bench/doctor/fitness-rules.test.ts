import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgements, verdictOf } from '../../../lib/bench/doctor/fitness-rules.js';
import type { Observed } from '../../../lib/bench/doctor/observed.js';
import { NOTHING_SEEN, QUIET_HOST } from './fixtures/observed.js';

const levels = (seen: Partial<Observed>) =>
  Object.fromEntries(judgements({ ...QUIET_HOST, ...seen }).map(({ name, level }) => [name, level]));
const verdict = (seen: Partial<Observed>) => verdictOf(judgements({ ...QUIET_HOST, ...seen }));

describe('judgements', () => {
  it('find nothing on a quiet host', () => {
    expect([...new Set(Object.values(levels({})))]).toEqual(['quiet']);
    expect(verdict({})).toBe('quiet');
  });

  it.each<{ rule: string; noisy: Partial<Observed>; unusable: Partial<Observed> | null }>([
    { rule: 'steal', noisy: { stealShare: 0.011 }, unusable: { stealShare: 0.101 } },
    { rule: 'others', noisy: { othersCpus: 0.11 }, unusable: { othersCpus: 2.1 } },
    { rule: 'on-cpu', noisy: { onCpuShare: 0.979 }, unusable: { onCpuShare: 0.949 } },
    { rule: 'switches', noisy: { switchesPerSecond: 101 }, unusable: { switchesPerSecond: 1001 } },
    { rule: 'throttling', noisy: { throttledShare: 0.001 }, unusable: { throttledShare: 0.051 } },
    { rule: 'quota', noisy: { quotaCpus: 3.9 }, unusable: { quotaCpus: 0.9 } },
    { rule: 'speed', noisy: { fullSpeedShare: 0.89 }, unusable: { fullSpeedShare: 0.49 } },
    { rule: 'copies', noisy: { copySpread: 0.11 }, unusable: { copySpread: 0.51 } },
    { rule: 'line', noisy: { lineFactor: 2.1 }, unusable: null },
    { rule: 'native-clock', noisy: { nativeClockNs: 101 }, unusable: { nativeClockNs: 2001 } },
    { rule: 'engine-clock', noisy: { engineClockStepNs: 10_001 }, unusable: { engineClockStepNs: 5.1e6 } },
    { rule: 'pinning', noisy: { isPinned: false }, unusable: null },
  ])('of $rule alone make a host noisy, and unusable further on', ({ rule, noisy, unusable }) => {
    expect(levels(noisy)).toEqual({ ...levels({}), [rule]: 'noisy' });
    expect(verdict(noisy)).toBe('noisy');
    if (unusable === null) return;
    expect(levels(unusable)).toEqual({ ...levels({}), [rule]: 'unusable' });
    expect(verdict({ ...noisy, ...unusable })).toBe('unusable');
  });

  it('are as many as the rules that a test makes noisy', () => {
    expect(Object.keys(levels({}))).toHaveLength(12);
  });

  it('call unknown what was not seen, and never quiet', () => {
    const unseen = judgements(NOTHING_SEEN);
    expect([...new Set(unseen.map(({ level }) => level))]).toEqual(['unknown']);
    expect(unseen.every(({ value }) => value === null)).toBe(true);
    expect(verdictOf(unseen)).toBeNull();
    expect(verdictOf(judgements({ ...NOTHING_SEEN, stealShare: 0 }))).toBe('quiet');
  });

  it('tell a quota that does not exist from one that is not known', () => {
    const quota = (quotaCpus: Observed['quotaCpus']) =>
      judgements({ ...QUIET_HOST, quotaCpus }).find(({ name }) => name === 'quota');
    expect(quota('none')).toMatchObject({ value: 'none', level: 'quiet', noisy: 4, unusable: 1 });
    expect(quota(null)).toMatchObject({ value: null, level: 'unknown' });
  });

  it('of one CPU allow others half of it', () => {
    expect(levels({ usableCpus: 1, quotaCpus: 1, othersCpus: 0.49 }).others).toBe('noisy');
    expect(levels({ usableCpus: 1, quotaCpus: 1, othersCpus: 0.51 }).others).toBe('unusable');
  });
});

describe('verdictOf', () => {
  it('is the worst level, in any order', () => {
    const level = fc.constantFrom('quiet' as const, 'noisy' as const, 'unusable' as const, 'unknown' as const);
    fc.assert(
      fc.property(fc.array(level), (all) => {
        const worst = (['unusable', 'noisy', 'quiet'] as const).find((one) => all.includes(one)) ?? null;
        expect(verdictOf(all.map((one) => ({ level: one })))).toBe(worst);
      }),
    );
  });
});
