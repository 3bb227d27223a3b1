import { describe, expect, it } from '@jest/globals';
import { finished } from './fixtures/finished.js';

describe('the design msg-zerocopy', () => {
  it('copies each byte once, under the TX lock', () => {
    using machine = finished('msg-zerocopy');
    const { system, sent } = machine;
    expect({
      user: system.copyLedger.sum('user').bytes,
      bounce: system.copyLedger.sum('bounce', { locked: true }).bytes,
      pages: system.freeing.counters.allocated,
    }).toEqual({ user: 0, bounce: sent, pages: 0 });
  });

  it('copies what a socket may not pin, and sends it all the same', () => {
    using machine = finished('msg-zerocopy', { userMemory: { pinLimitBytes: 1 << 20 } });
    const { system, sent } = machine;
    const copied = system.copyLedger.sum('user').bytes;
    expect(copied).toBeGreaterThan(0);
    expect(copied).toBeLessThan(sent);
    expect(system.copyLedger.sum('bounce').bytes).toBe(sent);
  });

  it('makes as many fragments as the memory has folios', () => {
    const fragments = (pageBytes: number) => {
      using machine = finished('msg-zerocopy', { userMemory: { pageBytes } });
      return machine.system.copyLedger.sum('bounce').bytes / machine.sent;
    };
    expect([4096, 65536].map(fragments)).toEqual([1, 1]);
  });
});
