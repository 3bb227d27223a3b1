import { describe, expect, it } from '@jest/globals';
import { finished } from './fixtures/finished.js';

describe('the design bounce-pages', () => {
  it('copies each byte once, into pages of the slot pool that are freed one by one', () => {
    using machine = finished('bounce-pages');
    const { system, sent } = machine;
    expect({
      user: system.copyLedger.sum('user').bytes,
      bounce: system.copyLedger.sum('bounce').bytes,
      freed: system.freeing.counters.freed,
    }).toEqual({ user: sent, bounce: 0, freed: system.freeing.counters.allocated });
    expect(system.freeing.counters.allocated).toBeGreaterThanOrEqual(sent / 32768);
  });
});
