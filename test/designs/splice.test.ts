import { describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES } from '../../lib/designs/designs.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { finished } from './fixtures/finished.js';

describe('the design splice', () => {
  it.each(FLAVOURS)('copies each byte of the page cache once, under the TX lock, in %s', (flavour) => {
    using machine = finished('splice', { flavour });
    const { system, sent } = machine;
    expect({
      user: system.copyLedger.sum('user').bytes,
      bounce: system.copyLedger.sum('bounce', { locked: true }).bytes,
      pages: system.freeing.counters.allocated,
    }).toEqual({ user: 0, bounce: sent, pages: 0 });
    expect(DESIGN_NAMES).toContain('splice');
  });

  it.each([
    ['faithful', 1],
    ['hardened', 0],
  ] as const)('copies objects of a slab first in %s: %d times', (flavour, copies) => {
    using machine = finished('splice', { flavour, lending: { lender: 'slab' } });
    const { system, sent } = machine;
    expect({
      user: system.copyLedger.sum('user').bytes,
      bounce: system.copyLedger.sum('bounce').bytes,
    }).toEqual({ user: sent * copies, bounce: sent });
  });
});
