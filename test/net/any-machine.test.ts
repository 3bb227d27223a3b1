/** Machines that nobody would build: nothing is lost, nothing stalls, and the device reads what was sent. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEVICE_MODES } from '../../lib/dma/device-engine.js';
import { type MachineConfig, machineConfig } from '../../lib/host/config.js';
import { InlineMachine } from '../../lib/host/inline-machine.js';
import { kernelIndex } from '../../lib/memory/kernels.js';
import { DESIGN_NAMES, DESIGNS } from '../../lib/net/designs.js';
import { HEADER_BYTES } from '../../lib/net/skb.js';

const kernel = kernelIndex('libc');
const powers = (low: number, high: number) => fc.integer({ min: low, max: high }).map((exponent) => 2 ** exponent);

const MANY_STEPS = 300_000; // several times what the slowest takes: a stall that looks busy ends, too

const machines = fc
  .record({
    design: fc.constantFrom(...DESIGN_NAMES),
    cpus: fc.integer({ min: 1, max: 5 }),
    senders: fc.integer({ min: 1, max: 6 }),
    queues: fc.integer({ min: 1, max: 4 }),
    message: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 300_000 }), powers(0, 18)),
    window: fc.oneof(fc.integer({ min: 4096, max: 100_000 }), fc.integer({ min: 4096, max: 3 << 20 })),
    pool: powers(20, 22),
    percent: fc.integer({ min: 0, max: 90 }),
    ackDelayNs: fc.constantFrom(0, 0, 1, 5000, 200_000),
    smallQueue: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 2 << 20 })),
    ring: powers(6, 9),
    qdisc: fc.constantFrom('fifo' as const, 'none' as const),
    device: fc.constantFrom(...DEVICE_MODES),
    interruptFrames: fc.constantFrom(1, 2, 8, 64, 1024),
    lineRate: fc.constantFrom(1e9, 100e9, 1e12),
    userOffset: fc.integer({ min: 0, max: 130 }),
  })
  .map((given) => ({
    ...given,
    messagesPerSender: Math.max(1, Math.min(60, Math.floor(1_000_000 / given.message))),
    userBytes: given.message + given.userOffset + 10_000,
  }));

function runs(given: Partial<MachineConfig>): InlineMachine {
  const config = machineConfig({ ...given, kernel, check: true });
  const machine = new InlineMachine(config);
  try {
    const { ledger, sockets } = machine.system;
    const sent = config.senders * config.messagesPerSender * config.message;
    const taken = () => Array.from({ length: config.senders }, (_, socket) => sockets.sentBytes(socket));
    for (let step = 0; taken().reduce((sum, bytes) => sum + bytes) < sent; step++) {
      if (step === MANY_STEPS) throw new Error(`after ${step} steps ${taken()} of ${sent} bytes are sent`);
      machine.step();
    }
    machine.run();
    const { forceBounce, payloadCopies } = DESIGNS[config.design];
    const skbs = ledger.sum('deviceRead').copies;
    expect(ledger.sum('user').bytes).toBe(sent);
    expect(ledger.sum('deviceRead').bytes).toBe(sent + skbs * HEADER_BYTES);
    expect(ledger.sum('header').bytes).toBe(forceBounce ? skbs * HEADER_BYTES : 0);
    // A pool that is too small for its users gives them ordinary pages, which are bounced.
    const bounced = ledger.sum('bounce').bytes;
    expect(bounced).toBeGreaterThanOrEqual(sent * (payloadCopies - 1));
    expect(bounced).toBeLessThanOrEqual(forceBounce ? sent : 0);
    return machine;
  } finally {
    machine.close();
  }
}

describe('any machine', () => {
  it('delivers everything', () => {
    fc.assert(
      fc.property(machines, (given) => {
        runs(given);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 30_000 },
    );
  });
});

describe.each(DESIGN_NAMES)('%s', (design) => {
  const base = { design, senders: 3, cpus: 2, messagesPerSender: 40 };

  it('sends through the smallest window', () => {
    runs({ ...base, window: 4096, message: 65536, userBytes: 1 << 20 });
    runs({ ...base, window: 4096, message: 100, userBytes: 1 << 20 });
  });

  it('sends more than the smallest pool holds, and no mapping that fails loses anything', () => {
    const small = { pool: 1 << 20, ring: 1024, device: 'read' } as const;
    const { queues, swiotlb } = runs({ ...base, ...small, window: 4 << 20, smallQueue: 8 << 20 }).system;
    expect(queues[0]!.counter('mapFailures') > 0).toBe(design !== 'direct');
    expect(swiotlb.used()).toBe(0);
  });

  it('stops the smallest ring and wakes it', () => {
    const { queues } = runs({ ...base, ring: 64, device: 'read', smallQueue: 8 << 20 }).system;
    expect(queues[0]!.counter('stops')).toBeGreaterThan(0);
    expect(queues[0]!.ring.isStopped()).toBe(false);
  });

  it('lets one runner transmit for all', () => {
    runs({ ...base, cpus: 5, senders: 5, message: 3000 });
    runs({ ...base, cpus: 5, senders: 5, message: 3000, qdisc: 'none' });
  });
});
