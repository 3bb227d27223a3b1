import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GROWTH_MODES, machineConfig } from '../../../lib/machine/build/config.js';
import { fillUsers, ramLayout } from '../../../lib/machine/build/ram.js';
import { skbsPerSocket } from '../../../lib/machine/build/sizing.js';
import { HEADER_ROOM } from '../../../lib/net/skb.js';
import { GROWTH_ALIGN } from '../../../lib/page/growth-blocks.js';
import { SEGMENT_BYTES } from '../../../lib/units.js';

const configs = fc
  .record({
    cpus: fc.integer({ min: 1, max: 64 }),
    senders: fc.integer({ min: 1, max: 64 }),
    message: fc.integer({ min: 1, max: 1 << 20 }),
    window: fc.integer({ min: 4096, max: 1 << 24 }),
    pool: fc.integer({ min: 20, max: 28 }).map((exponent) => 2 ** exponent),
    growth: fc.constantFrom(...GROWTH_MODES),
    growthBytes: fc.integer({ min: 1 << 20, max: 1 << 28 }),
  })
  .map((given) => machineConfig({ kernel: 0, ...given }));

describe('ramLayout', () => {
  it('gives every part its room, one after the other, and nobody address 0', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const { headers, headerBytes, users, system, systemBytes, pool, growth, growthBytes, bytes } =
          ramLayout(config);
        expect(headers).toBeGreaterThan(0);
        expect(headerBytes).toBeGreaterThanOrEqual(config.senders * skbsPerSocket(config) * HEADER_ROOM);
        expect(users).toBeGreaterThanOrEqual(headers + headerBytes);
        expect(system).toBeGreaterThanOrEqual(users + config.senders * config.userBytes);
        expect(systemBytes).toBeGreaterThan(config.senders * config.window);
        expect(pool).toBeGreaterThanOrEqual(system + systemBytes);
        expect(growth).toBeGreaterThanOrEqual(pool + config.pool);
        if (config.growth === 'none') expect(bytes).toBe(pool + config.pool);
        else
          expect([growth % GROWTH_ALIGN, growthBytes >= config.growthBytes, growthBytes % 4096]).toEqual([0, true, 0]);
        expect(bytes).toBe(growth + growthBytes);
        for (const part of [users, system, pool]) expect(part % SEGMENT_BYTES).toBe(0);
      }),
    );
  });

  it('gives users contents that differ from place to place', () => {
    const config = machineConfig({ kernel: 0, senders: 2, userBytes: 1 << 16, pool: 1 << 20, window: 4096 });
    const layout = ramLayout(config);
    const buffer = new ArrayBuffer(layout.bytes);
    fillUsers(buffer, layout);
    const words = new Int32Array(buffer, layout.users, (2 * config.userBytes) / 4);
    expect(new Set(words).size).toBeGreaterThan(words.length * 0.99);
    expect(new Int32Array(buffer, layout.system, 1024).every((word) => word === 0)).toBe(true);
  });
});
