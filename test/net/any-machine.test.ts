/** Random machines: no byte is lost, no machine stalls, and the device reads what was sent. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DESIGN_NAMES, DESIGNS, designOf } from '../../lib/designs/designs.js';
import { type MachineOptions, machineConfig, mergeOptions } from '../../lib/machine/build/config.js';
import { InlineMachine } from '../../lib/machine/run/inline-machine.js';
import { copyKernelIndex } from '../../lib/memory/copy-kernels.js';
import { HEADER_BYTES } from '../../lib/net/skb.js';
import { machines } from './fixtures/machines.js';

const kernel = copyKernelIndex('libc');

/** Values that are written to the percentage, each after N further steps. */
type Schedule = readonly { readonly steps: number; readonly percent: number }[];

function runs(given: MachineOptions, schedule: Schedule = []): InlineMachine {
  const config = machineConfig({ cpus: { copyKernel: kernel }, checking: { everyByte: true } }, given);
  const machine = new InlineMachine(config);
  try {
    const { copyLedger } = machine.system;
    const sent = config.sockets.senders * config.sockets.messagesPerSender * config.sockets.messageBytes;
    let at = 0;
    const changes = schedule.map(({ steps, percent }) => {
      at += steps;
      return { at, percent };
    });
    for (let step = 0; changes.length > 0; step++) {
      machine.step();
      if (step < changes[0]!.at) continue;
      const { percent } = changes.shift()!;
      machine.system.devices.percentLimit.percent = Math.min(percent, config.slotPool.pagePercent); // which I11 knows
    }
    machine.run();
    const { forceBounce, promises } = designOf(config.design);
    const skbs = copyLedger.sum('deviceRead').copies;
    if (promises.userCopies === 1) expect(copyLedger.sum('user').bytes).toBe(sent);
    const { peers } = machine.system;
    const senders = Array.from({ length: config.sockets.senders }, (_, socket) => socket);
    const carried = senders.reduce((sum, socket) => sum + peers.carriedBytes(socket), 0);
    expect(copyLedger.sum('deviceRead').bytes).toBe(carried + skbs * HEADER_BYTES);
    expect(carried).toBeGreaterThanOrEqual(sent);
    const isOnceEach = senders.every((socket) => peers.lostSkbs(socket) + peers.repeats(socket) === 0);
    if (isOnceEach) expect(carried).toBe(sent);
    // A slot pool that is too small leaves senders ordinary pages, which are bounced.
    const [headers, bounced] = [copyLedger.sum('header').bytes, copyLedger.sum('bounce').bytes];
    const isAllBounced = forceBounce && config.devices.direct === 0;
    expect(headers).toBeGreaterThanOrEqual(isAllBounced ? skbs * HEADER_BYTES : 0);
    expect(headers).toBeLessThanOrEqual(forceBounce ? skbs * HEADER_BYTES : 0);
    expect(bounced).toBeGreaterThanOrEqual(isAllBounced ? carried * promises.bounceCopies : 0);
    expect(bounced).toBeLessThanOrEqual(forceBounce ? carried : 0);
    return machine;
  } finally {
    machine.close();
  }
}

const schedules = fc.array(fc.record({ steps: fc.nat(60), percent: fc.integer({ min: 0, max: 90 }) }), {
  maxLength: 12,
});

describe('any machine', () => {
  it('delivers every byte', () => {
    fc.assert(
      fc.property(machines, schedules, (given, schedule) => {
        runs(given, schedule);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 30_000 },
    );
  });
});

describe.each(DESIGN_NAMES)('a machine of design %s', (design) => {
  const base = { design, cpus: { count: 2 }, sockets: { senders: 3, messagesPerSender: 40 } };

  it('sends through the smallest send buffer', () => {
    runs(mergeOptions(base, { sockets: { sendBufferBytes: 4096, messageBytes: 65536, userBufferBytes: 1 << 20 } }));
    runs(mergeOptions(base, { sockets: { sendBufferBytes: 4096, messageBytes: 100, userBufferBytes: 1 << 20 } }));
  });

  it('sends more than the smallest slot pool holds, and loses nothing when mappings fail', () => {
    const small = {
      slotPool: { bytes: 1 << 20 },
      devices: { ringDescriptors: 1024, byteQueueLimits: false, completion: 'read' },
    } as const;
    const { queues, swiotlb } = runs(
      mergeOptions(base, small, { sockets: { sendBufferBytes: 4 << 20, smallQueueBytes: 8 << 20 } }),
    ).system;
    const { bounceCopies, holdsSlots } = DESIGNS[design].promises;
    expect(queues[0]!.counter('mapFailures') > 0).toBe(bounceCopies === 1 || holdsSlots);
    expect(swiotlb.used()).toBe(0);
  });

  it('stops and wakes the smallest ring', () => {
    const { queues } = runs(
      mergeOptions(base, {
        sockets: { smallQueueBytes: 8 << 20 },
        devices: { ringDescriptors: 64, byteQueueLimits: false, completion: 'read' },
      }),
    ).system;
    expect(queues[0]!.counter('stops')).toBeGreaterThan(0);
    expect(queues[0]!.ring.isStopped()).toBe(false);
  });

  it('lets one runner transmit for all senders', () => {
    runs(mergeOptions(base, { cpus: { count: 5 }, sockets: { senders: 5, messageBytes: 3000 } }));
    runs(
      mergeOptions(base, {
        cpus: { count: 5 },
        sockets: { senders: 5, messageBytes: 3000 },
        devices: { qdisc: 'none' },
      }),
    );
  });
});
