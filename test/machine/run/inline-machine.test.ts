import { afterEach, describe, expect, it } from '@jest/globals';
import { DESIGN_NAMES, type DesignName } from '../../../lib/designs/designs.js';
import { COMPLETION_MODES } from '../../../lib/dma/completion-modes.js';
import { type MachineOptions, machineConfig, mergeOptions } from '../../../lib/machine/build/config.js';
import { assertBalanced } from '../../../lib/machine/check/balance.js';
import { InlineMachine } from '../../../lib/machine/run/inline-machine.js';
import { CopyList } from '../../../lib/memory/copy-list.js';
import { FAILING_INLINE, INCOMPLETE_RESULTS } from '../../designs/fixtures/failing-designs.js';
import { WAYS } from '../../designs/fixtures/ways.js';
import { testCpu } from '../../smp/fixtures/cpus.js';
import { largePagesOf } from '../fixtures/large-pages.js';

let machine: InlineMachine | undefined;

function machineOf(given: MachineOptions): InlineMachine {
  const small = {
    sockets: { sendBufferBytes: 1 << 19, messagesPerSender: 40, userBufferBytes: 1 << 18 },
    slotPool: { bytes: 4 << 20 },
    checking: { everyByte: true },
  };
  machine = new InlineMachine(machineConfig({ cpus: { copyKernel: 0 } }, small, given));
  return machine;
}

afterEach(() => machine?.close());

