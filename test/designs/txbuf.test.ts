import { describe, expect, it } from '@jest/globals';
import { finished } from './fixtures/finished.js';

describe('the design txbuf', () => {
  it('copies each byte once, into blocks that owners take several at a time and free together', () => {
    using machine = finished('txbuf');
    const { system, sent } = machine;
    expect({
      user: system.copyLedger.sum('user').bytes,
      bounce: system.copyLedger.sum('bounce').bytes,
      freed: system.freeing.counters.freed,
    }).toEqual({ user: sent, bounce: 0, freed: system.freeing.counters.allocated });
    expect(system.freeing.counters.allocated).toBeGreaterThan(0);
  });
});
