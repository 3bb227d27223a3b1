import { describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES, DESIGNS, type Design } from '../../lib/net/designs.js';

describe('the table of designs', () => {
  it('names its rows', () => {
    expect(DESIGN_NAMES).toEqual(['direct', 'bounce', 'bounce-pages']);
  });

  it.each(DESIGN_NAMES)('%s promises the copies that follow from its parts', (name) => {
    const { forceBounce, pages, payloadCopies, bouncesHeaders }: Design = DESIGNS[name];
    expect(bouncesHeaders).toBe(forceBounce);
    expect(payloadCopies).toBe(forceBounce && pages === 'system' ? 2 : 1);
  });
});