describe('InlineMachine', () => {
  it.each(WAYS)('runs $design with $freeDispatch to the end, after which all memory is free again', (way) => {
    const { system } = machineOf(
      mergeOptions(way, { cpus: { count: 2 }, sockets: { senders: 3 }, devices: { queues: 2 } }),
    );
    const free = system.systemPages.freePages;
    machine!.run();
    const sent = [0, 1, 2].map((socket) => system.sockets.sentBytes(socket));
    expect(sent).toEqual([40, 40, 40].map((messages) => messages * 65536));
    expect([0, 1, 2].map((socket) => system.peers.receivedBytes(socket))).toEqual(sent);
    const { freePages } = system.systemPages;
    expect({ used: system.swiotlb.used(), freePages }).toEqual({ used: 0, freePages: free });
    expect(system.isDrained()).toBe(true);
  });

  it('loses nothing where the slot pool is far too small for the data in flight', () => {
    const { system } = machineOf({
      design: 'bounce',
      sockets: { sendBufferBytes: 8 << 20, senders: 4 },
      slotPool: { bytes: 1 << 20 },
      devices: { interruptFrames: 64 },
    });
    machine!.run();
    expect(system.peers.receivedBytes(3)).toBe(40 * 65536);
  });

  const grown = DESIGN_NAMES.flatMap((design) =>
    (['pools', 'per-mapping'] as const).flatMap((growth) =>
      COMPLETION_MODES.map((device) => ({ design, growth, device })),
    ),
  );

  it.each(grown)(
    'grows bounce memory where it is too small: $design, $growth, device $device',
    ({ design, growth, device }) => {
      // A message is larger than the slot pool, and no part of it is completed before all of it is sent.
      const large = {
        sockets: {
          messageBytes: 2 << 20,
          userBufferBytes: 2 << 20,
          sendBufferBytes: 4 << 20,
          smallQueueBytes: 4 << 20,
          messagesPerSender: 4,
        },
      };
      const few = mergeOptions(large, {
        cpus: { count: 2 },
        sockets: { senders: 3 },
        slotPool: { bytes: 1 << 20, growthBytes: 64 << 20 },
        devices: { queues: 2, lineBitsPerSecond: 1e12 },
      });
      const { system } = machineOf(
        mergeOptions(few, largePagesOf(design), {
          design,
          slotPool: { growth },
          devices: { completion: device, byteQueueLimits: false },
        }),
      );
      machine!.run(); // checked by the device, and balanced
      expect([0, 1, 2].map((socket) => system.peers.receivedBytes(socket))).toEqual([8 << 20, 8 << 20, 8 << 20]);
      const { bounceCopies, holdsSlots } = system.design.promises;
      const bounces = bounceCopies === 1 || holdsSlots;
      const { pools, perMapping } = system.swiotlb;
      const failures = system.queues.reduce((sum, queue) => sum + queue.counter('mapFailures'), 0);
      // A header is too small for a buffer, and pages leave few slots.
      if (growth === 'pools' || !system.design.promises.holdsSlots) expect(failures).toBe(0);
      if (growth === 'pools') {
        const seen = { added: system.swiotlb.listed().length > 1, transient: pools!.transientsMade > 0 };
        expect(seen).toEqual({ added: bounces, transient: bounces });
      } else {
        expect(perMapping!.hasBuffers({ minAlignMask: 0, segmentBoundaryMask: Infinity })).toBe(false);
      }
    },
  );

  it('goes on with the memory it has when there is none to grow by', () => {
    const small = {
      sockets: { sendBufferBytes: 8 << 20, senders: 4 },
      slotPool: { bytes: 1 << 20 },
      devices: { interruptFrames: 64 },
    };
    const { system } = machineOf(
      mergeOptions(small, { design: 'bounce', slotPool: { growth: 'pools', growthBytes: 1 << 20 } }),
    );
    const taken: number[] = [];
    for (let at = 0; at < 256; at++) taken.push(system.growthBlocks!.alloc(testCpu(), 0, 2, false));
    expect(() => machine!.run()).toThrow(expect.objectContaining({ code: 'ERR_UNBALANCED' })); // what the test holds
    expect(system.peers.receivedBytes(3)).toBe(40 * 65536);
    const { transientsMade } = system.swiotlb.pools!;
    expect({ listed: system.swiotlb.listed().length, transientsMade }).toEqual({ listed: 1, transientsMade: 0 });
    for (const address of taken) system.growthBlocks!.free(testCpu(), address, 0);
    assertBalanced(system);
  });

  it('stops a full ring, and wakes it', () => {
    const slow = {
      cpus: { count: 2 },
      sockets: { senders: 4 },
      devices: { completion: 'line-rate', lineBitsPerSecond: 2e8 },
    } as const;
    const { system } = machineOf(mergeOptions(slow, { devices: { ringDescriptors: 64, byteQueueLimits: false } }));
    machine!.run();
    expect(system.queues[0]!.counter('stops')).toBeGreaterThan(0);
    expect(system.queues[0]!.byteQueueLimit.stops).toBe(0);
  });

  it('stops a queue at its byte queue limit, long before its ring is full', () => {
    const { system } = machineOf({
      cpus: { count: 2 },
      sockets: { senders: 4 },
      devices: { completion: 'line-rate', lineBitsPerSecond: 2e8 },
    });
    machine!.run();
    const [queue] = system.queues;
    expect({ stops: queue!.counter('stops'), inFlight: queue!.byteQueueLimit.inFlight }).toEqual({
      stops: 0,
      inFlight: 0,
    });
    expect(system.queues[0]!.byteQueueLimit.stops).toBeGreaterThan(0);
  });

  it('throws when data would never arrive, instead of stepping for ever', () => {
    const { system } = machineOf({ devices: { completion: 'line-rate', lineBitsPerSecond: 1 } });
    const unserved = () => machine!.run();
    system.cpus.isDraining = () => false; // a line of one bit per second takes its time even at the end
    expect(unserved).toThrow(expect.objectContaining({ code: 'ERR_NEVER_ARRIVES' }));
  });

  it('refuses to run once it is closed, also after it has run', () => {
    machineOf({ sockets: { messagesPerSender: 1 } });
    machine!.run();
    machine!.close();
    expect(() => machine!.run()).toThrow(expect.objectContaining({ code: 'ERR_REGION_CLOSED' }));
  });

  it('refuses to run senders that never finish, before they send anything', () => {
    const { system } = machineOf({ sockets: { messagesPerSender: Infinity } });
    expect(() => machine!.run()).toThrow(
      expect.objectContaining({
        code: 'ERR_OUT_OF_RANGE',
        message: expect.stringMatching(/^sockets\.messagesPerSender .* not Infinity/),
      }),
    );
    expect(system.sentBytes()).toBe(0);
    for (let turn = 0; turn < 20; turn++) machine!.step();
    machine!.drain(); // which such machines end by
    expect(system.sentBytes()).toBeGreaterThan(0);
  });

  it('lets time pass when no CPU has work, so that timers expire', () => {
    machineOf({ sockets: { messagesPerSender: 0 } });
    const list = CopyList.ofThisThread();
    const before = list.now;
    expect(machine!.step()).toBe(false);
    expect(list.now).toBeGreaterThan(before);
  });

  it('throws when something was lost', () => {
    const { system } = machineOf({});
    machine!.run();
    const device = { minAlignMask: 0, segmentBoundaryMask: Infinity };
    const mapped = system.swiotlb.alloc(testCpu(), device, 4096, 100, 0);
    expect(mapped).toBeGreaterThan(0);
    expect(() => assertBalanced(system)).toThrow(expect.objectContaining({ code: 'ERR_UNBALANCED' }));
  });
});

describe('InlineMachine with a design of ones own', () => {
  const failed = (message: RegExp) =>
    expect.objectContaining({ name: 'CopytaxError', code: 'ERR_DESIGN', message: expect.stringMatching(message) });
  const play = (design: DesignName) => {
    machineOf({ design });
    machine!.run();
  };

  it.each(Object.entries(FAILING_INLINE))('names the design and its file when it fails %s', (_where, design) => {
    const message = `^the design '${design}' of failing-designs\\.js failed: RangeError: on purpose`;
    expect(() => play(design)).toThrow(failed(new RegExp(message)));
  });

  it.each(Object.entries(INCOMPLETE_RESULTS))('says that %s', (message, design) => {
    const text = `the design '${design}': ${message}`;
    expect(() => play(design)).toThrow(expect.objectContaining({ code: 'ERR_DESIGN', message: text }));
  });
});
