import { describe, expect, it } from '@jest/globals';
import { BindingRefs } from '../../../lib/designs/zero-copy/binding-refs.js';
import { copyFrags, splitData } from '../../../lib/net/lifetime.js';
import { bindingRig, USER } from './fixtures/binding-rig.js';

function rig(isPerFragment: boolean) {
  const parts = bindingRig();
  const refs = new BindingRefs(parts.skbs, parts.bindings, isPerFragment);
  for (let skb = 0; skb < 4; skb++) parts.skbs.init(skb, 0);
  parts.ranges.hang(0, USER, 10_000);
  refs.take(0, parts.ofUser, 0);
  return { ...parts, refs };
}

describe('BindingRefs', () => {
  it.each([
    [true, 3],
    [false, 1],
  ])('hold a binding for each fragment: %s, by %d references', (isPerFragment, references) => {
    const { refs, cpu, bindings, ofUser, skbs } = rig(isPerFragment);
    expect({ inFlight: bindings.inFlight(ofUser), mark: skbs.mark(0) }).toEqual({
      inFlight: references,
      mark: ofUser + 1,
    });
    expect(() => bindings.unregister(ofUser)).toThrow(expect.objectContaining({ code: 'ERR_IN_FLIGHT' }));
    refs.release(cpu, 0);
    expect(bindings.inFlight(ofUser)).toBe(0);
  });

  it.each([
    [true, 4],
    [false, 1],
  ])('hold more for fragments that are added, if for each: %s', (isPerFragment, references) => {
    const { refs, ranges, bindings, ofUser } = rig(isPerFragment);
    ranges.hang(0, USER + 30_000, 100);
    refs.take(0, ofUser, 3);
    expect(bindings.inFlight(ofUser)).toBe(references);
  });

  it.each([true, false])('are shared and split as the fragments are, for each fragment: %s', (isPerFragment) => {
    const { refs, cpu, skbs, bindings, ofUser } = rig(isPerFragment);
    copyFrags(skbs, 0, 1);
    refs.share(cpu, 0, 1);
    for (const bytes of [8192, 1000]) splitData(cpu, 0, bytes === 1000 ? 3 : 2, bytes, skbs, refs);
    const fragments = [0, 1, 2, 3].reduce((sum, skb) => sum + skbs.frags(skb), 0);
    expect(bindings.inFlight(ofUser)).toBe(isPerFragment ? fragments : 4);
    for (const skb of [0, 1, 2, 3]) refs.release(cpu, skb);
    expect(bindings.inFlight(ofUser)).toBe(0);
  });

  it('leave an skb without a binding alone', () => {
    const { refs, cpu, skbs, bindings, ofUser } = rig(false);
    refs.share(cpu, 1, 2);
    refs.split(cpu, 1, 3, 0, false);
    refs.release(cpu, 1);
    expect([skbs.mark(2), skbs.mark(3), bindings.inFlight(ofUser)]).toEqual([0, 0, 1]);
  });
});
