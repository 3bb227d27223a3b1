import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GROWTH_MODES } from '../../../lib/machine/build/choices.js';
import { machineConfig } from '../../../lib/machine/build/config.js';
import { fillUsers, ramLayout } from '../../../lib/machine/build/ram.js';
import { skbsPerSocket } from '../../../lib/machine/build/sizing.js';
import { GROWTH_ALIGN } from '../../../lib/model-limits.js';
import { HEADER_ROOM } from '../../../lib/net/skb.js';
import { SEGMENT_BYTES } from '../../../lib/units.js';

const configs = fc
  .record({
    cpus: fc.record({ count: fc.integer({ min: 1, max: 64 }) }),
    sockets: fc.record({
      senders: fc.integer({ min: 1, max: 64 }),
      messageBytes: fc.integer({ min: 1, max: 1 << 20 }),
      sendBufferBytes: fc.integer({ min: 4096, max: 1 << 24 }),
    }),
    slotPool: fc.record({
      bytes: fc.integer({ min: 20, max: 28 }).map((exponent) => 2 ** exponent),
      growth: fc.constantFrom(...GROWTH_MODES),
      growthBytes: fc.integer({ min: 1 << 20, max: 1 << 28 }),
    }),
  })
  .map((given) => machineConfig({ cpus: { copyKernel: 0 } }, given));

describe('ramLayout', () => {
  it('places every part behind the one before it, with room for all of it, and none at address 0', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const { headers, headerBytes, users, system, systemBytes, slotPool, growth, growthBytes, bytes } =
          ramLayout(config);
        expect(headers).toBeGreaterThan(0);
        expect(headerBytes).toBeGreaterThanOrEqual(config.sockets.senders * skbsPerSocket(config) * HEADER_ROOM);
        expect(users).toBeGreaterThanOrEqual(headers + headerBytes);
        expect(system).toBeGreaterThanOrEqual(users + config.sockets.senders * config.sockets.userBufferBytes);
        expect(systemBytes).toBeGreaterThan(config.sockets.senders * config.sockets.sendBufferBytes);
        expect(slotPool).toBeGreaterThanOrEqual(system + systemBytes);
        expect(growth).toBeGreaterThanOrEqual(slotPool + config.slotPool.bytes);
        if (config.slotPool.growth === 'none') expect(bytes).toBe(slotPool + config.slotPool.bytes);
        else
          expect([growth % GROWTH_ALIGN, growthBytes >= config.slotPool.growthBytes, growthBytes % 4096]).toEqual([
            0,
            true,
            0,
          ]);
        expect(bytes).toBe(growth + growthBytes);
        for (const part of [users, system, slotPool]) expect(part % SEGMENT_BYTES).toBe(0);
      }),
    );
  });
});

describe('fillUsers', () => {
  it('gives the buffers of senders contents that differ from place to place', () => {
    const config = machineConfig({
      cpus: { copyKernel: 0 },
      sockets: { senders: 2, userBufferBytes: 1 << 16, sendBufferBytes: 4096 },
      slotPool: { bytes: 1 << 20 },
    });
    const layout = ramLayout(config);
    const buffer = new ArrayBuffer(layout.bytes);
    fillUsers(buffer, layout);
    const words = new Int32Array(buffer, layout.users, (2 * config.sockets.userBufferBytes) / 4);
    expect(new Set(words).size).toBeGreaterThan(words.length * 0.99);
    expect(new Int32Array(buffer, layout.system, 1024).every((word) => word === 0)).toBe(true);
  });
});
