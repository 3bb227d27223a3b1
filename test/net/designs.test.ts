import { describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES, DESIGNS, type Design } from '../../lib/net/designs.js';

describe('the table of designs', () => {
  it('keeps the names that stand in committed results', () => {
    expect(DESIGN_NAMES).toEqual(expect.arrayContaining(['direct', 'bounce', 'bounce-pages']));
  });

  it.each(DESIGN_NAMES)('gives %s the copies that follow from its parts', (name) => {
    const { forceBounce, pages, promises }: Design = DESIGNS[name];
    expect(promises.bouncesHeaders).toBe(forceBounce);
    expect(promises.payloadCopies).toBe(forceBounce && pages === 'system' ? 2 : 1);
  });
});
