import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { FREE_DISPATCHES, type FreeDispatchName } from '../../../lib/designs/design.js';
import { DESIGN_NAMES, DESIGNS } from '../../../lib/designs/designs.js';
import { GROWTH_MODES } from '../../../lib/machine/build/choices.js';
import { type MachineOptions, mergeOptions } from '../../../lib/machine/build/config.js';
import { System } from '../../../lib/machine/build/system.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { PAGE_TYPE } from '../../../lib/page/page-type.js';
import { Arena } from '../../../lib/smp/arena.js';
import { SOFTIRQ } from '../../../lib/smp/copy-ledger.js';
import { PAGE_SIZE } from '../../../lib/units.js';
import { testCpu } from '../../smp/fixtures/cpus.js';
import { smallConfig, smallSystem } from '../fixtures/small-system.js';

const cpu = testCpu();
const ANY = { minAlignMask: 0, segmentBoundaryMask: Infinity };
const closers: { close(): void }[] = [];
afterEach(() => {
  for (const made of closers.splice(0)) made.close();
});

describe('System', () => {
  it.each(DESIGN_NAMES)('of design %s has the same state for every thread', (design) => {
    const config = smallConfig({ design, cpus: { count: 3 }, sockets: { senders: 5 }, devices: { queues: 2 } });
    const arena = Arena.for((counting) => new System(counting, config));
    const here = new System(arena, config);
    const there = new System(Arena.over(arena.buffer!), config);
    here.reset();
    here.swiotlb.alloc(cpu, ANY, 4096, 5000, 0);
    here.sockets.addSent(4, 77);
    here.queues[1]!.enqueue(cpu, 9);
    here.queues[1]!.ring.produce(3);
    here.copyLedger.add(3, 1, 0, false, 55, 5);
    expect(there.swiotlb.used()).toBe(here.swiotlb.used());
    const { backlog, ring } = there.queues[1]!;
    expect({ sent: there.sockets.sentBytes(4), backlog, next: ring.next }).toEqual({ sent: 77, backlog: 1, next: 3 });
    expect(there.copyLedger.sum('user').bytes).toBe(55);
    there.reset();
    const [used, sent] = [here.swiotlb.used(), here.sockets.sentBytes(4)];
    expect({ used, sent, backlog: here.queues[1]!.backlog }).toEqual({ used: 0, sent: 0, backlog: 0 });
  });

  it.each([true, false])('has devices that snoop the caches as configured: %s', (coherent) => {
    const { devices } = smallSystem({ sockets: { senders: 2 }, devices: { coherent, queues: 2, count: 2 } });
    expect(devices.ofQueues.map(({ isCoherent }) => isCoherent)).toEqual([coherent, coherent]);
  });

  it('sends interrupts to the CPUs after those of the senders, or to those that are configured', () => {
    const irqCpus = (given: MachineOptions) => smallSystem(given).irqCpus;
    expect(irqCpus({ cpus: { count: 4 }, sockets: { senders: 2 }, devices: { queues: 2 } })).toEqual([2, 3]);
    expect(irqCpus({ cpus: { count: 3 }, sockets: { senders: 2 }, devices: { queues: 4 } })).toEqual([2, 0, 1, 2]);
    expect(irqCpus({ cpus: { count: 1 }, sockets: { senders: 3 }, devices: { queues: 2 } })).toEqual([0, 0]);
    expect(irqCpus({ cpus: { count: 3, irqCpus: [2, 0] }, sockets: { senders: 3 }, devices: { queues: 3 } })).toEqual([
      2, 0, 2,
    ]);
  });

  it.each([[0], [1], [1, 0]])(
    'cleans up completions, and transmits waiting packets, on the CPUs that take interrupts: %j',
    (...irqCpus) => {
      const slow = {
        cpus: { count: 2 },
        sockets: { senders: 4, messageBytes: 65536 },
        devices: { queues: 2, completion: 'line-rate', lineBitsPerSecond: 1e9 },
      } as const;
      const machine = new InlineMachine(
        smallConfig(mergeOptions(slow, { cpus: { irqCpus }, sockets: { smallQueueBytes: 1 } })),
      );
      closers.push(machine);
      machine.run();
      const { copyLedger } = machine.system;
      const copies = [0, 1].map((cpu) => copyLedger.sum('bounce', { cpu, context: SOFTIRQ }).copies > 0);
      expect(copies).toEqual([0, 1].map((cpu) => irqCpus.includes(cpu)));
    },
  );
});

