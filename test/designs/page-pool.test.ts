import { describe, expect, it } from '@jest/globals';
import type { PagePools } from '../../lib/designs/page-pools.js';
import { FLAVOURS } from '../../lib/flavour.js';
import { finished } from './fixtures/finished.js';

describe('the design page-pool', () => {
  it.each(FLAVOURS)('copies each byte once in %s, into blocks that are taken once and recycled', (flavour) => {
    using machine = finished('page-pool', { flavour, sockets: { sendBufferBytes: 512 << 10 } });
    const { system, sent } = machine;
    const { counters } = system.freeing;
    const recycled = (system.designState as PagePools).all.map(
      ({ counters: of }) => of.valueOf('cached') + of.valueOf('ring'),
    );
    expect({
      user: system.copyLedger.sum('user').bytes,
      bounce: system.copyLedger.sum('bounce').bytes,
      freed: counters.freed,
    }).toEqual({ user: sent, bounce: 0, freed: counters.allocated });
    // Most pages that a sender fills were there before.
    expect(counters.allocated).toBeLessThan(sent / 32768 / 2);
    expect(Math.min(...recycled)).toBeGreaterThan(sent / 32768 / 8);
  });

  it('gives every page back that it has, and lets no page go because of a reference', () => {
    using machine = finished('page-pool', { sockets: { messageBytes: 5000, messagesPerSender: 300 } });
    const { all } = machine.system.designState as PagePools;
    expect(all.map(({ held, isDestroyed }) => [held.inFlight, isDestroyed])).toEqual([
      [0, true],
      [0, true],
    ]);
    expect(all.map(({ counters }) => counters.valueOf('releasedRefcnt'))).toEqual([0, 0]);
  });

  it('bounces what lies in a page pool of another device, and does not free its slots', () => {
    // Sockets of two devices; each socket is made to believe that it transmits to the other one.
    using machine = finished('page-pool', {
      sockets: { learn: 'transmit', senders: 4, ttlMs: 0 },
      devices: { count: 2, queues: 2, direct: 1 },
    });
    expect(machine.sent).toBe(4 * 64 * 65536);
  });
});
