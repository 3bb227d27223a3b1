/** Every invariant of memory notices what breaks it. */
import { describe, expect, it } from '@jest/globals';
import type { System } from '../../../lib/machine/build/system.js';
import { packetsInFlight } from '../../../lib/machine/check/in-flight.js';
import { AT_ANY_INSTANT, BETWEEN_STEPS } from '../../../lib/machine/check/invariants.js';
import type { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { PAGE_TYPE } from '../../../lib/page/page-type.js';
import { PAGE_SIZE } from '../../../lib/units.js';
import { testCpu } from '../../smp/fixtures/cpus.js';
import { broken, working } from '../fixtures/working-machine.js';

describe('of the invariants of memory,', () => {
  const device = { minAlignMask: 0, segmentBoundaryMask: Infinity };
  const cpu = testCpu();
  const firstBlock = ({ pages, swiotlb }: System) => {
    let pfn = swiotlb.pool.start / PAGE_SIZE;
    while (!pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb)) pfn++;
    return pfn;
  };
  const firstPacket = (system: System) => packetsInFlight(system, 'done')[0]!;

  it.each<[string, string, (system: System) => void]>([
    ['I1', 'slots of no mapping or block', ({ swiotlb }) => swiotlb.alloc(cpu, device, 4096, 100, 0)],
    ['I1', 'a count without slots', ({ swiotlb }) => swiotlb.pool.areas.addUsed(0, 1)],
    ['I2', 'a tail that heads a block', (system) => system.pages.compound(firstBlock(system) + 1, 0)],
    ['I3', 'a reference to a device without a holder', ({ devices }) => devices.table.get(1)],
    ['I4', 'an owner of an ordinary page', ({ pages }) => pages.setType(1, PAGE_TYPE.slab, 7)],
    ['I5', 'a reference without a holder', (system) => system.pages.get(firstBlock(system))],
    ['I5', 'a reference that is missing', (system) => system.pages.put(firstBlock(system))],
    ['I5', 'a reference to a tail', (system) => system.pages.setRefs(firstBlock(system) + 1, 1)],
    ['I11', 'slots reserved for no page', ({ devices }) => devices.percentLimit.take(cpu, 16)],
    ['I12', 'a free that was not counted', ({ freeing }) => freeing.counters.countAlloc(cpu)],
    ['I12', 'a free without a device', ({ freeing }) => freeing.counters.countFree(cpu, 4)],
    ['I12', 'a free without a slot pool', ({ freeing }) => freeing.counters.countFree(cpu, 1)],
  ])('%s notices %s', (invariant, _what, damage) => {
    using one = working({ design: 'bounce-pages' });
    damage(one.system);
    expect(() => one.assertInvariants()).toThrow(broken(invariant));
  });

  it.each<[string, string, (system: System) => void]>([
    ['I6', 'a typed page without slots', (system) => system.swiotlb.free(cpu, device, firstBlock(system) * PAGE_SIZE)],
    ['I7', 'a free slot', (system) => system.swiotlb.free(cpu, device, firstPacket(system).parts[0]!.dma)],
  ])('%s notices %s at any instant', (invariant, _what, damage) => {
    using one = working({ design: 'bounce-pages' });
    damage(one.system);
    expect(() => one.assertInvariants(AT_ANY_INSTANT)).toThrow(broken(invariant));
    expect(() => one.assertInvariants(BETWEEN_STEPS)).toThrow(broken('I1'));
  });
});

describe('of blocks without a page type,', () => {
  const cpu = testCpu();
  const device = { minAlignMask: 0, segmentBoundaryMask: Infinity };

  it.each(['txbuf', 'page-pool'] as const)('I6 notices one of %s without slots', (design) => {
    using one = working({ design, sockets: { learn: 'told' } });
    const { system } = one;
    const { pfn } = system.designState.blocks()[0]!;
    system.swiotlb.free(cpu, device, pfn * PAGE_SIZE);
    expect(() => one.assertInvariants(AT_ANY_INSTANT)).toThrow(broken('I6'));
  });
});

describe('the second size of a mapping', () => {
  const leak = (one: InlineMachine, alignMask: number) => {
    const { swiotlb } = one.system;
    swiotlb.free(cpu, device, swiotlb.alloc(cpu, device, 4096, 4096, alignMask));
  };
  const device = { minAlignMask: 0, segmentBoundaryMask: Infinity };
  const cpu = testCpu();

  it.each([
    [true, 0xffff, 30],
    [true, 0, 0],
    [false, 0xffff, 0],
  ])(
    'with the override %s and an alignment mask of %i leaks %i slots, which I1 notices',
    (allocSizeOverride, alignMask, slots) => {
      using one = working({ design: 'bounce', slotPool: { allocSizeOverride } });
      const before = one.system.swiotlb.used();
      leak(one, alignMask);
      expect(one.system.swiotlb.used() - before).toBe(slots);
      if (slots > 0) expect(() => one.assertInvariants()).toThrow(broken('I1'));
      else expect(() => one.drain()).not.toThrow(); // what the machine itself maps has a mask of 0
    },
  );
});
