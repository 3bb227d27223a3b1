import { afterEach, describe, expect, it } from '@jest/globals';
import { FREE_DISPATCHES } from '../../../lib/designs/design.js';
import { type MachineOptions, machineConfig } from '../../../lib/machine/build/config.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { FREE_COUNTERS } from '../../../lib/page/free-counters.js';
import { PAGE_TYPE } from '../../../lib/page/page-type.js';

let machine: InlineMachine | undefined;
afterEach(() => machine?.close());

function machineOf(given: MachineOptions): InlineMachine {
  const small = {
    sockets: { sendBufferBytes: 1 << 19, messagesPerSender: 40, userBufferBytes: 1 << 18 },
    slotPool: { bytes: 4 << 20 },
  };
  machine = new InlineMachine(
    machineConfig({ cpus: { copyKernel: 0 } }, small, { cpus: { count: 2 }, sockets: { senders: 3 } }, given),
  );
  return machine;
}

/** Steps until a bounce page is in use, and returns it. */
function untilBouncePage({ system, step }: Pick<InlineMachine, 'system' | 'step'>): number {
  const { pages } = system;
  for (;;) {
    for (let pfn = 0; pfn < pages.pages; pfn++) if (pages.hasType(pfn, PAGE_TYPE.zeroCopySwiotlb)) return pfn;
    step();
  }
}

describe.each(FREE_DISPATCHES)('freeing by %s', (freeDispatch) => {
  it('counts every block of a healthy machine with counter 3 or 7, for skbs with one fragment and with several', () => {
    const { system } = machineOf({ design: 'bounce-pages', freeDispatch, sockets: { messageBytes: 20_000 } });
    machine!.run();
    const { counters, leaked } = system.freeing;
    expect(counters.allocated).toBeGreaterThan(50);
    for (let index = 0; index < FREE_COUNTERS; index++) expect(counters.of(index) > 0).toBe(index === 3 || index === 7);
    expect({ freed: counters.freed, leaked: leaked.count }).toEqual({ freed: counters.allocated, leaked: 0 });
  });

  it.each(['direct', 'bounce'] as const)('counts nothing in a machine of design %s', (design) => {
    const { system } = machineOf({ design, freeDispatch });
    machine!.run();
    const { allocated, freed } = system.freeing.counters;
    expect({ allocated, freed }).toEqual({ allocated: 0, freed: 0 });
  });

  it('stops a machine whose block has lost its device, before the memory is used again', () => {
    const { system } = machineOf({ design: 'bounce-pages', freeDispatch, sockets: { messagesPerSender: 100 } });
    const pfn = untilBouncePage({ system, step: () => machine!.step() });
    const { pages, swiotlb } = system;
    const slots = 2 << pages.order(pfn);
    pages.clearType(pfn, PAGE_TYPE.zeroCopySwiotlb);
    pages.setType(pfn, PAGE_TYPE.zeroCopySwiotlb, 0);
    expect(() => machine!.run()).toThrow(expect.objectContaining({ code: 'ERR_WRONG_KIND' }));
    const { counters } = system.freeing;
    const [withoutDevice, withoutPool] = [counters.of(0) + counters.of(4), counters.of(1) + counters.of(5)];
    expect({ withoutDevice, withoutPool }).toEqual({ withoutDevice: 1, withoutPool: 0 });
    const slot = swiotlb.pool.slotOf(pfn * 4096);
    for (let at = slot; at < slot + slots; at++) expect(swiotlb.pool.table.isFree(at)).toBe(false);
  });
});