it('System.bytesMoved counts the bytes that sockets took, and those that arrived', () => {
  const machine = new InlineMachine(smallConfig({ sockets: { senders: 2 } }));
  closers.push(machine);
  const { system } = machine;
  expect(system.bytesMoved()).toBe(0);
  machine.run();
  const { senders, messagesPerSender, messageBytes } = system.config.sockets;
  expect(system.bytesMoved()).toBe(2 * senders * messagesPerSender * messageBytes); // sent and received
});

describe('a System that grows', () => {
  it.each(GROWTH_MODES)('by %s has the same bounce memory for every thread', (growth) => {
    const config = smallConfig({ design: 'bounce', slotPool: { growth } });
    const arena = Arena.for((counting) => new System(counting, config));
    const here = new System(arena, config);
    const there = new System(Arena.over(arena.buffer!), config);
    here.reset();
    for (let at = 0; at < 40; at++) here.swiotlb.alloc(cpu, ANY, 4096, 32_768, 0);
    const added = here.growthWork()?.step() ?? false;
    expect({ added, cpu: here.growthWork()?.cpu.id }).toEqual(
      growth === 'pools' ? { added: true, cpu: 2 } : { added: false, cpu: undefined },
    );
    const state = ({ swiotlb, growthBlocks }: System) => [swiotlb.statistics(), growthBlocks?.freePages];
    expect(state(there)).toEqual(state(here));
    expect(here.growthBlocks === null).toBe(growth === 'none');
    there.reset();
    const { swiotlb, growthBlocks } = here;
    expect({ used: swiotlb.used(), listed: swiotlb.listed().length }).toEqual({ used: 0, listed: 1 });
    expect(growthBlocks?.freePages).toBe(growthBlocks?.pages);
  });
});

describe('System.freeing', () => {
  it.each(DESIGN_NAMES)('is by the dispatch of design %s, unless the configuration names one', (design) => {
    expect(smallSystem({ design }).freeing.dispatchName).toBe(DESIGNS[design].freeDispatch);
    for (const freeDispatch of FREE_DISPATCHES)
      expect(smallSystem({ design, freeDispatch }).freeing.dispatchName).toBe(freeDispatch);
  });

  /** Runs a machine in which a page in use is given a type that has no owner. */
  const runDisturbed = (freeDispatch: FreeDispatchName) => {
    const machine = new InlineMachine(smallConfig({ freeDispatch, sockets: { messagesPerSender: 40 } }));
    closers.push(machine);
    const { pages } = machine.system;
    const inUse = () => Array.from({ length: pages.pages }, (_, pfn) => pfn).find((pfn) => pages.refs(pfn) > 0);
    while (inUse() === undefined) machine.step();
    pages.setType(inUse()!, PAGE_TYPE.slab, 1);
    machine.run();
  };

  it('decides how a page of unknown type is freed', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    expect(() => runDisturbed('allocator-hook')).toThrow(expect.objectContaining({ code: 'ERR_WRONG_KIND' }));
    expect(warn).not.toHaveBeenCalled();
    expect(() => runDisturbed('typed-folio')).toThrow(/^pages leaked: 1 instead of 0/);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});

describe('System.layout', () => {
  it('holds all memory of the machine', () => {
    const { layout, systemPages, pages } = smallSystem();
    expect(systemPages.freePages * PAGE_SIZE).toBe(layout.systemBytes);
    expect(pages.pages * PAGE_SIZE).toBe(layout.bytes);
  });
});
