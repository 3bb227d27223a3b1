import { describe, expect, it } from '@jest/globals';
import { intercept, Scene } from '../../lib/faults/scene/scene.js';
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
    using machine = finished('msg-zerocopy', { pins: { limitBytes: 1 << 20 } });
    const { system, sent } = machine;
    const copied = system.copyLedger.sum('user').bytes;
    expect(copied).toBeGreaterThan(0);
    expect(copied).toBeLessThan(sent);
    expect(system.copyLedger.sum('bounce').bytes).toBe(sent);
  });

  it('copies everything where nothing may be pinned', () => {
    using machine = finished('msg-zerocopy', { pins: { limitBytes: 0 } });
    expect(machine.system.copyLedger.sum('user').bytes).toBe(machine.sent);
  });

  it.each([
    [4096, 17],
    [65536, 2],
  ])('hangs a page of %d bytes on each fragment, so that a message has %d', (pageBytes, fragments) => {
    const scene = new Scene('hardened', {
      design: 'msg-zerocopy',
      sockets: { messagesPerSender: 8, messageBytes: 65_536, userOffsetBytes: 100 },
      userMemory: { pageBytes },
    });
    const seen = new Set<number>();
    try {
      const { skbs } = scene.system;
      intercept(skbs, 'clone', (clone) => (skb) => {
        seen.add(skbs.frags(skb));
        clone(skb);
      });
      scene.machine.run();
    } finally {
      scene.close();
    }
    expect([...seen]).toEqual([fragments]);
  });
});
