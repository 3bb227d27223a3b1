import { afterEach, describe, expect, it } from '@jest/globals';
import type { GrowthMode } from '../../../lib/machine/build/choices.js';
import type { System } from '../../../lib/machine/build/system.js';
import { assertBalanced, assertDevicesBalanced, assertFreesBalanced } from '../../../lib/machine/check/balance.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { testCpu } from '../../smp/fixtures/cpus.js';
import { smallConfig, smallSystem } from '../fixtures/small-system.js';

const cpu = testCpu();
const ANY = { minAlignMask: 0, segmentBoundaryMask: Infinity };
const closers: { close(): void }[] = [];
afterEach(() => {
  for (const made of closers.splice(0)) made.close();
});

describe('assertBalanced', () => {
  const breakages: [what: RegExp, (system: System) => void][] = [
    [/bytes received of socket 1/, ({ sockets }) => sockets.addSent(1, 1)],
    [/bytes of socket 0 in queues/, ({ sockets }) => sockets.uncharge(0, 1)],
    [/skbs left in queue 0/, ({ queues }) => queues[0]!.enqueue(cpu, 0)],
    [/descriptors left in ring 1/, ({ queues }) => queues[1]!.ring.clean(-1)],
    [/slots in use/, ({ swiotlb }) => swiotlb.alloc(cpu, ANY, 4096, 1, 0)],
    [/blocks of bounce pages freed/, ({ freeing }) => freeing.counters.countAlloc(cpu)],
    [/frees .* without a device/, ({ freeing }) => freeing.counters.countFree(cpu, 0)],
    [/pages leaked/, ({ freeing }) => freeing.leaked.add(0xf5)],
    [/free system pages/, ({ systemPages }) => systemPages.alloc(cpu, 0)],
  ];

  it.each(breakages)('names what is lost or left over: %s', (what, breakIt) => {
    const machine = new InlineMachine(smallConfig({ sockets: { senders: 2 }, devices: { queues: 2 } }));
    closers.push(machine);
    machine.run();
    const { system } = machine;
    expect(system.isDrained()).toBe(true);
    assertBalanced(system);
    breakIt(system);
    expect(() => assertBalanced(system)).toThrow(
      expect.objectContaining({ code: 'ERR_UNBALANCED', message: expect.stringMatching(what) }),
    );
  });

  const grownBreakages: [what: RegExp, growth: GrowthMode, (system: System) => void][] = [
    [/slots in use: 3 /, 'pools', ({ swiotlb }) => swiotlb.alloc(cpu, ANY, 4096, 5000, 0)],
    [
      /slots of transient pools: 2 /,
      'pools',
      ({ swiotlb }) => {
        const held = Array.from({ length: 512 }, () => swiotlb.alloc(cpu, ANY, 4096, 2048, 0));
        swiotlb.alloc(cpu, ANY, 4096, 4096, 0);
        for (const address of held) swiotlb.free(cpu, ANY, address);
      },
    ],
    [/free pages for growth/, 'pools', ({ growthBlocks }) => growthBlocks!.alloc(cpu, 0, 2, false)],
    [/free pages for growth/, 'per-mapping', ({ growthBlocks }) => growthBlocks!.alloc(cpu, 0, 2, false)],
    [/buffers of mappings: 1 /, 'per-mapping', ({ swiotlb }) => swiotlb.alloc(cpu, ANY, 4096, 5000, 0)],
  ];

  it.each(grownBreakages)('names what is left of growth: %s, with growth mode %s', (what, growth, breakIt) => {
    const system = smallSystem({ slotPool: { growth } });
    assertBalanced(system);
    breakIt(system);
    expect(() => assertBalanced(system)).toThrow(
      expect.objectContaining({ code: 'ERR_UNBALANCED', message: expect.stringMatching(what) }),
    );
  });

  it('accepts slot pools that were added', () => {
    const system = smallSystem({ slotPool: { growth: 'pools' } });
    system.swiotlb.pools!.growth!.schedule();
    expect(system.growthWork()!.step()).toBe(true);
    expect(system.swiotlb.listed()).toHaveLength(2);
    assertBalanced(system);
  });
});

describe('assertDevicesBalanced', () => {
  it('counts a reference for each socket that knows a device, until the socket is closed', () => {
    const { devices } = smallSystem({ design: 'bounce-pages', sockets: { senders: 2, learn: 'told' } });
    expect(() => assertDevicesBalanced(devices)).toThrow(
      expect.objectContaining({ code: 'ERR_UNBALANCED', message: expect.stringMatching(/references of eth0: 3 /) }),
    );
    devices.closeSockets();
    expect(() => assertDevicesBalanced(devices)).not.toThrow();
  });

  it('refuses slots that are still reserved for pages', () => {
    const { devices } = smallSystem({ design: 'bounce-pages' });
    Object.defineProperty(devices.percentLimit, 'taken', { get: () => 2 });
    expect(() => assertDevicesBalanced(devices)).toThrow(
      expect.objectContaining({ details: { actual: 2, expected: 0 } }),
    );
  });
});

describe('assertFreesBalanced', () => {
  it('refuses a block that was allocated and not freed, and one that was freed without a device', () => {
    const { freeing } = smallSystem({ design: 'bounce-pages' });
    expect(() => assertFreesBalanced(freeing)).not.toThrow();
    freeing.counters.countAlloc(cpu);
    expect(() => assertFreesBalanced(freeing)).toThrow(/blocks of bounce pages freed: 0 instead of 1/);
    freeing.counters.countFree(cpu, 0);
    expect(() => assertFreesBalanced(freeing)).toThrow(
      expect.objectContaining({ code: 'ERR_UNBALANCED', message: expect.stringMatching(/blocks|without a device/) }),
    );
  });
});
